/** Who may ask, approve, reject and choose: the policy judged over one person and what they want. Pure; when in doubt, no. */

import type { Plan, Risk } from '../plan.ts';
import type { Person } from '../ports.ts';
import type { Phrase } from '../view.ts';
import type { Approval, StoredPlan } from './meshchange.ts';
import { whoIs } from './phrases.ts';
import type { Policy, PolicyRule, Who } from './policy.ts';

/** undefined: they may. Otherwise one sentence for the person, with the next step. */
export type Refused = string | undefined;

/** Members of each user group that was read; 'unreadable' where the chat would not say. */
export type Memberships = ReadonlyMap<string, readonly string[] | 'unreadable'>;

/** A person as the chat has them now, and the team whose app this is. */
export interface Standing {
  person: Person | undefined;
  memberships: Memberships;
  /** Team of the bot's own token, for policies that name none. */
  home: string | undefined;
}

/** The rules that decide on a plan: one per namespace it touches. undefined: some namespace has no rule. */
export function rulesFor(policy: Policy, plan: Pick<Plan, 'namespace' | 'writes' | 'risk'>): PolicyRule[] | undefined {
  const namespaces = new Set([plan.namespace, ...plan.writes.map(write => write.ref.namespace)]);
  const rules = [...namespaces].map(namespace => firstRule(policy, namespace, plan.risk));
  return rules.every(rule => rule !== undefined) ? [...new Set(rules)] : undefined;
}

/** What several rules ask together: the most approvals, the shortest time, one's own only where all allow it. */
export function strictest(rules: readonly PolicyRule[]): { approvals: number; own: boolean; expires: number } {
  return {
    approvals: Math.max(1, ...rules.map(rule => rule.approvals)),
    own: rules.length > 0 && rules.every(rule => rule.own),
    expires: Math.min(...rules.map(rule => rule.expires)),
  };
}

/** User groups that must be read to judge this. */
export function groupsNeeded(rules: readonly PolicyRule[], right: 'ask' | 'approve'): string[] {
  return [...new Set(rules.flatMap(rule => (rule[right].everyone ? [] : rule[right].groups)))];
}

/** Rules that could decide on a change of which only this much is known. */
export function possibleRules(policy: Policy, known: { namespace?: string }): PolicyRule[] {
  return policy.rules.filter(rule => known.namespace === undefined || covers(rule.namespaces, known.namespace));
}

/** Whether they may ask for this plan; before there is one, whether any rule for the namespace would let them. */
export function mayAsk(policy: Policy, about: Plan | { namespace?: string }, standing: Standing): Refused {
  const outsider = notOneOfUs(policy, standing);
  if (outsider) return outsider;
  if ('writes' in about) {
    const rules = rulesFor(policy, about);
    if (!rules) return noRule(about);
    return first(rules.map(rule => holds(rule.ask, standing, `ask for changes in ${namespacesOf(about)}`)));
  }
  const rules = possibleRules(policy, about);
  const where = about.namespace === undefined ? '' : ` in ${about.namespace}`;
  if (rules.length === 0) return `No rule of the policy covers changes${where}: add one in meshbot.yaml.`;
  const refusals = rules.map(rule => holds(rule.ask, standing, `ask for changes${where}`));
  return refusals.some(refusal => refusal === undefined) ? undefined : refusals[0];
}

/** Whether they may approve this plan. */
export function mayApprove(policy: Policy, plan: Plan, requester: string, standing: Standing): Phrase | undefined {
  const outsider = notOneOfUs(policy, standing);
  if (outsider) return outsider;
  const rules = rulesFor(policy, plan);
  if (!rules) return noRule(plan);
  if (standing.person?.id === requester && !strictest(rules).own) {
    return 'You asked for this change, so somebody else has to approve it.';
  }
  return first(rules.map(({ approve }) => holdsOr(approve, standing, `approve this in ${namespacesOf(plan)}`)));
}

/** Who asked may withdraw; who may approve may reject. Whether it is one's own does not matter here. */
export function mayReject(
  policy: Policy,
  plan: Plan | undefined,
  requester: string,
  standing: Standing,
): Phrase | undefined {
  const outsider = notOneOfUs(policy, standing);
  if (outsider) return outsider;
  if (standing.person?.id === requester) return undefined;
  if (!plan) return 'Only the person who asked can withdraw it before it is planned.';
  const rules = rulesFor(policy, plan);
  if (!rules) return noRule(plan);
  return first(rules.map(({ approve }) => holdsOr(approve, standing, `reject this in ${namespacesOf(plan)}`)));
}

