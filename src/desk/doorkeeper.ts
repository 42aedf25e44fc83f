/** Who may ask meshbot anything: answers show what runs in the mesh, so people of other companies get none. */

import { standingOf } from '../change/asking.ts';
import { mayAsk, possibleRules } from '../change/authority.ts';
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
