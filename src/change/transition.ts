/** How a change moves: (change, event, now) → the change after it, or why that cannot be. Pure; nothing is mutated. */

import type { Finding } from '../plan.ts';
import type { Phrase } from '../view.ts';
import { bounded, enter, judged, voided } from './history.ts';
import type {
  ChangeStatus,
  Decision,
  MeshChange,
  MessageRecord,
  Phase,
  Receipt,
  StoredPlan,
  WrittenObject,
} from './meshchange.ts';
import { PHASES, statusOf } from './phases.ts';

export type ChangeEvent =
  /** A replica takes the change on, or over. */
  | { type: 'claimed'; holder: string }
  /** The holder is still at it. */
  | { type: 'beat' }
  /** The holder goes; whoever comes first may claim. */
  | { type: 'released' }
  /** Nothing can be done now; `why` is shown. */
  | { type: 'held'; why: string | undefined }
  | { type: 'planned'; plan: StoredPlan; expiresAt: number }
  | { type: 'asked'; question: NonNullable<ChangeStatus['question']>; expiresAt: number }
  | { type: 'refused'; message: string; findings: Finding[] }
  | { type: 'clicked'; decision: Decision }
  /** A decision is not counted. */
  | { type: 'turned-down'; decision: string; why: Phrase }
  | { type: 'told'; decision: string }
  | { type: 'chosen'; decision: string }
  /** `enough`: with it, as many have approved as must. */
  | { type: 'approved'; decision: string; enough: boolean }
  | { type: 'rejected'; decision: string }
  | { type: 'expired'; why: string }
  /** An object is no longer the one planned, and nothing is written. */
  | { type: 'moved'; why: string }
  | { type: 'applying'; holder: string }
  /** The write at `index` of the plan is done. */
  | { type: 'wrote'; index: number; object: WrittenObject }
  | { type: 'backing-out'; why: string; into: 'Stale' | 'Failed' }
  /** Everything written was taken back. */
  | { type: 'backed-out' }
  /** `written`: what is in the mesh all the same. */
  | { type: 'failed'; message: string; written: WrittenObject[] }
  | { type: 'applied'; written: WrittenObject[] }
  | { type: 'proved'; receipt: Receipt }
  | { type: 'undone'; by: string }
  /** What is known of a message in the chat. */
  | { type: 'drawn'; messages: Record<string, MessageRecord> };

export interface Refusal {
  /** Why it cannot be, for engineers. */
  refused: string;
}

const ANY: readonly Phase[] = PHASES;

/** The phases in which an event can happen. */
export const ALLOWED: Record<ChangeEvent['type'], readonly Phase[]> = {
  claimed: ANY,
  beat: ANY,
  released: ANY,
  held: ['Requested', 'Stale', 'Approved', 'Applying', 'Applied'],
  planned: ['Requested', 'Stale'],
  asked: ['Requested', 'Stale'],
  refused: ['Requested', 'Stale'],
  clicked: ['Requested', 'Choosing', 'Planned', 'Stale', 'Approved', 'Applying', 'Applied'],
  'turned-down': ANY,
  told: ANY,
  chosen: ['Choosing'],
  approved: ['Planned'],
  rejected: ['Requested', 'Choosing', 'Planned', 'Stale'],
  expired: ['Requested', 'Choosing', 'Planned', 'Stale'],
  moved: ['Planned', 'Approved', 'Applying'],
  applying: ['Approved'],
  wrote: ['Applying'],
  'backing-out': ['Applying'],
  'backed-out': ['Applying'],
  failed: ['Applying'],
  applied: ['Applying'],
  proved: ['Applied'],
  undone: ['Applied', 'Verified', 'Failed'],
  drawn: ANY,
};

export function isRefusal(outcome: MeshChange | Refusal): outcome is Refusal {
  return 'refused' in outcome;
}

/** `now` in epoch ms. */
export function transition(change: MeshChange, event: ChangeEvent, now: number): MeshChange | Refusal {
  const status = statusOf(change);
  if (!ALLOWED[event.type].includes(status.phase)) {
    return { refused: `${event.type} cannot happen to a change that is ${status.phase}` };
  }
  const next = after(change, begun(status, change, now), event, now);
  return 'refused' in next ? next : { ...change, status: bounded(next) };
}

/** The history begins with the request itself. */
function begun(status: ChangeStatus, change: MeshChange, now: number): ChangeStatus {
  if (status.history.length > 0) return status;
  const created = Date.parse(change.metadata.creationTimestamp ?? '');
  const at = Number.isNaN(created) ? now : created;
  return { ...status, history: [{ phase: status.phase, at, by: change.spec.requester.user }] };
}

