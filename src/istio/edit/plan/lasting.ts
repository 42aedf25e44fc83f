/** A plan that goes back by itself after a while. */
import { sayDuration } from '../../../duration.ts';
import type { Planning } from '../../../plan.ts';

/** ms. A proof takes some seconds, and people want to see what they did. */
export const SHORTEST = 10_000;
/** ms: a week. What is to stay longer is no exception any more. */
export const LONGEST = 7 * 86_400_000;

/** `ms` undefined: it stays, as planned. */
export function lasting(planning: Planning, ms: number | undefined): Planning {
  if (planning.kind !== 'plan' || ms === undefined) return planning;
  const { plan } = planning;
  const length = sayDuration(ms);
  return {
    kind: 'plan',
    plan: {
      ...plan,
      title: `${plan.title}, for ${length}`,
      lasts: ms,
      notes: [...plan.notes, `It goes back by itself ${length} after it is written, unless somebody says to keep it.`],
    },
  };
}
