/** The real clock and the real random numbers. */
import { randomBytes } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import type { Clock, Random } from './ports.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await after(ms, undefined, signal ? { signal } : {});
    } catch (error) {
      // Aborted: whoever sleeps goes on at once and looks at its signal.
      if (!signal?.aborted) throw error;
    }
  },
};

export const systemRandom: Random = { hex: bytes => randomBytes(bytes).toString('hex') };
