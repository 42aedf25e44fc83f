/** Time in which a proof waits for nothing: it passes by sleeping, and by as much as a test says. */
import type { Clock } from '../../src/ports.ts';

export const START = 1_000_000;

export function passingTime(): { clock: Clock; now: () => number; pass(ms: number): void } {
  let now = START;
  const pass = (ms: number): void => {
    now += ms;
  };
  return { clock: { now: () => now, sleep: async ms => pass(ms) }, now: () => now, pass };
}
