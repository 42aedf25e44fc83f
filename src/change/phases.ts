/** Which phases are ends, and changes whose phase is known to the compiler: what is Planned has a plan. */
import type { ChangeStatus, MeshChange, Phase } from './meshchange.ts';

export const PHASES = [
  'Requested',
  'Choosing',
  'Planned',
  'Stale',
  'Approved',
  'Applying',
  'Applied',
  'Verified',
  'Rejected',
  'Expired',
  'Refused',
  'Failed',
  'Undone',
] as const satisfies readonly Phase[];

const ENDS: ReadonlySet<Phase> = new Set<Phase>(['Verified', 'Rejected', 'Expired', 'Refused', 'Failed', 'Undone']);

/** Nothing moves it on by itself any more. Verified and Failed can still become Undone. */
export function isEnd(phase: Phase): boolean {
  return ENDS.has(phase);
}

type At<P extends Phase, Has extends keyof ChangeStatus = never> = MeshChange & {
  status: ChangeStatus & { phase: P } & Required<Pick<ChangeStatus, Has>>;
};

export type Planned = At<'Planned', 'plan' | 'expiresAt'>;
export type Approved = At<'Approved', 'plan'>;
export type Applying = At<'Applying', 'plan' | 'claim'>;
export type Applied = At<'Applied', 'plan'>;

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
