/** What is done once a night, in each replica, at an hour when nobody minds. */
import cron from 'node-cron';
import { removeExpired } from '../change/freeze-sweep.ts';
import { type Shelf, sweep } from '../change/sweep.ts';
import type { Clock, Log, RecordStore } from '../ports.ts';
import type { MeshFreeze } from '../records/mesh-freeze.ts';

/** Not on the hour, when everything else runs too. */
const AT = '17 3 * * *';

export interface Nightly {
  stop(): Promise<void>;
}

interface Shelves {
  changes: Shelf;
  freezes: RecordStore<MeshFreeze>;
}

/** `keep`: ms that ended changes are kept. */
export function startNightly({ changes, freezes }: Shelves, keep: number, clock: Clock, log: Log): Nightly {
  const task = cron.schedule(AT, async () => {
    const removed = await sweep(changes, clock.now(), keep, log);
    if (removed > 0) log.info({ removed }, 'old changes removed');
    const thawed = await removeExpired(freezes, clock.now(), log);
    if (thawed > 0) log.info({ removed: thawed }, 'freezes that are over removed');
  });
  return {
    async stop() {
      await task.destroy();
    },
  };
}
