/** How a change moves after its first write: from step to step, paused, kept, and back. Pure; see transition.ts. */
import type { Rollout } from '../../plan.ts';
import { enter, judged } from '../history.ts';
import type { ChangeStatus, Decision, Measured, Phase, Progress, Receipt, WrittenObject } from '../meshchange.ts';
import { endsAt } from '../phases.ts';
import type { Refusal } from '../refusal.ts';
import type { Judgement } from './gates.ts';

/** Looks that are kept; with more, every other of them goes. */
const MEASURED_MOST = 60;

const UNJUDGED: Judgement = { verdict: 'inconclusive', says: 'not judged yet' };

/** The first step is in the mesh. */
export function begunSteps(
  status: ChangeStatus,
  rollout: Rollout,
  written: WrittenObject[],
  now: number,
): ChangeStatus {
  const progress: Progress = {
    step: 0,
    began: now,
    due: dueOf(rollout, 0, now),
    paused: null,
    held: false,
    judged: UNJUDGED,
    past: [],
    measured: [],
  };
  return { ...enter(status, 'Progressing', now), written, progress };
}

/** A last step without gates is held for nobody. */
function dueOf({ every, gates, steps }: Rollout, step: number, now: number): number {
  return step === steps.length - 1 && gates.length === 0 ? now : now + every;
}

export function stepped(
  status: ChangeStatus,
  event: { step: number; written: WrittenObject[]; judged: Judgement },
  now: number,
): ChangeStatus | Refusal {
  const { progress, plan } = status;
  if (!progress || !plan?.rollout) return { refused: 'it does not go by steps' };
  // It may be on record already, where the answer to recording it was lost.
  if (event.step !== progress.step + 1) return { refused: `step ${event.step} is not the next` };
  if (progress.paused) return { refused: 'it is paused' };
  const { began, past, measured } = progress;
  // What stood in the way of it does no more.
  const { message: _message, ...rest } = status;
  return {
    ...rest,
    written: event.written,
    progress: {
      step: event.step,
      began: now,
      due: dueOf(plan.rollout, event.step, now),
      paused: null,
      held: false,
      judged: UNJUDGED,
      past: [...past, { began, says: event.judged.says }],
      measured,
    },
  };
}

export function observed(
  status: ChangeStatus,
  event: { judged: Judgement; measured?: Measured },
  now: number,
): ChangeStatus | Refusal {
  const { progress } = status;
  if (!progress) return { refused: 'it does not go by steps' };
  const isNew = event.measured && event.measured.at > (progress.measured.at(-1)?.at ?? 0);
  const all = event.measured && isNew ? [...progress.measured, event.measured] : progress.measured;
  const held = now >= progress.due && event.judged.verdict !== 'pass';
  const measured = all.length > MEASURED_MOST ? all.filter((_, at) => at % 2 === 0) : all;
  const since = isUnjudged(progress, event.judged, now) ? (progress.unjudgedSince ?? now) : undefined;
  const { message: _message, ...rest } = status;
  return { ...rest, progress: { ...unjudgedFrom(progress, since), held, judged: event.judged, measured } };
}

/** Whether only its gates are in the way of the next step, and nothing can be said of them. */
export function isUnjudged({ due, paused }: Progress, { verdict }: Judgement, now: number): boolean {
  return verdict === 'inconclusive' && !paused && now >= due;
}

function unjudgedFrom({ unjudgedSince: _before, ...progress }: Progress, since?: number): Progress {
  return { ...progress, ...(since !== undefined && { unjudgedSince: since }) };
}

/** Nobody may have looked at it for long: the patience with a step that cannot be judged begins anew. */
export function claimed(status: ChangeStatus, holder: string): ChangeStatus {
  const { progress } = status;
  const claim = { holder, term: (status.claim?.term ?? 0) + 1 };
  return { ...status, claim, ...(progress && { progress: unjudgedFrom(progress) }) };
}

