/** Work that nobody waits for, until meshbot stops: then it is waited for. */
import type { Log } from '../ports.ts';

export interface Background {
  /** Never rejects; a failure is logged. */
  run(what: string, work: () => Promise<unknown>): void;
  /** Resolves when nothing is under way. From then on nobody waits for another try: see `ending`. */
  idle(): Promise<void>;
  /** Aborted once `idle` was called: what only waits to try again gives up. */
  readonly ending: AbortSignal;
}

export function newBackground(log: Log): Background {
  const running = new Set<Promise<void>>();
  const ending = new AbortController();
  return {
    ending: ending.signal,
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
      ending.abort();
      while (running.size > 0) await Promise.all(running);
    },
  };
}
