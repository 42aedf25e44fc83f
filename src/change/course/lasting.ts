/** The end of a change with a time limit: it goes back by itself, whichever replica is there to see the hour. */
import { sayDuration } from '../../duration.ts';
import { advance, type Context } from '../context.ts';
import { endsAt, isReverting, isTimed, type Timed } from '../phases.ts';
import { revert } from './reverting.ts';

/** ms past its hour for which a click that the chat cannot judge yet may hold it. */
export const GRACE = 3_000;

/** Takes it back, unless somebody decided otherwise meanwhile. Throws ClusterError to be tried again. */
export async function end(context: Context, change: Timed): Promise<void> {
  const why = `Its ${sayDuration(change.status.plan.lasts)} are over.`;
  const saved = await advance(context, change.metadata.name, now =>
    isTimed(now) && mayEnd(now, context.clock.now()) ? { type: 'reverting', why } : undefined,
  );
  if (saved && isReverting(saved)) await revert(context, saved);
}

/** A click that was stored in time comes first, if it is judged in time. */
function mayEnd({ status }: Timed, now: number): boolean {
  return status.decisions.every(({ verdict }) => verdict) || now >= (endsAt(status) ?? 0) + GRACE;
}
