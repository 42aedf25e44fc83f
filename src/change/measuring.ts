/** The live request rates that a card is drawn with: read once when a change is planned, in bounded time, or not at all. */

import type { Sender } from '../ports.ts';
import type { Context } from './context.ts';
import type { StoredPlan } from './meshchange.ts';

/** Seconds: a scrape every 15 to 30 s is in it some times over. */
const WINDOW = 120;
/** ms: a card waits no longer for a Prometheus. */
const PATIENCE = 1_000;

/** Requests/s to `host` by version, of one sender where one is named. undefined: nothing is known of it, or not in time. Never throws. */
export async function measuredRates(
  { metrics, clock, log }: Pick<Context, 'metrics' | 'clock' | 'log'>,
  host: string,
  sender?: Sender,
): Promise<StoredPlan['rates']> {
  if (!metrics) return undefined;
  const over = new AbortController();
  try {
    const asked = metrics.rateByVersion(host, WINDOW, sender);
    const late = clock.sleep(PATIENCE, over.signal).then(() => undefined);
    // The loser of the race may still fail: that is nobody's concern any more.
    asked.catch(() => undefined);
    const byVersion = await Promise.race([asked, late]);
    return byVersion && { byVersion, window: WINDOW, at: clock.now() };
  } catch (error) {
    log.info({ host, err: error }, 'no rates for the card');
    return undefined;
  } finally {
    over.abort();
  }
}
