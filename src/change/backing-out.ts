/** Takes back, in reverse order, what a change wrote before one of its objects could not be written. */
import type { KubeObject, ObjectRef } from '../object.ts';
import { ClusterError, type Write } from '../ports.ts';
import { advance, type Context } from './context.ts';
import { firstWrites, inverseOf, isAsBefore, isOurs } from './course/step-writes.ts';
import { say, tryWrite, unable } from './course/trying.ts';
import type { Wanted } from './course/writing.ts';
import { marked } from './marking.ts';
import type { WrittenObject } from './meshchange.ts';
import type { Applying } from './phases.ts';
import { objectName, sentence } from './phrases.ts';

/**
 * Ends in Stale or Failed as planned, or in Failed with every object named that could not be taken back. Throws ClusterError
 * to be tried again: a right that is missing is said, and waited for.
 */
export async function backOut(context: Context, change: Applying): Promise<void> {
  const { plan, written, backingOut } = change.status;
  const left: { object: WrittenObject; why: string }[] = [];
  let forbidden: { ref: ObjectRef; error: ClusterError } | undefined;
  for (const object of [...written].reverse()) {
    const write = firstWrites(plan)[written.indexOf(object)];
    const why = write ? await takeBack(context, change, write, object) : undefined;
    if (why instanceof ClusterError) forbidden = { ref: object.ref, error: why };
    else if (why !== undefined) left.unshift({ object, why });
  }
  const name = change.metadata.name;
  if (forbidden) {
    await say(context, name, `${NOT_YET}: ${unable(forbidden, forbidden.error)}`);
    throw forbidden.error;
  }
  if (left.length === 0) {
    await advance(context, name, { type: 'backed-out' });
    return;
  }
  const named = left.map(({ object, why }) => `${objectName(object.ref)} could not be taken back (${why})`).join('; ');
  context.log.error({ change_id: name, left: named }, 'change is partly written');
  const message = `${backingOut?.why.split(';')[0] ?? 'A later object could not be written'}. ${sentence(named)}`;
  await advance(context, name, { type: 'failed', message, written: left.map(({ object }) => object) });
}

const NOT_YET = 'What was written is not taken back yet';

/** Why it could not be, or not yet; undefined: it is as it was before. Throws ClusterError where that is not known yet. */
async function takeBack(
  context: Context,
  changing: Applying,
  write: Write,
  { resourceVersion }: WrittenObject,
): Promise<string | ClusterError | undefined> {
  const change = changing.metadata.name;
  const { ref, before } = write;
  const found = await context.cluster.read(ref);
  if (isAsBefore(before, found)) return undefined;
  // What a webhook made of the write is known by its version alone; what a controller says in the status is nobody's work.
  const left = found?.metadata.resourceVersion === resourceVersion ? found : marked(write, change).after;
  const isLeft = (now: KubeObject | undefined) => (left ? isOurs(change, left, now) : now === undefined);
  const theirs = 'somebody else changed it since';
  if (!isLeft(found)) return theirs;
  const wanted: Wanted = {
    ref,
    left,
    version: found?.metadata.resourceVersion ?? '',
    goal: inverseOf(ref, before, left).after,
    isGoal: now => isAsBefore(before, now),
    isLeft,
  };
  const outcome = await tryWrite(context, changing, wanted, NOT_YET);
  if (outcome.kind === 'written') return undefined;
  if (outcome.kind === 'forbidden') return outcome.error;
  return outcome.kind === 'refused' ? outcome.why : theirs;
}