/** Who asked may answer its question, and whoever could have asked. */
export function mayChoose(policy: Policy, requester: string, standing: Standing): Refused {
  const outsider = notOneOfUs(policy, standing);
  if (outsider) return outsider;
  return standing.person?.id === requester ? undefined : mayAsk(policy, {}, standing);
}

/** Whether they may lift a freeze of somebody else's, by the policy's override. */
export function mayOverride(who: Who, standing: Standing): Refused {
  return holds(who, standing, 'lift a freeze of somebody else’s');
}

/** Whether the approvals of a plan are enough under the policy as it is now: why not, for people. */
export function approvalsStand(policy: Policy, plan: StoredPlan, approvals: Approval[], requester: string): Refused {
  const rules = rulesFor(policy, plan);
  if (!rules) return noRule(plan);
  const { approvals: needed, own } = strictest(rules);
  const people = new Set(
    approvals
      .filter(given => !given.void && given.digest === plan.digest && (own || given.user !== requester))
      .map(given => given.user),
  );
  return people.size >= needed ? undefined : `${people.size} of the ${needed} approvals that it needs were given.`;
}

/** `*` stands for any run of characters. */
function globMatches(glob: string, text: string): boolean {
  const pattern = glob.split('*').map(literal => literal.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`).test(text);
}

function firstRule(policy: Policy, namespace: string, risk: Risk): PolicyRule | undefined {
  return policy.rules.find(rule => covers(rule.namespaces, namespace) && (!rule.risks || rule.risks.includes(risk)));
}

function covers(globs: string[] | undefined, namespace: string): boolean {
  return !globs || globs.some(glob => globMatches(glob, namespace));
}

function notOneOfUs(policy: Policy, { person, home }: Standing): Refused {
  if (!person) return 'Slack does not know you here: ask a member of this workspace to do it.';
  if (person.isBot) return 'Bots may not do this: a person has to.';
  if (person.isDeleted) return 'This account is deactivated: somebody else has to do it.';
  if (person.isGuest)
    return 'Guests and people of other companies may not do this: ask a full member of the workspace.';
  const teams = policy.teams.length > 0 ? policy.teams : home === undefined ? [] : [home];
  if (!teams.includes(person.team)) {
    return 'Your workspace is not one that meshbot listens to: ask a member of it, or add the team to meshbot.yaml.';
  }
  return undefined;
}

function holds(who: Who, { person, memberships }: Standing, what: string): Refused {
  if (!person) return `You may not ${what}.`;
  if (who.everyone || who.users.includes(person.id)) return undefined;
  const groups = who.groups.map(group => memberships.get(group) ?? 'unreadable');
  if (groups.some(members => members !== 'unreadable' && members.includes(person.id))) return undefined;
  if (groups.includes('unreadable')) {
    return 'Slack did not say who is in the user group that may do this, so it does not count. Try again in a minute.';
  }
  return `${DENIED} ${what}: ask somebody whom the policy names.`;
}

const DENIED = 'You may not';

/** The same, and names those who may. */
function holdsOr(who: Who, standing: Standing, what: string): Phrase | undefined {
  const refused = holds(who, standing, what);
  const isDenied = standing.person && refused?.startsWith(DENIED);
  return isDenied ? [`${DENIED} ${what}: ask `, ...whoIs(who), '.'] : refused;
}

function noRule(plan: Pick<Plan, 'namespace' | 'writes' | 'risk'>): string {
  return `No rule of the policy covers a ${plan.risk}-risk change in ${namespacesOf(plan)}: add one in meshbot.yaml.`;
}

function namespacesOf(plan: Pick<Plan, 'namespace' | 'writes'>): string {
  return [...new Set([plan.namespace, ...plan.writes.map(write => write.ref.namespace)])].join(', ');
}

function first<T extends Phrase>(refusals: (T | undefined)[]): T | undefined {
  return refusals.find(refusal => refusal !== undefined);
}
