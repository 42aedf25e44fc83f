/** Takes back, in reverse order, what a change wrote before one of its objects could not be written. */
import { ClusterError, type Write } from '../ports.ts';
import { advance, type Context } from './context.ts';
import { firstWrites, inverseOf, isAsBefore } from './course/step-writes.ts';
import type { WrittenObject } from './meshchange.ts';
import type { Applying } from './phases.ts';
import { objectName, sentence } from './phrases.ts';

/** Ends in Stale or Failed as planned, or in Failed with every object named that could not be taken back. */
export async function backOut(context: Context, change: Applying): Promise<void> {
  const { plan, written, backingOut } = change.status;
  const left: { object: WrittenObject; why: string }[] = [];
  for (const object of [...written].reverse()) {
    const write = firstWrites(plan)[written.indexOf(object)];
    const why = write ? await takeBack(context, write, object) : undefined;
    if (why !== undefined) left.unshift({ object, why });
  }
  const name = change.metadata.name;
  if (left.length === 0) {
    await advance(context, name, { type: 'backed-out' });
    return;
  }
  const named = left.map(({ object, why }) => `${objectName(object.ref)} could not be taken back (${why})`).join('; ');
  context.log.error({ change_id: name, left: named }, 'change is partly written');
  const message = `${backingOut?.why.split(';')[0] ?? 'A later object could not be written'}. ${sentence(named)}`;
  await advance(context, name, { type: 'failed', message, written: left.map(({ object }) => object) });
}

/** Why it could not be; undefined: it is as it was before. Throws ClusterError where that is not known yet. */
async function takeBack(context: Context, write: Write, object: WrittenObject): Promise<string | undefined> {
  const found = await context.cluster.read(write.ref);
  if (isAsBefore(write.before, found)) return undefined;
  const untouched = (found?.metadata.resourceVersion ?? '') === object.resourceVersion;
  if (!untouched) return 'somebody else changed it since';
  try {
    await context.cluster.write(inverseOf(write.ref, write.before, found));
    return undefined;
  } catch (error) {
    if (!(error instanceof ClusterError) || error.kind === 'busy' || error.kind === 'unavailable') throw error;
    if (error.kind === 'invalid' || error.kind === 'forbidden') return error.message;
    return isAsBefore(write.before, await context.cluster.read(write.ref))
      ? undefined
      : 'somebody else changed it since';
  }
}
