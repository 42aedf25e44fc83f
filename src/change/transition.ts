/** How a change moves: (change, event, now) → the change after it, or why that cannot be. Pure; nothing is mutated. */

import type { Finding } from '../plan.ts';
import type { Phrase } from '../view.ts';
import type { Judgement } from './course/gates.ts';
import { firstWrites } from './course/step-writes.ts';
import {
  begunSteps,
  claimed,
  completed,
  kept,
  observed,
  paused,
  provenAs,
  resumed,
  reverting,
  stepped,
  told,
} from './course/transitions.ts';
import { approved, chosen, rejected } from './decided.ts';
import { bounded, enter, judged, voided } from './history.ts';
import type {
  ChangeStatus,
  Decision,
  Measured,
  MeshChange,
  MessageRecord,
  Phase,
  Receipt,
  SecondLook,
  StoredPlan,
  WrittenObject,
} from './meshchange.ts';
import { hasWritten, PHASES, statusOf } from './phases.ts';
import type { Refusal } from './refusal.ts';

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
  /** The next step is in the mesh; `judged`: how the one before it was when it was left. */
  | { type: 'stepped'; step: number; written: WrittenObject[]; judged: Judgement }
  /** A look at the step that is in the mesh. Where nothing is known, nothing is kept but the judgement. */
  | { type: 'observed'; judged: Judgement; measured?: Measured }
  /** The last step is in the mesh and was held for its time. */
  | { type: 'completed'; judged: Judgement }
  | { type: 'paused'; decision: string }
  | { type: 'resumed'; decision: string }
  /**
   * It goes back to what was before; `decision`: the click that asked for it; `seen`: the look that did. `written`: where
   * the next step is written in part.
   */
  | {
      type: 'reverting';
      why: string;
      decision?: string;
      seen?: { judged: Judgement; measured?: Measured };
      written?: WrittenObject[];
    }
  | { type: 'reverted' }
  /** Somebody wants it to stay; `enough`: with them, as many do as must. */
  | { type: 'kept'; decision: string; enough: boolean }
  | { type: 'proved'; receipt: Receipt }
  /** The written objects were looked at once more. */
  | { type: 'looked'; again: SecondLook }
  | { type: 'undone'; by: string }
  /** What is known of a message in the chat. */
  | { type: 'drawn'; messages: Record<string, MessageRecord> };

const ANY: readonly Phase[] = PHASES;

/** The phases in which an event can happen. */
export const ALLOWED: Record<ChangeEvent['type'], readonly Phase[]> = {
  claimed: ANY,
  beat: ANY,
  released: ANY,
  held: ['Requested', 'Stale', 'Approved', 'Applying', 'Progressing', 'Applied', 'Reverting'],
  planned: ['Requested', 'Stale'],
  asked: ['Requested', 'Stale'],
  refused: ['Requested', 'Stale'],
  clicked: [
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
  ],
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
  failed: ['Applying', 'Progressing', 'Lasting', 'Reverting'],
  applied: ['Applying'],
  stepped: ['Progressing'],
  observed: ['Progressing'],
  completed: ['Progressing'],
  paused: ['Progressing'],
  resumed: ['Progressing'],
  reverting: ['Progressing', 'Applied', 'Lasting'],
  reverted: ['Reverting'],
  kept: ['Applied', 'Lasting'],
  proved: ['Applied'],
  looked: ['Lasting', 'Verified', 'Failed'],
  undone: ['Applied', 'Lasting', 'Verified', 'Failed'],
  drawn: ANY,
};

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
      return claimed(status, event.holder);
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
      if (!status.plan || event.written.length !== firstWrites(status.plan).length)
        return { refused: 'not all of it is written' };
      if (status.plan.rollout) return begunSteps(status, status.plan.rollout, event.written, now);
      return { ...enter(status, 'Applied', now), written: event.written };
    case 'stepped':
      return stepped(status, event, now);
    case 'observed':
      return observed(status, event, now);
    case 'completed':
      return completed(status, event.judged, now);
    case 'paused':
      return paused(status, event.decision, now);
    case 'resumed':
      return resumed(status, event.decision, now);
    case 'reverting':
      return reverting(status, event, now);
    case 'reverted':
      return enter(status, 'Reverted', now, told(status));
    case 'kept':
      return kept(status, event, now);
    case 'proved': {
      const { receipt } = event;
      const { phase, why } = provenAs(receipt);
      if (status.plan?.lasts === undefined || status.stays) return { ...enter(status, phase, now, { why }), receipt };
      return { ...enter(status, 'Lasting', now, { why }), receipt };
    }
    case 'looked':
      return status.again ? { refused: 'that was done' } : { ...status, again: event.again };
    case 'undone':
      if (status.undoneBy) return { refused: `it is undone by ${status.undoneBy}` };
      if (!hasWritten({ ...change, status })) return { refused: 'it was never written' };
      return { ...enter(status, 'Undone', now, { why: `Undone by ${event.by}` }), undoneBy: event.by };
    case 'drawn':
      return { ...status, messages: { ...status.messages, ...event.messages } };
    default:
      return { refused: `${change.metadata.name}: no such event: ${(event satisfies never as ChangeEvent).type}` };
  }
}

function withDecision(status: ChangeStatus, id: string, revise: (decision: Decision) => Decision): ChangeStatus {
  return { ...status, decisions: status.decisions.map(each => (each.id === id ? revise(each) : each)) };
}
