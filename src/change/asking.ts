/** Who a person is and which groups they are in, asked of the chat now. */
import { ChatError } from '../ports.ts';
import { groupsNeeded, type Standing } from './authority.ts';
import type { Context } from './context.ts';
import type { PolicyRule } from './policy.ts';

/**
 * What the chat knows of a person, for one right under these rules. `patient`: throws ChatError while the chat may yet
 * answer, to be asked again later; otherwise what is not known counts against them.
 */
export async function standingOf(
  context: Pick<Context, 'chat' | 'home'>,
  user: string,
  { rules, right, patient }: { rules: readonly PolicyRule[]; right: 'ask' | 'approve'; patient: boolean },
): Promise<Standing> {
  const { chat } = context;
  const named = rules.every(rule => rule[right].everyone || rule[right].users.includes(user));
  const groups = named ? [] : groupsNeeded(rules, right);
  const membersOf = (group: string) => orElse(() => chat.groupMembers(group), 'unreadable' as const, patient);
  // Beside each other: somebody waits for it.
  const [person, ...members] = await Promise.all([
    orElse(() => chat.person(user), undefined, patient),
    ...groups.map(membersOf),
  ]);
  return { person, memberships: new Map(groups.map((group, at) => [group, members[at]!])), home: context.home };
}

async function orElse<T, E>(ask: () => Promise<T>, otherwise: E, patient: boolean): Promise<T | E> {
  try {
    return await ask();
  } catch (error) {
    const passing = error instanceof ChatError && (error.kind === 'limited' || error.kind === 'unknown');
    if (passing && patient) throw error;
    return otherwise;
  }
}
