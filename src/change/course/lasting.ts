/** The end of a change with a time limit: it goes back by itself, whichever replica is there to see the hour. */
import { sayDuration } from '../../duration.ts';
import { advance, type Context } from '../context.ts';
import { isLasting, isReverting, type Lasting } from '../phases.ts';
import { revert } from './reverting.ts';

/** Takes it back, unless somebody decided otherwise meanwhile. Throws ClusterError to be tried again. */
export async function end(context: Context, change: Lasting): Promise<void> {
  const why = `Its ${sayDuration(change.status.plan.lasts)} are over.`;
  const saved = await advance(context, change.metadata.name, now =>
    // A click that was stored in time comes first.
    isLasting(now) && now.status.decisions.every(({ verdict }) => verdict) ? { type: 'reverting', why } : undefined,
  );
  if (saved && isReverting(saved)) await revert(context, saved);
}
