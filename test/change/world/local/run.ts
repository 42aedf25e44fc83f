/** Runs a share of the schedules. MESHBOT_SCHEDULES=n runs that many, MESHBOT_SEED=s begins with that seed. */
import { runSchedule } from './schedule.ts';

const SCHEDULES = Number(process.env.MESHBOT_SCHEDULES ?? 1_000);
const FIRST = Number(process.env.MESHBOT_SEED ?? 1);

/**
 * Every `of`th seed, from the `share`th on. Resolves to how many changes ended in each phase; throws with the seed of the
 * first schedule that broke a promise.
 */
export async function runShare(share: number, of: number): Promise<Map<string, number>> {
  const ends = new Map<string, number>();
  for (let seed = FIRST + share; seed < FIRST + SCHEDULES; seed += of) {
    try {
      for (const end of await runSchedule(seed)) ends.set(end, (ends.get(end) ?? 0) + 1);
    } catch (cause) {
      const again = `MESHBOT_SCHEDULES=1 MESHBOT_SEED=${seed} npx vitest run test/change/replicas`;
      throw new Error(`schedule ${seed} broke a promise: run it alone with ${again}`, { cause });
    }
  }
  // Schedules that never come to a write, or always do, would show nothing.
  const missing = ['Verified', 'Failed', 'Rejected', 'Refused', 'Reverted', 'Undone'].filter(
    end => (ends.get(end) ?? 0) <= 10,
  );
  if (SCHEDULES >= 1_000 && missing.length > 0) throw new Error(`hardly a change ended as ${missing.join(', ')}`);
  return ends;
}
