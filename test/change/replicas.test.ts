/**
 * Three replicas that are killed at any await, with lost answers, lagging watches, duplicate deliveries and outsiders'
 * edits, in seeded schedules. MESHBOT_SCHEDULES=n runs that many, MESHBOT_SEED=s begins with that seed.
 */
import { describe, expect, it } from 'vitest';
import { outcomes, runSchedule } from './world/chaos.ts';

const SCHEDULES = Number(process.env.MESHBOT_SCHEDULES ?? 1_000);
const FIRST = Number(process.env.MESHBOT_SEED ?? 1);

describe('replicas that are killed at any await', () => {
  it('write each approved change once, lose no command and post no card twice', async () => {
    const ends = new Map<string, number>();
    for (let seed = FIRST; seed < FIRST + SCHEDULES; seed++) {
      try {
        const town = await runSchedule(seed);
        for (const end of outcomes(town)) ends.set(end, (ends.get(end) ?? 0) + 1);
      } catch (error) {
        throw new Error(`schedule broke a promise: run it alone with MESHBOT_SCHEDULES=1 MESHBOT_SEED=${seed}`, {
          cause: error,
        });
      }
    }
    // Schedules that never come to a write, or always do, would show nothing.
    if (SCHEDULES >= 500) {
      for (const end of ['Verified', 'Failed', 'Rejected', 'Refused', 'Undone'])
        expect(ends.get(end)).toBeGreaterThan(10);
    }
  }, 600_000);
});
