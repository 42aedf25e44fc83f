/** The writes of each step of a plan, and of the way back from it. Pure: all of it follows from what was approved. */
import { type KubeObject, LAST_APPLIED, type ObjectRef, refKey, refOf } from '../../object.ts';
import type { Plan, Rollout } from '../../plan.ts';
import type { Write } from '../../ports.ts';
import { sameContent } from '../digest.ts';
import { CHANGE_ANNOTATION } from '../meshchange.ts';

type Planned = Pick<Plan, 'writes' | 'rollout'>;

/** What is written as soon as the plan is approved: its first step, or all of it. */
export function firstWrites(plan: Planned): Write[] {
  return plan.rollout ? stepWrites({ ...plan, rollout: plan.rollout }, 0) : plan.writes;
}

/** The writes of one step, in order, each from what the step before left. */
export function stepWrites(plan: Planned & { rollout: Rollout }, step: number): Write[] {
  return (plan.rollout.steps[step]?.objects ?? []).map(after => {
    const ref = refOf(after);
    const before = objectAt(plan, ref, step - 1);
    return { ref, ...(before && { before }), after };
  });
}

/** An object as it is once `step` is written; -1: as it was before the change. undefined: it is not there. */
export function objectAt(plan: Planned, ref: ObjectRef, step: number): KubeObject | undefined {
  const key = refKey(ref);
  const isIt = (object: KubeObject) => refKey(refOf(object)) === key;
  for (let at = step; at >= 0; at--) {
    const found = plan.rollout?.steps[at]?.objects.find(isIt);
    if (found) return found;
  }
  const write = plan.writes.find(each => refKey(each.ref) === key);
  return plan.rollout || step < 0 ? write?.before : write?.after;
}

/**
 * What this change itself may have left of an object while `step` is on record: that step, or the one after it, whose
 * record a dying replica lost. An older step is what somebody went back to.
 */
export function mayBeLeft(plan: Planned, ref: ObjectRef, step: number): KubeObject[] {
  return [objectAt(plan, ref, step), objectAt(plan, ref, step + 1)].filter(object => object !== undefined);
}

/** The write that makes an object what it was before the change. `found`: as it is now; '' in `version`: not there. */
export function inverseOf(ref: ObjectRef, before: KubeObject | undefined, found: KubeObject | undefined): Write {
  return { ref, ...(found && { before: found }), ...(before && { after: restored(before, found) }) };
}

/** As it was, without what only the cluster may say of an object; made anew, it gets a uid of its own. */
function restored(before: KubeObject, found: KubeObject | undefined): KubeObject {
  const {
    resourceVersion: _version,
    uid: _uid,
    generation: _generation,
    creationTimestamp: _at,
    annotations,
    ...meant
  } = before.metadata;
  // Watches leave it out, so it stays as it is.
  const applied = found?.metadata.annotations?.[LAST_APPLIED];
  const kept = { ...annotations, ...(applied !== undefined && { [LAST_APPLIED]: applied }) };
  const uid = found?.metadata.uid;
  return {
    ...before,
    metadata: {
      ...meant,
      ...(uid !== undefined && { uid }),
      ...(Object.keys(kept).length > 0 && { annotations: kept }),
    },
  };
}

/** Whether there is nothing (more) to take back: a killed replica may have done it already. Others' notes beside it stay. */
export function isAsBefore(before: KubeObject | undefined, found: KubeObject | undefined): boolean {
  if (!before || !found) return !before && !found;
  return markOf(before) === markOf(found) && sameContent(before, found);
}

function markOf({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.[CHANGE_ANNOTATION];
}

/** Whether an object is still what this change wrote, but for what the cluster or others keep in metadata and status. */
export function isOurs(change: string, written: KubeObject | undefined, found: KubeObject | undefined): boolean {
  if (!written || !found) return false;
  return markOf(found) === change && sameContent(written, found);
}
