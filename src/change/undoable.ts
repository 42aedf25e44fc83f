/** Whether a change can be taken back: asked by its card, by its receipt, and by `undo` itself. */
import type { MeshChange } from './meshchange.ts';
import { statusOf, wasApplied } from './phases.ts';

/** Why it has nothing to take back, to follow its name; undefined: it has. */
export function whyNotUndone(change: MeshChange): string | undefined {
  const { phase, undoneBy } = statusOf(change);
  if (undoneBy !== undefined) return `${undoneBy} took it back already`;
  if (phase === 'Undone') return 'it was taken back already';
  if (phase === 'Progressing') return 'it is under way: press Abort on its card';
  if (phase === 'Reverting') return 'it is on its way back already';
  if (phase === 'Reverted') return 'it went back already';
  return wasApplied(change) ? undefined : `it is ${phase} and wrote nothing`;
}

/** Whether its messages offer that. What goes back by itself has buttons of its own. */
export function canBeUndone(change: MeshChange): boolean {
  const { phase, plan } = statusOf(change);
  const wrote = plan !== undefined && plan.writes.length > 0;
  return wrote && phase !== 'Lasting' && whyNotUndone(change) === undefined;
}