export function completed(status: ChangeStatus, verdict: Judgement, now: number): ChangeStatus | Refusal {
  const { progress, plan } = status;
  if (!progress || progress.step + 1 !== plan?.rollout?.steps.length) return { refused: 'not all steps are written' };
  if (progress.paused) return { refused: 'it is paused' };
  return { ...enter(status, 'Applied', now), progress: { ...progress, judged: verdict } };
}

export function paused(status: ChangeStatus, id: string, now: number): ChangeStatus | Refusal {
  const { progress } = status;
  const decision = openOf(status, id, 'pause');
  if (!progress || progress.paused || !decision) return { refused: 'there is nothing to pause' };
  const counted = judged(status, id, { verdict: 'counted' });
  if ('refused' in counted) return counted;
  return { ...counted, progress: { ...progress, paused: { by: decision.user, at: now } } };
}

/** The time that a step must be held went on meanwhile; the patience with a step that cannot be judged begins anew. */
export function resumed(status: ChangeStatus, id: string, now: number): ChangeStatus | Refusal {
  const { progress } = status;
  if (!progress?.paused || !openOf(status, id, 'resume')) return { refused: 'it is not paused' };
  const counted = judged(status, id, { verdict: 'counted' });
  if ('refused' in counted) return counted;
  return { ...counted, progress: { ...unjudgedFrom(progress), paused: null, due: Math.max(progress.due, now) } };
}

interface Reverted {
  why: string;
  decision?: string;
  seen?: { judged: Judgement; measured?: Measured };
  written?: WrittenObject[];
}

export function reverting(
  status: ChangeStatus,
  { why, decision: id, seen, written }: Reverted,
  now: number,
): ChangeStatus | Refusal {
  if (status.phase === 'Applied' && endsAt(status) === undefined) return { refused: 'it has no time limit' };
  if (id === undefined) {
    const looked = seen && observed(status, seen, now);
    const from = looked && !('refused' in looked) ? looked : status;
    return enter({ ...from, ...(written && { written }) }, 'Reverting', now, { why });
  }
  const decision = openOf(status, id, 'abort') ?? openOf(status, id, 'revert');
  if (!decision) return { refused: 'there is no such open click' };
  const counted = judged(status, id, { verdict: 'counted' });
  return 'refused' in counted ? counted : enter(counted, 'Reverting', now, { why, by: decision.user });
}

/** A change that stays ends as it would have without a time limit; what is being proven still goes on with that. */
export function kept(
  status: ChangeStatus,
  { decision: id, enough }: { decision: string; enough: boolean },
  now: number,
): ChangeStatus | Refusal {
  const { receipt } = status;
  const decision = openOf(status, id, 'keep');
  if (!decision || endsAt(status) === undefined) return { refused: 'there is no such open click' };
  const counted = judged(status, id, { verdict: 'counted' });
  if ('refused' in counted || !enough) return counted;
  if (status.phase === 'Applied' || !receipt) return { ...counted, stays: true };
  const { phase, why } = provenAs(receipt);
  return enter(counted, phase, now, { why, by: decision.user });
}

/** Which end a receipt makes, and in which words. */
export function provenAs(receipt: Receipt): { phase: Phase; why: string } {
  const proven = receipt.verdict === 'proven';
  const why = proven ? receipt.summary : `Written, but not proven: ${receipt.summary}`;
  return { phase: proven ? 'Verified' : 'Failed', why };
}

/** Why the phase that ends was entered, and by whom, for the next to say. */
export function told({ history }: ChangeStatus): { by?: string; why?: string } {
  const { by, why } = history.at(-1) ?? {};
  return { ...(by !== undefined && { by }), ...(why !== undefined && { why }) };
}

function openOf({ decisions }: ChangeStatus, id: string, kind: Decision['kind']): Decision | undefined {
  return decisions.find(each => each.id === id && each.kind === kind && !each.verdict);
}
