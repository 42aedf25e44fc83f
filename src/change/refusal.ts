/** Why an event cannot happen to a change. */
import type { MeshChange } from './meshchange.ts';

export interface Refusal {
  /** Why it cannot be, for engineers. */
  refused: string;
}

export function isRefusal(outcome: MeshChange | Refusal): outcome is Refusal {
  return 'refused' in outcome;
}
