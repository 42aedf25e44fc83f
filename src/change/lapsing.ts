/** Whether those who approved still may when it comes to the write: who left the group since does not count any more. */
import { standingOf } from './asking.ts';
import { mayApprove, rulesFor } from './authority.ts';
import type { Context } from './context.ts';
import { isFrozen, policyUnder } from './freezing.ts';
import type { Approval } from './meshchange.ts';
import { type Applying, type Approved, enteredAt, isApplying } from './phases.ts';

/** ms. An approval that was judged so lately is not judged again: the chat is asked seldom. */
const FRESH = 30_000;

/** Whether an approval was judged so long ago that the chat is to be asked again. */
export function isToBeAsked(context: Pick<Context, 'clock'>, change: Approved | Applying): boolean {
  return oldApprovals(change, context.clock.now()).length > 0;
}

function oldApprovals(change: Approved | Applying, now: number): Approval[] {
  const { plan, approvals } = change.status;
  // Whoever took it on to be written judged them, or found them fresh.
  const judged = isApplying(change) ? (enteredAt(change) ?? 0) : 0;
  return approvals.filter(
    ({ at, digest, void: gone }) => !gone && digest === plan.digest && now - Math.max(at, judged) >= FRESH,
  );
}

/**
 * Why an approval does not count any more, in a sentence; undefined: all of them do. Throws ChatError while the chat may
 * yet say so; who is still not known of after a while does not count.
 */
export async function lapsed(context: Context, change: Approved | Applying): Promise<string | undefined> {
  const { plan } = change.status;
  const now = context.clock.now();
  const old = oldApprovals(change, now);
  if (old.length === 0) return undefined;
  const policy = policyUnder(context.policy(), isFrozen(plan));
  const rules = rulesFor(policy, plan) ?? [];
  const patient = now - (enteredAt(change) ?? now) < context.timing.patience / 6;
  for (const { user, team } of old) {
    const standing = await standingOf(context, user, { rules, right: 'approve', patient });
    const foreign = standing.person && standing.person.team !== team;
    const told = foreign ? { ...standing, person: undefined } : standing;
    if (mayApprove(policy, plan, change.spec.requester.user, told) !== undefined) {
      return 'Somebody who approved it may not approve it any more';
    }
  }
  return undefined;
}
