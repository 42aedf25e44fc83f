/** Who may do what, and what those who may not are told. */
import { describe, expect, it } from 'vitest';
import { approvalsStand, mayApprove, mayAsk, mayReject, type Standing } from '../../src/change/authority.ts';
import { digestOf } from '../../src/change/digest.ts';
import type { Policy, PolicyRule, Who } from '../../src/change/policy.ts';
import type { Plan } from '../../src/plan.ts';
import type { Person } from '../../src/ports.ts';
import { plain } from '../../src/view.ts';
import { planOf, routed, serviceRef } from './world/plans.ts';

const nobody: Who = { users: [], groups: [], everyone: false };
const everyone: Who = { ...nobody, everyone: true };
const oncall: Who = { users: ['UANN'], groups: ['SONCALL'], everyone: false };

const rule = (more: Partial<PolicyRule> = {}): PolicyRule => ({
  ask: everyone,
  approve: oncall,
  approvals: 1,
  own: false,
  expires: 60_000,
  ...more,
});
const policy = (...rules: PolicyRule[]): Policy => ({ teams: [], rules });

const plan = (more: Partial<Plan> = {}): Plan => ({
  ...planOf('Send 10 % of a to v3', ['a'], [{ ref: serviceRef('a'), after: routed('a', 10) }], 10),
  ...more,
});

function standing(
  id: string,
  more: Partial<Person> = {},
  groups: Record<string, string[] | 'unreadable'> = {},
): Standing {
  const person = { id, team: 'T1', name: id, isBot: false, isGuest: false, isDeleted: false, ...more };
  return { person, memberships: new Map(Object.entries(groups)), home: 'T1' };
}

describe('approving', () => {
  it.each([
    ['somebody named', standing('UANN', {}, { SONCALL: [] })],
    ['a member of the group', standing('UBEN', {}, { SONCALL: ['UBEN'] })],
    ['somebody named, though the group cannot be read', standing('UANN', {}, { SONCALL: 'unreadable' })],
  ])('is for %s', (_, who) => {
    expect(mayApprove(policy(rule()), plan(), 'UASK', who)).toBeUndefined();
  });

  it.each([
    ['somebody else', standing('UOUT', {}, { SONCALL: ['UBEN'] }), /ask .*@SONCALL/],
    ['anybody while the group cannot be read', standing('UBEN', {}, { SONCALL: 'unreadable' }), /Try again/],
    ['anybody whose group was not even asked for', standing('UBEN'), /Try again/],
    ['a bot', standing('UANN', { isBot: true }), /Bots/],
    ['a guest', standing('UANN', { isGuest: true }), /Guests/],
    ['a deactivated account', standing('UANN', { isDeleted: true }), /deactivated/],
    ['another team', standing('UANN', { team: 'T2' }), /not one that meshbot listens to/],
    ['somebody the chat does not know', { ...standing('UANN'), person: undefined }, /does not know you/],
    ['anybody while the own team is not known', { ...standing('UANN'), home: undefined }, /not one that meshbot/],
  ])('is not for %s', (_, who, said) => {
    expect(plain(mayApprove(policy(rule()), plan(), 'UASK', who) ?? '')).toMatch(said);
  });

  it('is not for the one who asked, unless the rule says so', () => {
    expect(mayApprove(policy(rule()), plan(), 'UANN', standing('UANN'))).toMatch(/somebody else has to approve/);
    expect(mayApprove(policy(rule({ own: true })), plan(), 'UANN', standing('UANN'))).toBeUndefined();
  });

  it('by everyone still leaves out guests and bots', () => {
    const open = policy(rule({ approve: everyone }));
    expect(mayApprove(open, plan(), 'UASK', standing('UOUT'))).toBeUndefined();
    expect(mayApprove(open, plan(), 'UASK', standing('UOUT', { isGuest: true }))).toBeDefined();
    expect(mayApprove(open, plan(), 'UASK', standing('UOUT', { isBot: true }))).toBeDefined();
  });
});

