/** Takes back, in reverse order, what a change wrote before one of its objects could not be written. */
import { type KubeObject, LAST_APPLIED } from '../object.ts';
import { ClusterError, type Write } from '../ports.ts';
import { advance, type Context } from './context.ts';
import { sameContent } from './digest.ts';
import type { WrittenObject } from './meshchange.ts';
import type { Applying } from './phases.ts';
import { objectName, sentence } from './phrases.ts';

/** Ends in Stale or Failed as planned, or in Failed with every object named that could not be taken back. */
export async function backOut(context: Context, change: Applying): Promise<void> {
  const { plan, written, backingOut } = change.status;
  const left: { object: WrittenObject; why: string }[] = [];
  for (const object of [...written].reverse()) {
    const write = plan.writes[written.indexOf(object)];
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
  if (isAsBefore(write, found)) return undefined;
  const untouched = (found?.metadata.resourceVersion ?? '') === object.resourceVersion;
  if (!untouched) return 'somebody else changed it since';
  const inverse: Write = {
    ref: write.ref,
    ...(found && { before: found }),
    ...(write.before && { after: restored(write.before, found) }),
  };
  try {
    await context.cluster.write(inverse);
    return undefined;
  } catch (error) {
    if (!(error instanceof ClusterError) || error.kind === 'busy' || error.kind === 'unavailable') throw error;
    if (error.kind === 'invalid' || error.kind === 'forbidden') return error.message;
    return isAsBefore(write, await context.cluster.read(write.ref)) ? undefined : 'somebody else changed it since';
  }
}

/** Whether there is nothing (more) to take back: a killed replica may have done it already. */
function isAsBefore(write: Write, found: KubeObject | undefined): boolean {
  if (!write.before || !found) return !write.before && !found;
  const [was, is] = [write.before.metadata.annotations ?? {}, found.metadata.annotations ?? {}];
  const sameMarks = Object.keys({ ...was, ...is }).every(key => key === LAST_APPLIED || was[key] === is[key]);
  return sameMarks && sameContent(write.before, found);
}

/** As it was, without what only the cluster may say of an object; made anew, it gets a uid of its own. */
function restored(before: KubeObject, found: KubeObject | undefined): KubeObject {
  const {
    resourceVersion: _version,
    uid: _uid,
    generation: _generation,
    creationTimestamp: _at,
    annotations,
    ...meant
  } = before.metadata;
  // Watches leave it out, so it stays as it is.
  const applied = found?.metadata.annotations?.[LAST_APPLIED];
  const kept = { ...annotations, ...(applied !== undefined && { [LAST_APPLIED]: applied }) };
  const uid = found?.metadata.uid;
  return {
    ...before,
    metadata: {
      ...meant,
      ...(uid !== undefined && { uid }),
      ...(Object.keys(kept).length > 0 && { annotations: kept }),
    },
  };
}
