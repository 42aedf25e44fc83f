/** Removes freezes whose time is over: they hold nothing any more. */
import { ClusterError, type Log, type RecordStore } from '../ports.ts';
import type { MeshFreeze } from '../records/mesh-freeze.ts';
import { isInForce } from './freezing.ts';

/** How many were removed. What cannot be removed is left for another night. `now` in epoch ms. */
export async function removeExpired(freezes: RecordStore<MeshFreeze>, now: number, log: Log): Promise<number> {
  let removed = 0;
  for (const freeze of freezes.list()) {
    if (freeze.metadata.deletionTimestamp !== undefined || isInForce(freeze, now)) continue;
    try {
      await freezes.remove(freeze);
      removed += 1;
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      // Another replica was first.
      if (error.kind === 'not-found' || error.kind === 'conflict') continue;
      log.warn({ freeze: freeze.metadata.name, err: error }, 'freeze that is over could not be removed');
      return removed;
    }
  }
  return removed;
}