describe('the first rule that matches decides', () => {
  const prod = rule({ namespaces: ['prod-*'], approve: { ...nobody, users: ['UPROD'] } });
  const high = rule({ risks: ['high'], approve: { ...nobody, users: ['UHIGH'] } });
  const rest = rule({ approve: everyone });

  it('by namespace, where * stands for any characters and a dot for itself', () => {
    const rules = policy(prod, rest);
    const inProd = plan({ namespace: 'prod-shop', writes: [] });
    expect(mayApprove(rules, inProd, 'UASK', standing('UOUT'))).toBeDefined();
    expect(mayApprove(rules, inProd, 'UASK', standing('UPROD'))).toBeUndefined();
    expect(
      mayApprove(rules, plan({ namespace: 'my-prod-shop', writes: [] }), 'UASK', standing('UOUT')),
    ).toBeUndefined();
  });

  it('by risk', () => {
    const rules = policy(high, rest);
    expect(mayApprove(rules, plan({ risk: 'high' }), 'UASK', standing('UOUT'))).toBeDefined();
    expect(mayApprove(rules, plan({ risk: 'low' }), 'UASK', standing('UOUT'))).toBeUndefined();
  });

  it('and no rule means no', () => {
    expect(mayApprove(policy(prod), plan(), 'UASK', standing('UPROD'))).toMatch(
      /No rule of the policy covers a low-risk change/,
    );
    expect(mayAsk(policy(), plan(), standing('UASK'))).toMatch(/No rule/);
  });

  it('for each namespace that is written, not only the one that is named', () => {
    const elsewhere = { ...serviceRef('a'), namespace: 'prod-shop' };
    const sly = plan({ namespace: 'default', writes: [{ ref: elsewhere, after: routed('a', 10) }] });
    expect(mayApprove(policy(prod, rest), sly, 'UASK', standing('UOUT'))).toBeDefined();
    expect(mayApprove(policy(prod, rest), sly, 'UASK', standing('UPROD'))).toBeUndefined();
  });
});

describe('asking', () => {
  const few = rule({ namespaces: ['default'], ask: { ...nobody, users: ['UANN'] } });

  it('is judged by the plan once there is one', () => {
    expect(mayAsk(policy(few), plan(), standing('UANN'))).toBeUndefined();
    expect(mayAsk(policy(few), plan(), standing('UOUT'))).toBeDefined();
  });

  it('is judged before that by whether any rule for the namespace could let them', () => {
    const rules = policy(few, rule({ namespaces: ['dev'] }));
    expect(mayAsk(rules, { namespace: 'default' }, standing('UOUT'))).toBeDefined();
    expect(mayAsk(rules, { namespace: 'dev' }, standing('UOUT'))).toBeUndefined();
    expect(mayAsk(rules, {}, standing('UOUT'))).toBeUndefined();
  });
});

describe('rejecting', () => {
  it('is for whoever may approve, and for the one who asked', () => {
    expect(mayReject(policy(rule()), plan(), 'UASK', standing('UASK'))).toBeUndefined();
    expect(mayReject(policy(rule()), plan(), 'UASK', standing('UANN'))).toBeUndefined();
    expect(mayReject(policy(rule()), plan(), 'UASK', standing('UOUT', {}, { SONCALL: [] }))).toBeDefined();
  });
});

describe('approvals stand', () => {
  const stored = { ...plan(), revision: 1, digest: digestOf(plan()), at: 1 };
  const by = (user: string, more = {}) => ({ team: 'T1', user, at: 1, digest: stored.digest, ...more });

  it('when as many different people as needed approved this digest', () => {
    const two = policy(rule({ approvals: 2 }));
    expect(approvalsStand(two, stored, [by('UANN'), by('UBEN')], 'UASK')).toBeUndefined();
    expect(approvalsStand(two, stored, [by('UANN'), by('UANN')], 'UASK')).toMatch(/1 of the 2/);
  });

  it.each([
    ['void', by('UANN', { void: true })],
    ['of another plan', by('UANN', { digest: 'another' })],
    ['of the one who asked', by('UASK')],
  ])('but not those that are %s', (_, approval) => {
    expect(approvalsStand(policy(rule()), stored, [approval], 'UASK')).toMatch(/0 of the 1/);
  });

  it('never when a rule asks for none', () => {
    expect(approvalsStand(policy(rule({ approvals: 0 })), stored, [], 'UASK')).toBeDefined();
  });
});
