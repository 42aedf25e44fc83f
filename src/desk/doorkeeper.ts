/** Who may ask meshbot anything, and where: answers show what runs in the mesh, so people of other companies get none. */

import { standingOf } from '../change/asking.ts';
import { mayAsk, possibleRules } from '../change/authority.ts';
import type { Policy } from '../change/policy.ts';
import type { DeskParts } from './parts.ts';

/** `team` is left out where the chat does not tell it: then only what it says of the person counts. */
interface Asker {
  team?: string;
  user: string;
}

/** undefined: they may. Otherwise one sentence for them. */
export async function mayRead(
  parts: Pick<DeskParts, 'chat' | 'policy' | 'home'>,
  asker: Asker,
): Promise<string | undefined> {
  const policy = parts.policy();
  const rules = possibleRules(policy, {});
  const standing = await standingOf(parts, asker.user, { rules, right: 'ask', patient: false });
  const foreign = asker.team !== undefined && standing.person && standing.person.team !== asker.team;
  return mayAsk(policy, {}, foreign ? { ...standing, person: undefined } : standing);
}

/** ms. An acknowledgement has three seconds, and a form's trigger no more. */
const SOON = 1_500;

/** `mayRead`, in time for an acknowledgement: whom the chat does not know of by then is not let in. */
export async function mayReadSoon(
  parts: Pick<DeskParts, 'chat' | 'policy' | 'home' | 'clock'>,
  asker: Asker,
): Promise<string | undefined> {
  const late = parts.clock.sleep(SOON).then(() => 'Slack did not say in time who you are: try again in a moment.');
  return (
    (asker.team === undefined ? undefined : strangerTo(parts, asker.team)) ??
    Promise.race([mayRead(parts, asker), late])
  );
}

/** People of other companies are known by their team alone, so that nothing of theirs is stored or shown to anybody. */
export function strangerTo({ policy, home }: Pick<DeskParts, 'policy' | 'home'>, team: string): string | undefined {
  const teams = policy().teams.length > 0 ? policy().teams : [home];
  return teams.includes(team)
    ? undefined
    : 'Guests and people of other companies may not do this: ask a full member of the workspace.';
}

/**
 * Whether a change may be asked for in this channel. undefined: it may. A direct message (its id begins with D) is read
 * by one person, so a card there could only be approved by the one who asked, where the policy lets them.
 */
export function mayAskThere(policy: Policy, channel: string): string | undefined {
  if (!channel.startsWith('D') || policy.rules.some(rule => rule.own && rule.approvals === 1)) return undefined;
  return 'Nobody else reads this conversation, so nobody could approve the change. Ask for it in a channel that meshbot is in.';
}
