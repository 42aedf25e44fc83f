/** Whether a change can be taken back: asked by its card, by its receipt, and by `undo` itself. */
import { type KubeObject, refKey } from '../object.ts';
import type { Write } from '../ports.ts';
import { mayBeLeft } from './course/step-writes.ts';
import type { MeshChange } from './meshchange.ts';
import { hasWritten, isTimed, statusOf, wasApplied } from './phases.ts';

/** Why it has nothing to take back, to follow its name; undefined: it has. */
export function whyNotUndone(change: MeshChange): string | undefined {
  const { phase, undoneBy } = statusOf(change);
  if (undoneBy !== undefined) return `${undoneBy} took it back already`;
  if (phase === 'Undone') return 'it was taken back already';
  if (phase === 'Applying') return 'it is being written: wait for it';
  if (phase === 'Progressing') return 'it is under way: press Abort on its card';
  if (phase === 'Reverting') return 'it is on its way back already';
  if (phase === 'Reverted') return 'it went back already';
  return hasWritten(change) ? undefined : `it is ${phase} and wrote nothing`;
}

/** Whether its messages offer that. What goes back by itself has buttons of its own. */
export function canBeUndone(change: MeshChange): boolean {
  const { phase, plan } = statusOf(change);
  const wrote = plan !== undefined && plan.writes.length > 0;
  return wrote && phase !== 'Lasting' && !isTimed(change) && whyNotUndone(change) === undefined;
}

/** A write as it was left: by steps, not all of them may be in the mesh, and of one that a dying replica made nobody knows. */
export interface Left extends Write {
  /** What it may have left instead of `after`. */
  or?: KubeObject;
}

/** What a change still has in the mesh of what it planned, in the order in which it was written. */
export function leftBy(change: MeshChange): Left[] {
  const { plan, progress, written } = statusOf(change);
  const has = new Set(written.map(({ ref }) => refKey(ref)));
  const isWhole = wasApplied(change);
  const step = isWhole ? (plan?.rollout?.steps.length ?? 1) - 1 : (progress?.step ?? 0);
  return (plan?.writes ?? []).flatMap(({ ref, before }) => {
    if (!plan || !(isWhole || has.has(refKey(ref)))) return [];
    const [after, or] = mayBeLeft(plan, ref, step);
    return [{ ref, ...(before && { before }), ...(after && { after }), ...(plan.rollout && or && { or }) }];
  });
}
