import { expect, it } from 'vitest';
import type { Policy, PolicyRule } from '../../src/change/policy.ts';
import { mayAskThere } from '../../src/desk/doorkeeper.ts';

const everyone = { users: [], groups: [], everyone: true };
const rule: PolicyRule = { ask: everyone, approve: everyone, approvals: 1, own: false, expires: 3_600_000 };
const policy = (...rules: Partial<PolicyRule>[]): Policy => ({
  teams: [],
  rules: rules.map(each => ({ ...rule, ...each })),
});

it('takes no change in a direct message, where nobody else could see its card and approve it', () => {
  expect(mayAskThere(policy({}), 'D0123456789')).toContain('Ask for it in a channel');
  expect(mayAskThere(policy({ own: true, approvals: 2 }), 'D0123456789')).toBeDefined();
  expect(mayAskThere(policy({}), 'C0123456789')).toBeUndefined();
  expect(mayAskThere(policy({}), 'G0123456789')).toBeUndefined();
});

it('takes it there where people may approve their own', () => {
  expect(mayAskThere(policy({}, { own: true }), 'D0123456789')).toBeUndefined();
});
