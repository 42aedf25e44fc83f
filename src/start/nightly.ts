/** What is done once a night, in each replica, at an hour when nobody minds. */
import cron from 'node-cron';
import { type Shelf, sweep } from '../change/sweep.ts';
import type { Clock, Log } from '../ports.ts';

/** Not on the hour, when everything else runs too. */
const AT = '17 3 * * *';

export interface Nightly {
  stop(): Promise<void>;
}

/** `keep`: ms that ended changes are kept. */
export function startNightly(shelf: Shelf, keep: number, clock: Clock, log: Log): Nightly {
  const task = cron.schedule(AT, async () => {
    const removed = await sweep(shelf, clock.now(), keep, log);
    if (removed > 0) log.info({ removed }, 'old changes removed');
  });
  return {
    async stop() {
      await task.destroy();
    },
  };
}
