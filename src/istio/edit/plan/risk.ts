/** How careful people should be with a change of routes. */
import type { Risk } from '../../../plan.ts';

export interface Stakes {
  /** Some version without any requests before gets all of some match. */
  allToNew: boolean;
  /** Objects are created or deleted: the whole service is routed differently from then on. */
  creates: boolean;
  /** The changed route delays or aborts requests on purpose. */
  fault: boolean;
  /** The same object routes other hosts as well, or a check warns. */
  wide: boolean;
  /** Percent points that move. */
  points: number;
}

/**
 * high: a version that had nothing gets everything, or two of what makes it medium come together.
 * medium: objects are created or deleted, the route has a fault, other hosts are routed with it, or at least half of
 * the requests move.
 * low: all else.
 */
export function riskOf(stakes: Stakes): Risk {
  if (stakes.allToNew) return 'high';
  const reasons = [stakes.creates, stakes.fault, stakes.wide, stakes.points >= 50].filter(Boolean).length;
  return reasons >= 2 ? 'high' : reasons === 1 ? 'medium' : 'low';
}
