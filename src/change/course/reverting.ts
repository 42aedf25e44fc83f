/** Takes back what a change has in the mesh, object by object in reverse order, as its approved plan says it was. */
import { type ObjectRef, refKey } from '../../object.ts';
import type { ClusterError } from '../../ports.ts';
import { advance, type Context } from '../context.ts';
import { digestOf } from '../digest.ts';
import { markedObject } from '../marking.ts';
import type { WrittenObject } from '../meshchange.ts';
import type { Reverting } from '../phases.ts';
import { sentence } from '../phrases.ts';
import { inverseOf, isAsBefore, isOurs, mayBeLeft, objectAt } from './step-writes.ts';
import { told } from './transitions.ts';
import { say, tryWrite, unable } from './trying.ts';
import type { Rewritten, Wanted } from './writing.ts';

/**
 * Ends as Reverted, or as Failed with what is left in the mesh. Throws ClusterError to be tried again: a right that is
 * missing is said, and waited for.
 */
export async function revert(context: Context, change: Reverting): Promise<void> {
  const { name } = change.metadata;
  const because = sentence(told(change.status).why ?? 'It was to go back');
  const began = context.clock.now();
  const left: { object: WrittenObject; why: string }[] = [];
  const forbidden: { ref: ObjectRef; error: ClusterError }[] = [];
  // Who can write the store must not write the mesh by it.
  const isApproved = digestOf(change.status.plan) === change.status.plan.digest;
  for (const object of change.status.written.toReversed()) {
    const outcome: Rewritten = isApproved
      ? await takeBack(context, change, object, `${because} Not taken back yet`)
      : { kind: 'refused', why: 'the stored plan is not the one that was approved' };
    if (outcome.kind === 'forbidden') forbidden.unshift({ ref: object.ref, error: outcome.error });
    else if (outcome.kind !== 'written') left.unshift({ object, why: outcome.why });
  }
  const [first] = forbidden;
  if (first) {
    // Whoever can grant it ends this; nobody else takes back what only this change knows of.
    await say(context, name, `${because} Not taken back yet: ${unable(first, first.error)}`);
    throw first.error;
  }
  context.observer?.step?.('apply', context.clock.now() - began, left.length === 0);
  if (left.length === 0) {
    await advance(context, name, { type: 'reverted' });
    return;
  }
  context.log.error({ change_id: name, left: left.map(({ object }) => refKey(object.ref)) }, 'not taken back');
  const whys = left.map(({ why }) => why).join('; ');
  const message = `${because} Not taken back: ${whys}. What is there now was left as it is: ${nextStep(left)}`;
  await advance(context, name, { type: 'failed', message, written: left.map(({ object }) => object) });
}

/** For whoever reads that it could not be taken back. */
function nextStep(left: { object: WrittenObject }[]): string {
  const looks = left.map(({ object: { ref } }) => `kubectl -n ${ref.namespace} get ${ref.kind} ${ref.name} -o yaml`);
  return `look at it (${looks.join('; ')}), then press Undo, or shift to what you want`;
}

function takeBack(context: Context, change: Reverting, object: WrittenObject, not: string): Promise<Rewritten> {
  const { metadata, status } = change;
  const { ref, resourceVersion } = object;
  const { plan, progress } = status;
  const before = objectAt(plan, ref, -1);
  const now = objectAt(plan, ref, progress?.step ?? 0);
  const left = now && markedObject(now, metadata.name);
  const { after: goal } = inverseOf(ref, before, left);
  const wanted: Wanted = {
    ref,
    left,
    version: resourceVersion,
    goal,
    isGoal: found => isAsBefore(before, found),
    isLeft: found =>
      left
        ? mayBeLeft(plan, ref, progress?.step ?? 0).some(each => isOurs(metadata.name, each, found))
        : found === undefined,
  };
  return tryWrite(context, change, wanted, not);
}
