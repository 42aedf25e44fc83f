/** How a change moves when a decision about its plan counts: approved, rejected, or its question answered. Pure. */
import { enter, judged, voided } from './history.ts';
import type { ChangeStatus } from './meshchange.ts';
import type { Refusal } from './refusal.ts';

export function approved(
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

export function rejected(status: ChangeStatus, id: string, now: number): ChangeStatus | Refusal {
  const decision = status.decisions.find(each => each.id === id);
  if (!decision || decision.verdict || decision.kind !== 'reject')
    return { refused: 'there is no such open rejection' };
  if (!decision.reason?.trim()) return { refused: 'a rejection needs a reason' };
  const counted = judged(status, id, { verdict: 'counted' });
  if ('refused' in counted) return counted;
  return enter(voided(counted), 'Rejected', now, { by: decision.user, why: decision.reason });
}

export function chosen(status: ChangeStatus, id: string, now: number): ChangeStatus | Refusal {
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
