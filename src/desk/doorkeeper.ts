/** Who may ask meshbot anything, and where: answers show what runs in the mesh, so people of other companies get none. */

import { standingOf } from '../change/asking.ts';
import { mayAsk, possibleRules } from '../change/authority.ts';
import type { Policy } from '../change/policy.ts';
import type { DeskParts } from './desk.ts';

/** undefined: they may. Otherwise one sentence for them. */
export async function mayRead(
  parts: Pick<DeskParts, 'chat' | 'policy' | 'home'>,
  asker: { team: string; user: string },
): Promise<string | undefined> {
  const policy = parts.policy();
  const rules = possibleRules(policy, {});
  const standing = await standingOf(parts, asker.user, { rules, right: 'ask', patient: false });
  const foreign = standing.person && standing.person.team !== asker.team;
  return mayAsk(policy, {}, foreign ? { ...standing, person: undefined } : standing);
}

/**
 * Whether a change may be asked for in this channel. undefined: it may. A direct message (its id begins with D) is read
 * by one person, so a card there could only be approved by the one who asked, where the policy lets them.
 */
export function mayAskThere(policy: Policy, channel: string): string | undefined {
  if (!channel.startsWith('D') || policy.rules.some(rule => rule.own && rule.approvals === 1)) return undefined;
  return 'Nobody else reads this conversation, so nobody could approve the change. Ask for it in a channel that meshbot is in.';
}
