/** Work that nobody waits for, until meshbot stops: then it is waited for. */
import type { Log } from '../ports.ts';

export interface Background {
  /** Never rejects; a failure is logged. */
  run(what: string, work: () => Promise<unknown>): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

export function newBackground(log: Log): Background {
  const running = new Set<Promise<void>>();
  return {
    run(what, work) {
      const job = (async () => {
        try {
          await work();
        } catch (error) {
          log.warn({ what, err: error }, 'work in the background failed');
        }
      })();
      running.add(job);
      void job.finally(() => running.delete(job));
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
