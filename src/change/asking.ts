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
  const person = await orElse(() => chat.person(user), undefined, patient);
  const memberships = new Map<string, readonly string[] | 'unreadable'>();
  const named = rules.every(rule => rule[right].everyone || rule[right].users.includes(user));
  for (const group of named ? [] : groupsNeeded(rules, right)) {
    memberships.set(group, await orElse(() => chat.groupMembers(group), 'unreadable', patient));
  }
  return { person, memberships, home: context.home };
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
