/** Takes back what a change has in the mesh, object by object in reverse order, as its approved plan says it was. */
import { refKey } from '../../object.ts';
import { advance, type Context } from '../context.ts';
import { digestOf } from '../digest.ts';
import { markedObject } from '../marking.ts';
import type { WrittenObject } from '../meshchange.ts';
import type { Reverting } from '../phases.ts';
import { sentence } from '../phrases.ts';
import { inverseOf, isAsBefore, isOurs, mayBeLeft, objectAt } from './step-writes.ts';
import { type Rewritten, rewrite } from './writing.ts';

/** Ends as Reverted, or as Failed with what is left in the mesh. Throws ClusterError to be tried again. */
export async function revert(context: Context, change: Reverting): Promise<void> {
  const { name } = change.metadata;
  const began = context.clock.now();
  const left: { object: WrittenObject; why: string }[] = [];
  // Who can write the store must not write the mesh by it.
  const isApproved = digestOf(change.status.plan) === change.status.plan.digest;
  for (const object of change.status.written.toReversed()) {
    const outcome: Rewritten = isApproved
      ? await takeBack(context, change, object)
      : { kind: 'refused', why: 'the stored plan is not the one that was approved' };
    if (outcome.kind !== 'written') left.unshift({ object, why: outcome.why });
  }
  context.observer?.step?.('apply', context.clock.now() - began, left.length === 0);
  if (left.length === 0) {
    await advance(context, name, { type: 'reverted' });
    return;
  }
  context.log.error({ change_id: name, left: left.map(({ object }) => refKey(object.ref)) }, 'not taken back');
  const because = change.status.message ?? 'It was to go back';
  const whys = left.map(({ why }) => why).join('; ');
  const message = `${sentence(because)} Not taken back: ${whys}. What is there now was left as it is`;
  await advance(context, name, { type: 'failed', message, written: left.map(({ object }) => object) });
}

function takeBack(context: Context, { metadata, status }: Reverting, object: WrittenObject): Promise<Rewritten> {
  const { ref, resourceVersion } = object;
  const { plan, progress } = status;
  const before = objectAt(plan, ref, -1);
  const now = objectAt(plan, ref, progress?.step ?? 0);
  const left = now && markedObject(now, metadata.name);
  const { after: goal } = inverseOf(ref, before, left);
  return rewrite(context, {
    ref,
    left,
    version: resourceVersion,
    goal,
    isGoal: found => isAsBefore(before, found),
    isLeft: found =>
      left
        ? mayBeLeft(plan, ref, progress?.step ?? 0).some(each => isOurs(metadata.name, each, found))
        : found === undefined,
  });
}
