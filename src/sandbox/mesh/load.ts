/** A light load of page visits, so that rates and traces are alive. */
import type { Clock } from '../../ports.ts';

/** Sends `perSecond` visits a second, evenly spread, until the returned function is called. */
export function startLoad(clock: Clock, perSecond: number, visit: () => Promise<unknown>): () => void {
  const stopped = new AbortController();
  void run(clock, perSecond, visit, stopped.signal);
  return () => stopped.abort();
}

/** More visits at once than this mean that the page is slow: then it is spared. */
const MOST_AT_ONCE = 50;

async function run(
  clock: Clock,
  perSecond: number,
  visit: () => Promise<unknown>,
  stopped: AbortSignal,
): Promise<void> {
  let under = 0;
  while (!stopped.aborted) {
    await clock.sleep(1000 / perSecond, stopped);
    if (stopped.aborted || under >= MOST_AT_ONCE) continue;
    under += 1;
    // A visit that fails is counted by the mesh itself; the load goes on.
    void visit()
      .catch(() => undefined)
      .finally(() => {
        under -= 1;
      });
  }
}
