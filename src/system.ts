/** The real clock and the real random numbers. */
import { randomBytes } from 'node:crypto';
import type { Clock, Random } from './ports.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  // Not node:timers/promises: that makes an error, with its stack, for each sleep that is cut short.
  sleep: (ms, signal) =>
    new Promise(resolve => {
      if (signal?.aborted) return resolve();
      const wake = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal?.addEventListener('abort', wake, { once: true });
    }),
};

export const systemRandom: Random = { hex: bytes => randomBytes(bytes).toString('hex') };
