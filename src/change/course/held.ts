/** How a step that is held is called, and how long it may be held. */
import type { SteppedPlan } from '../phases.ts';
import { percent } from '../phrases.ts';

/**
 * ms for which a step that is over its time waits for a judgement. Then it goes back: what nobody could vouch for for an
 * hour must not stay half done over night. Whoever wants to wait longer pauses it.
 */
export const PATIENCE = 3_600_000;

/** `2 of 4 (25 %)`. */
export function shareOf({ rollout: { steps } }: SteppedPlan, step: number): string {
  return `${step + 1} of ${steps.length} (${percent(steps[step]?.percent ?? 0)})`;
}
