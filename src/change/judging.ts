/** Judges one stored click: who they are now, what the policy says now, and whether they looked at the plan that stands. */
import type { Phrase } from '../view.ts';
import { claimAtOnce } from './applying.ts';
import { standingOf } from './asking.ts';
import {
  approvalsStand,
  mayApprove,
  mayChoose,
  mayReject,
  possibleRules,
  rulesFor,
  type Standing,
  strictest,
} from './authority.ts';
import { movedObject } from './comparing.ts';
import { advance, type Context } from './context.ts';
import { revert } from './course/reverting.ts';
import { isSafe } from './due.ts';
import { frozenOtherwise, isFrozen, policyUnder } from './freezing.ts';
import type { ChangeStatus, Decision, MeshChange } from './meshchange.ts';
import { endsAt, isPlanned, isReverting, type Planned, statusOf } from './phases.ts';
import { sentence } from './phrases.ts';
import type { Policy, PolicyRule } from './policy.ts';
import { otherwiseNow } from './rethinking.ts';
import type { ChangeEvent } from './transition.ts';

/** Judges the next decision that is open. Throws ChatError while the chat may yet say who clicked. */
export async function judge(context: Context, change: MeshChange): Promise<void> {
  const decision = nextOpen(change);
  if (decision) await conclude(context, change, decision, await verdictOn(context, change, decision));
}

/**
 * The oldest open decision, but first those that stop a change and need no chat: they must not wait behind one that
 * does. A pause keeps its place behind a resume, or what was meant last would not be what holds.
 */
export function nextOpen(change: MeshChange): Decision | undefined {
  const open = statusOf(change).decisions.filter(({ verdict }) => !verdict);
  const first = open.find(
    (decision, at) =>
      isSafe(decision.kind) &&
      tookPart(change, decision) &&
      !(decision.kind === 'pause' && open.slice(0, at).some(before => before.kind === 'resume')),
  );
  return first ?? open[0];
}

/** Saves what a decision was found to do, unless it no longer fits. */
export async function conclude(
  context: Context,
  change: MeshChange,
  decision: Decision,
  event: ChangeEvent,
): Promise<void> {
  const saved = await advance(
    context,
    change.metadata.name,
    // Somebody else may have been first while the chat was asked: what then stands is judged again.
    now => (tooLate(now, decision) ? turnDown(decision, tooLate(now, decision) ?? '') : event),
    now => claimAtOnce(context, now),
  );
  const judged = saved?.status?.decisions.find(each => each.id === decision.id);
  if (judged?.verdict) context.observer?.decision?.(decision.kind, judged.verdict);
  // At once, without another turn.
  if (saved && isReverting(saved)) await revert(context, saved);
}

/** Asks the chat where it must. Throws ChatError while the chat may yet say who clicked. */
export async function verdictOn(context: Context, change: MeshChange, decision: Decision): Promise<ChangeEvent> {
  const late = tooLate(change, decision);
  if (late !== undefined) return turnDown(decision, late);
  if (decision.kind === 'approve' && isPlanned(change)) {
    const moved = await movedNow(context, change);
    if (moved !== undefined) return { type: 'moved', why: moved };
  }
  if (isSafe(decision.kind) && tookPart(change, decision)) return counted(context, change, decision);
  const standing = await whoIs(context, change, decision);
  const why = forbidden(context, change, decision, standing);
  return why === undefined ? counted(context, change, decision) : turnDown(decision, why);
}

/** Why the plan is not the one any more that it was: for what is frozen, too, somebody else has to approve. */
async function movedNow(context: Context, change: Planned): Promise<string | undefined> {
  const { plan } = change.status;
  const moved = frozenOtherwise(plan, context.freezes, context.policy(), context.clock.now());
  return moved ?? (await movedObject(context, plan)) ?? otherwiseNow(context, change);
}

/** What a click does that counts. */
function counted(context: Context, change: MeshChange, { id, kind, ...decision }: Decision): ChangeEvent {
  switch (kind) {
    case 'choose':
      return { type: 'chosen', decision: id };
    case 'reject':
      return { type: 'rejected', decision: id };
    case 'approve':
      return { type: 'approved', decision: id, enough: isEnough(context, change, { id, kind, ...decision }) };
    case 'pause':
      return { type: 'paused', decision: id };
    case 'resume':
      return { type: 'resumed', decision: id };
    case 'abort':
      return { type: 'reverting', decision: id, why: 'Aborted.' };
    case 'revert':
      return { type: 'reverting', decision: id, why: 'Taken back before its time was over.' };
    case 'keep':
      return { type: 'kept', decision: id, enough: keepers(change, decision.user) >= neededOf(context, change) };
  }
}

/** Who asked for a change or approved it may stop it though the chat does not answer: a way back must always be open. */
function tookPart({ spec, status }: MeshChange, { team, user }: Decision): boolean {
  const isIt = (person: { team: string; user: string }) => person.team === team && person.user === user;
  return isIt(spec.requester) || (status?.approvals ?? []).some(given => !given.void && isIt(given));
}

