/** Judges one stored click: who they are now, what the policy says now, and whether they looked at the plan that stands. */
import type { Phrase } from '../view.ts';
import { standingOf } from './asking.ts';
import {
  approvalsStand,
  mayApprove,
  mayChoose,
  mayReject,
  possibleRules,
  rulesFor,
  type Standing,
} from './authority.ts';
import { movedObject } from './comparing.ts';
import { advance, type Context } from './context.ts';
import type { ChangeStatus, Decision, MeshChange } from './meshchange.ts';
import { isPlanned, statusOf } from './phases.ts';
import { sentence } from './phrases.ts';
import type { PolicyRule } from './policy.ts';
import { otherwiseNow } from './rethinking.ts';
import type { ChangeEvent } from './transition.ts';

/** Judges the oldest decision that is open. Throws ChatError while the chat may yet say who clicked. */
export async function judge(context: Context, change: MeshChange): Promise<void> {
  const decision = statusOf(change).decisions.find(each => !each.verdict);
  if (!decision) return;
  const event = await verdictOn(context, change, decision);
  const saved = await advance(context, change.metadata.name, now => {
    // Somebody else may have been first while the chat was asked: what then stands is judged again.
    return tooLate(now, decision) ? turnDown(decision, tooLate(now, decision) ?? '') : event;
  });
  const judged = saved?.status?.decisions.find(each => each.id === decision.id);
  if (judged?.verdict) context.observer?.decision?.(decision.kind, judged.verdict);
}

async function verdictOn(context: Context, change: MeshChange, decision: Decision): Promise<ChangeEvent> {
  const late = tooLate(change, decision);
  if (late !== undefined) return turnDown(decision, late);
  if (decision.kind === 'approve' && isPlanned(change)) {
    const moved = (await movedObject(context, change.status.plan)) ?? otherwiseNow(context, change);
    if (moved !== undefined) return { type: 'moved', why: moved };
  }
  const standing = await whoIs(context, change, decision);
  const why = forbidden(context, change, decision, standing);
  if (why !== undefined) return turnDown(decision, why);
  if (decision.kind === 'choose') return { type: 'chosen', decision: decision.id };
  if (decision.kind === 'reject') return { type: 'rejected', decision: decision.id };
  return { type: 'approved', decision: decision.id, enough: isEnough(context, change, decision) };
}

function turnDown(decision: Decision, why: Phrase): ChangeEvent {
  return { type: 'turned-down', decision: decision.id, why };
}

/** Why the click no longer fits where the change stands, whoever it came from; undefined: it fits. */
function tooLate(change: MeshChange, decision: Decision): Phrase | undefined {
  const status = statusOf(change);
  if (decision.kind === 'choose')
    return status.phase === 'Choosing' ? invalidChoice(status, decision) : settledBy(status);
  if (decision.kind === 'reject') {
    if (!decision.reason?.trim()) return 'A rejection needs a reason: say in a few words why not.';
    const open: ChangeStatus['phase'][] = ['Requested', 'Choosing', 'Planned', 'Stale'];
    return open.includes(status.phase) ? undefined : settledBy(status);
  }
  if (status.phase !== 'Planned') return settledBy(status);
  if (!status.plan || decision.digest !== status.plan.digest) {
    return 'It was planned again since, so your approval was for another plan: look at the card as it is now.';
  }
  if (decision.at > (status.expiresAt ?? 0))
    return 'Your approval came after the plan expired: give the command again.';
  const before = status.approvals.find(given => !given.void && given.user === decision.user);
  return before ? 'You have approved this already; it waits for somebody else.' : undefined;
}

function invalidChoice(status: ChangeStatus, decision: Decision): Phrase | undefined {
  const offered = status.question?.choices.some(choice => choice.value === decision.choice);
  return offered ? undefined : 'That is not one of the choices any more: choose from the card as it is now.';
}

/** What happened first, and through whom. */
function settledBy(status: ChangeStatus): Phrase {
  const last = status.history.findLast(entry => entry.by !== undefined && entry.phase !== 'Requested');
  const first = last?.by === undefined ? [] : [' by ', { person: last.by }];
  switch (status.phase) {
    case 'Approved':
    case 'Applying':
    case 'Applied':
    case 'Verified':
    case 'Failed':
    case 'Undone':
      return ['Too late: it was already approved', ...first, '.'];
    case 'Rejected':
      return ['Too late: it was already rejected', ...first, '.'];
    case 'Expired':
      return 'Too late: it has expired. Give the command again if it is still wanted.';
    case 'Requested':
    case 'Stale':
      return 'It is being planned again: look at the card as it is then.';
    default:
      return sentence(`This does not fit any more: the change is ${status.phase.toLowerCase()}`);
  }
}

async function whoIs(context: Context, change: MeshChange, decision: Decision): Promise<Standing> {
  const patient = context.clock.now() - decision.at < context.timing.hesitation;
  const right = decision.kind === 'choose' ? 'ask' : 'approve';
  // The one who asked may withdraw and choose whatever groups they are in.
  const plain = decision.kind !== 'approve' && decision.user === change.spec.requester.user;
  const rules = plain ? [] : rulesOf(context, change, decision);
  const standing = await standingOf(context, decision.user, { rules, right, patient });
  const foreign = standing.person && standing.person.team !== decision.team;
  return foreign ? { ...standing, person: undefined } : standing;
}

function rulesOf(context: Context, change: MeshChange, decision: Decision): PolicyRule[] {
  const policy = context.policy();
  if (decision.kind === 'choose') return possibleRules(policy, {});
  const plan = change.status?.plan;
  return (plan && rulesFor(policy, plan)) ?? [];
}

function forbidden(context: Context, change: MeshChange, decision: Decision, standing: Standing): Phrase | undefined {
  const policy = context.policy();
  const requester = change.spec.requester.user;
  const plan = change.status?.plan;
  if (decision.kind === 'choose') return mayChoose(policy, requester, standing);
  if (decision.kind === 'reject') return mayReject(policy, plan, requester, standing);
  return plan ? mayApprove(policy, plan, requester, standing) : 'There is no plan to approve yet.';
}

function isEnough(context: Context, change: MeshChange, { team, user, at, digest }: Decision): boolean {
  const { plan, approvals } = statusOf(change);
  if (!plan || digest === undefined) return false;
  const withThis = [...approvals, { team, user, at, digest }];
  return approvalsStand(context.policy(), plan, withThis, change.spec.requester.user) === undefined;
}