function after(change: MeshChange, status: ChangeStatus, event: ChangeEvent, now: number): ChangeStatus | Refusal {
  switch (event.type) {
    case 'claimed':
      return { ...status, claim: { holder: event.holder, term: (status.claim?.term ?? 0) + 1 } };
    case 'beat':
      if (!status.claim) return { refused: 'nobody holds it' };
      return { ...status, claim: { ...status.claim, beat: (status.claim.beat ?? 0) + 1 } };
    case 'released':
      return status.claim ? { ...status, claim: { holder: '', term: status.claim.term } } : status;
    case 'held': {
      const { message: _message, ...rest } = status;
      return event.why === undefined ? rest : { ...rest, message: event.why };
    }
    case 'planned': {
      const { question: _question, findings: _findings, ...rest } = voided(status);
      return { ...enter(rest, 'Planned', now), plan: event.plan, expiresAt: event.expiresAt };
    }
    case 'asked':
      return { ...enter(voided(status), 'Choosing', now), question: event.question, expiresAt: event.expiresAt };
    case 'refused':
      return { ...enter(voided(status), 'Refused', now, { why: event.message }), findings: event.findings };
    case 'clicked':
      if (status.decisions.some(decision => decision.id === event.decision.id)) return status;
      return { ...status, decisions: [...status.decisions, event.decision] };
    case 'told':
      return withDecision(status, event.decision, decision => ({ ...decision, told: true }));
    case 'turned-down':
      return judged(status, event.decision, { verdict: 'refused', why: event.why });
    case 'chosen':
      return chosen(status, event.decision, now);
    case 'approved':
      return approved(status, event, now);
    case 'rejected':
      return rejected(status, event.decision, now);
    case 'expired':
      return enter(voided(status), 'Expired', now, { why: event.why });
    case 'moved':
      if (status.written.length > 0) return { refused: 'objects are written: back out first' };
      return enter(voided(status), 'Stale', now, { why: event.why });
    case 'applying': {
      const standing = status.approvals.filter(given => !given.void && given.digest === status.plan?.digest);
      if (standing.length === 0) return { refused: 'nobody approved this plan' };
      const claim = { holder: event.holder, term: (status.claim?.term ?? 0) + 1 };
      return { ...enter(status, 'Applying', now), claim, written: [] };
    }
    case 'wrote':
      if (status.backingOut) return { refused: 'it is being taken back' };
      // It may be on record already, where the answer to recording it was lost.
      if (status.written.length !== event.index) return { refused: `write ${event.index} is not the next` };
      return { ...status, written: [...status.written, event.object] };
    case 'backing-out':
      return { ...status, backingOut: { why: event.why, into: event.into } };
    case 'backed-out': {
      const { backingOut, ...rest } = status;
      if (!backingOut) return { refused: 'it is not being taken back' };
      return { ...enter(voided(rest), backingOut.into, now, { why: backingOut.why }), written: [] };
    }
    case 'failed': {
      const { backingOut: _backingOut, ...rest } = status;
      return { ...enter(rest, 'Failed', now, { why: event.message }), written: event.written };
    }
    case 'applied':
      if (status.backingOut) return { refused: 'it is being taken back' };
      if (event.written.length !== status.plan?.writes.length) return { refused: 'not all of it is written' };
      return { ...enter(status, 'Applied', now), written: event.written };
    case 'proved': {
      const { receipt } = event;
      const proven = receipt.verdict === 'proven';
      const why = proven ? receipt.summary : `Written, but not proven: ${receipt.summary}`;
      return { ...enter(status, proven ? 'Verified' : 'Failed', now, { why }), receipt };
    }
    case 'undone':
      if (status.undoneBy) return { refused: `it is undone by ${status.undoneBy}` };
      if (!status.history.some(entry => entry.phase === 'Applied')) return { refused: 'it was never written' };
      return { ...enter(status, 'Undone', now, { why: `Undone by ${event.by}` }), undoneBy: event.by };
    case 'drawn':
      return { ...status, messages: { ...status.messages, ...event.messages } };
    default:
      return { refused: `${change.metadata.name}: no such event: ${(event satisfies never as ChangeEvent).type}` };
  }
}

function approved(
  status: ChangeStatus,
  event: { decision: string; enough: boolean },
  now: number,
): ChangeStatus | Refusal {
  const decision = status.decisions.find(({ id }) => id === event.decision);
  if (!decision || decision.verdict || decision.kind !== 'approve')
    return { refused: 'there is no such open approval' };
  if (!status.plan || decision.digest !== status.plan.digest) return { refused: 'the approval is for another plan' };
  if (status.expiresAt !== undefined && decision.at > status.expiresAt)
    return { refused: 'the approval came too late' };
  const { team, user, at, digest } = decision;
  if (status.approvals.some(given => !given.void && given.user === user)) return { refused: 'they approved already' };
  const counted = judged(status, decision.id, { verdict: 'counted' });
  if ('refused' in counted) return counted;
  const next = { ...counted, approvals: [...status.approvals, { team, user, at, digest }] };
  return event.enough ? enter(next, 'Approved', now, { by: user }) : next;
}

function rejected(status: ChangeStatus, id: string, now: number): ChangeStatus | Refusal {
  const decision = status.decisions.find(each => each.id === id);
  if (!decision || decision.verdict || decision.kind !== 'reject')
    return { refused: 'there is no such open rejection' };
  if (!decision.reason?.trim()) return { refused: 'a rejection needs a reason' };
  const counted = judged(status, id, { verdict: 'counted' });
  if ('refused' in counted) return counted;
  return enter(voided(counted), 'Rejected', now, { by: decision.user, why: decision.reason });
}

function chosen(status: ChangeStatus, id: string, now: number): ChangeStatus | Refusal {
  const { question, ...rest } = status;
  const decision = status.decisions.find(each => each.id === id);
  if (!decision || decision.verdict || decision.kind !== 'choose') return { refused: 'there is no such open choice' };
  const choice = question?.choices.find(each => each.value === decision.choice);
  if (!question || !choice) return { refused: 'that is not one of the choices' };
  const counted = judged(rest, id, { verdict: 'counted' });
  if ('refused' in counted) return counted;
  const answers = { ...status.answers, [question.argument]: choice.value };
  return { ...enter(counted, 'Requested', now, { by: decision.user }), answers };
}

function withDecision(status: ChangeStatus, id: string, revise: (decision: Decision) => Decision): ChangeStatus {
  return { ...status, decisions: status.decisions.map(each => (each.id === id ? revise(each) : each)) };
}