/** How many want it to stay, with this one. */
function keepers(change: MeshChange, user: string): number {
  const said = statusOf(change).decisions.filter(({ kind, verdict }) => kind === 'keep' && verdict === 'counted');
  return new Set([...said.map(each => each.user), user]).size;
}

/** To stay is more than was approved, so it takes as many as the change itself did. */
function neededOf(context: Context, change: MeshChange): number {
  const { plan } = statusOf(change);
  const rules = (plan && rulesFor(policyFor(context, change, 'keep'), plan)) ?? [];
  return strictest(rules).approvals;
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
  if (decision.kind !== 'approve') return unfit(status, decision);
  if (status.phase !== 'Planned') return settledBy(status);
  if (!status.plan || decision.digest !== status.plan.digest) {
    return 'It was planned again since, so your approval was for another plan: look at the card as it is now.';
  }
  if (decision.at > (status.expiresAt ?? 0))
    return 'Your approval came after the plan expired: give the command again.';
  const before = status.approvals.find(given => !given.void && given.user === decision.user);
  return before ? 'You have approved this already; it waits for somebody else.' : undefined;
}

/** Of clicks on a change that is in the mesh. */
function unfit(status: ChangeStatus, { kind, user }: Decision): Phrase | undefined {
  const { phase, progress } = status;
  if (kind === 'keep' || kind === 'revert') {
    if (status.stays && phase === 'Applied') return 'It stays already: enough people said so.';
    if (phase !== 'Lasting' && !(phase === 'Applied' && endsAt(status) !== undefined)) return over(status);
    const before = status.decisions.some(
      each => kind === 'keep' && each.kind === kind && each.user === user && each.verdict === 'counted',
    );
    return before ? 'You said so already; it waits for somebody else.' : undefined;
  }
  if (phase !== 'Progressing' || !progress) return over(status);
  if (kind === 'pause' && progress.paused) return ['It is paused already, by ', { person: progress.paused.by }, '.'];
  if (kind === 'resume' && !progress.paused) return 'It is not paused: look at the card as it is now.';
  return undefined;
}

/** What became of it, where a click can stop nothing any more. */
function over(status: ChangeStatus): Phrase {
  const by = status.history.at(-1)?.by;
  const who = by === undefined ? [] : [', through ', { person: by }];
  switch (status.phase) {
    case 'Reverting':
      return ['It goes back already', ...who, '.'];
    case 'Reverted':
      return ['Too late: it went back already', ...who, '.'];
    case 'Applied':
      return 'It is being proven: look at the card in a moment.';
    case 'Verified':
      return ['Too late: it is done. Take it back with ', { code: 'undo' }, '.'];
    default:
      return settledBy(status);
  }
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
    case 'Progressing':
    case 'Applied':
    case 'Lasting':
    case 'Reverting':
    case 'Verified':
    case 'Failed':
    case 'Reverted':
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
  const own = ['reject', 'choose', 'pause', 'abort', 'revert'].includes(decision.kind) || pausedIt(change, decision);
  const plain = own && decision.user === change.spec.requester.user;
  const rules = plain ? [] : rulesOf(context, change, decision);
  const standing = await standingOf(context, decision.user, { rules, right, patient });
  const foreign = standing.person && standing.person.team !== decision.team;
  return foreign ? { ...standing, person: undefined } : standing;
}

/** Under a freeze only those of the override let a change go on; whoever might before may still stop it. */
function policyFor(context: Context, { status }: MeshChange, kind: Decision['kind']): Policy {
  const goesOn = kind === 'approve' || kind === 'keep' || kind === 'resume';
  return policyUnder(context.policy(), goesOn && !!status?.plan && isFrozen(status.plan));
}

function rulesOf(context: Context, change: MeshChange, decision: Decision): PolicyRule[] {
  const policy = policyFor(context, change, decision.kind);
  if (decision.kind === 'choose') return possibleRules(policy, {});
  const plan = change.status?.plan;
  return (plan && rulesFor(policy, plan)) ?? [];
}

function forbidden(context: Context, change: MeshChange, decision: Decision, standing: Standing): Phrase | undefined {
  const policy = policyFor(context, change, decision.kind);
  const requester = change.spec.requester.user;
  const plan = change.status?.plan;
  if (decision.kind === 'choose') return mayChoose(policy, requester, standing);
  if (decision.kind === 'reject' || isSafe(decision.kind)) return mayReject(policy, plan, requester, standing);
  if (decision.kind === 'resume' && pausedIt(change, decision)) return mayReject(policy, plan, requester, standing);
  return plan ? mayApprove(policy, plan, requester, standing) : 'There is no plan to approve yet.';
}

/** Whoever paused a change may take just that back. */
function pausedIt({ status }: MeshChange, { kind, user }: Decision): boolean {
  return kind === 'resume' && status?.progress?.paused?.by === user;
}

function isEnough(context: Context, change: MeshChange, { team, user, at, digest }: Decision): boolean {
  const { plan, approvals } = statusOf(change);
  if (!plan || digest === undefined) return false;
  const withThis = [...approvals, { team, user, at, digest }];
  return (
    approvalsStand(policyFor(context, change, 'approve'), plan, withThis, change.spec.requester.user) === undefined
  );
}
