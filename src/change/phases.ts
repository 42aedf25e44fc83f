/** Which phases are ends, and changes whose phase is known to the compiler: what is Planned has a plan. */
import type { Rollout } from '../plan.ts';
import type { ChangeStatus, MeshChange, Phase, StoredPlan } from './meshchange.ts';

export const PHASES = [
  'Requested',
  'Choosing',
  'Planned',
  'Stale',
  'Approved',
  'Applying',
  'Progressing',
  'Applied',
  'Lasting',
  'Reverting',
  'Verified',
  'Rejected',
  'Expired',
  'Refused',
  'Failed',
  'Reverted',
  'Undone',
] as const satisfies readonly Phase[];

const ENDS: ReadonlySet<Phase> = new Set<Phase>([
  'Verified',
  'Rejected',
  'Expired',
  'Refused',
  'Failed',
  'Reverted',
  'Undone',
]);

/** Nothing moves it on by itself any more. Verified and Failed can still become Undone. */
export function isEnd(phase: Phase): boolean {
  return ENDS.has(phase);
}

/** Some of it is in the mesh, and it is not over: nothing of its plan is to be decided any more. */
export function isUnderWay(phase: Phase): boolean {
  return phase === 'Progressing' || phase === 'Lasting' || phase === 'Reverting';
}

type At<P extends Phase, Has extends keyof ChangeStatus = never> = MeshChange & {
  status: ChangeStatus & { phase: P } & Required<Pick<ChangeStatus, Has>>;
};

export type Planned = At<'Planned', 'plan' | 'expiresAt'>;
export type Approved = At<'Approved', 'plan'>;
export type Applying = At<'Applying', 'plan' | 'claim'>;
export type Applied = At<'Applied', 'plan'>;
/** In steps, one of which is in the mesh. */
export type Progressing = At<'Progressing', 'plan' | 'progress'> & { status: { plan: SteppedPlan } };
/** Written, and to go back by itself, proven by now or not. */
export type Timed = At<'Applied' | 'Lasting', 'plan'> & { status: { plan: LastingPlan } };
export type Reverting = At<'Reverting', 'plan'>;

export type SteppedPlan = StoredPlan & { rollout: Rollout };
export type LastingPlan = StoredPlan & { lasts: number };

export function isPlanned(change: MeshChange): change is Planned {
  return change.status?.phase === 'Planned' && !!change.status.plan && change.status.expiresAt !== undefined;
}

export function isApproved(change: MeshChange): change is Approved {
  return change.status?.phase === 'Approved' && !!change.status.plan;
}

export function isApplying(change: MeshChange): change is Applying {
  return change.status?.phase === 'Applying' && !!change.status.plan && !!change.status.claim;
}

export function isApplied(change: MeshChange): change is Applied {
  return change.status?.phase === 'Applied' && !!change.status.plan;
}

export function isProgressing(change: MeshChange): change is Progressing {
  const { status } = change;
  return status?.phase === 'Progressing' && !!status.plan?.rollout && !!status.progress;
}

/** Whether it goes back by itself at its hour, unless enough people keep it. */
export function isTimed(change: MeshChange): change is Timed {
  const { status } = change;
  const isWritten = status?.phase === 'Applied' || status?.phase === 'Lasting';
  return isWritten && endsAt(statusOf(change)) !== undefined;
}

export function isReverting(change: MeshChange): change is Reverting {
  return change.status?.phase === 'Reverting' && !!change.status.plan;
}

/** The status, or the one that a change has just after its creation. */
export function statusOf(change: MeshChange): ChangeStatus {
  const status = change.status;
  return {
    ...status,
    phase: status?.phase ?? 'Requested',
    decisions: status?.decisions ?? [],
    approvals: status?.approvals ?? [],
    written: status?.written ?? [],
    messages: status?.messages ?? {},
    history: status?.history ?? [],
  };
}

/** When it came into this phase, epoch ms; undefined when nobody has touched it yet. */
export function enteredAt(change: MeshChange): number | undefined {
  return change.status?.history?.at(-1)?.at;
}

/** Whether everything it planned was written, whatever was seen after. */
export function wasApplied(change: MeshChange): boolean {
  return statusOf(change).history.some(entry => entry.phase === 'Applied');
}

/** Whether something of it may be in the mesh, all that it planned or not. */
export function hasWritten(change: MeshChange): boolean {
  return wasApplied(change) || statusOf(change).written.length > 0;
}

/** Epoch ms at which a change with a time limit goes back by itself: counted from its last write, not from its proof. */
export function endsAt({ plan, history, stays }: Pick<ChangeStatus, 'plan' | 'history' | 'stays'>): number | undefined {
  const written = history.findLast(entry => entry.phase === 'Applied')?.at;
  return plan?.lasts === undefined || written === undefined || stays ? undefined : written + plan.lasts;
}
