/** Old changes are thrown away: the cluster keeps custom resources for ever, and has no time limit of its own. */
import { ClusterError, type Log } from '../ports.ts';
import type { MeshChange } from './meshchange.ts';
import { enteredAt, isEnd, statusOf } from './phases.ts';

export interface Shelf {
  list(): MeshChange[];
  /** Only this very version. Throws ClusterError. */
  remove(change: MeshChange): Promise<void>;
}

/** Changes that came to their end more than `keep` ms ago. What has not ended stays, however old it is. */
function overdue(changes: MeshChange[], now: number, keep: number): MeshChange[] {
  return changes.filter(change => {
    const ended = isEnd(statusOf(change).phase) ? enteredAt(change) : undefined;
    return ended !== undefined && now - ended > keep;
  });
}

/** How many it threw away. Several replicas may sweep at once: each change goes once. */
export async function sweep(shelf: Shelf, now: number, keep: number, log: Log): Promise<number> {
  let removed = 0;
  for (const change of overdue(shelf.list(), now, keep)) {
    try {
      await shelf.remove(change);
      removed += 1;
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      if (error.kind === 'not-found' || error.kind === 'conflict') continue;
      log.warn({ change_id: change.metadata.name, err: error }, 'old change could not be removed');
      return removed;
    }
  }
  return removed;
}
