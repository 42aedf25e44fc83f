/** What measured values say of gates: kept, broken, or neither. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeGates, LEAST, type Seen } from '../../../src/change/course/gates.ts';
import type { Gate } from '../../../src/plan.ts';

const ERRORS: Gate = { measure: 'errors', below: 1 };
const P95: Gate = { measure: 'p95', below: 500 };

const seen = (requests: number, behaviour: { errors?: number; p50?: number; p95?: number }): Seen => ({
  kind: 'seen',
  requests,
  behaviour: { rate: requests / 60, ...behaviour },
});

describe('gates', () => {
  it.each([
    ['few errors of many requests', [ERRORS], seen(1_000, { errors: 0.002 }), 'pass'],
    ['many errors', [ERRORS], seen(1_000, { errors: 0.05 }), 'breach'],
    ['all of a handful failing, which cannot be chance', [ERRORS], seen(5, { errors: 1 }), 'breach'],
    ['one failing request, which can', [ERRORS], seen(1, { errors: 1 }), 'inconclusive'],
    ['one of a hundred failing, which can', [ERRORS], seen(100, { errors: 0.01 }), 'inconclusive'],
    ['too few requests, none failing', [ERRORS], seen(LEAST - 1, { errors: 0 }), 'inconclusive'],
    ['just enough, none failing', [ERRORS], seen(LEAST, { errors: 0 }), 'pass'],
    ['a slow version', [P95], seen(LEAST, { p95: 501 }), 'breach'],
    ['a slow version of which little is known', [P95], seen(LEAST - 1, { p95: 5_000 }), 'inconclusive'],
    ['exactly the limit, which is not below it', [P95], seen(LEAST, { p95: 500 }), 'breach'],
    ['a value that is not known', [P95], seen(1_000, { errors: 0 }), 'inconclusive'],
    ['one kept and one not known', [ERRORS, P95], seen(1_000, { errors: 0 }), 'inconclusive'],
    ['one kept and one broken', [ERRORS, P95], seen(1_000, { errors: 0, p95: 900 }), 'breach'],
    ['silence', [ERRORS], { kind: 'silent', why: 'Prometheus does not answer' }, 'inconclusive'],
    ['silence where nothing is judged', [], { kind: 'silent', why: 'no Prometheus is known' }, 'pass'],
  ] as [string, Gate[], Seen, string][])('%s', (_, gates, values, verdict) => {
    expect(judgeGates(gates, values).verdict).toBe(verdict);
  });

  it.each([
    ['enough in the whole step', { rate: 0.1, errors: 0 }, 30, { rate: 0.1, errors: 0.001 }, 360, 'pass'],
    ['too few in the whole step too', { rate: 0.01, errors: 0 }, 3, { rate: 0.01, errors: 0 }, 36, 'inconclusive'],
    ['an error lately', { rate: 0.1, errors: 1 / 30 }, 30, { rate: 0.1, errors: 0.003 }, 360, 'inconclusive'],
    ['many errors lately', { rate: 0.1, errors: 0.5 }, 30, { rate: 0.1, errors: 0.003 }, 3_600, 'breach'],
    ['a few errors again and again', { rate: 0.1, errors: 0.1 }, 30, { rate: 0.1, errors: 0.1 }, 360, 'breach'],
  ])('of a quiet version: %s', (_, lately, few, behaviour, requests, verdict) => {
    const both: Seen = { kind: 'seen', behaviour: lately, requests: few, whole: { behaviour, requests } };
    expect(judgeGates([ERRORS], both).verdict).toBe(verdict);
  });

  it('say what was measured beside each limit', () => {
    const { says } = judgeGates([ERRORS, P95], seen(230, { errors: 0.004, p95: 1_240 }));
    expect(says).toBe('errors 0.4 % of 230 requests (below 1 %), p95 1.2 s (must be below 500 ms)');
  });

  it('never pass with a value that is not below its limit, however few or many requests there are', () => {
    fc.assert(
      fc.property(fc.nat(5_000), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(2_000), (requests, errors, p95) => {
        const { verdict } = judgeGates([ERRORS, P95], seen(requests, { errors, p95 }));
        if (errors * 100 >= 1 || p95 >= 500 || requests < LEAST) expect(verdict).not.toBe('pass');
        if (errors * 100 < 1 && p95 < 500) expect(verdict).not.toBe('breach');
      }),
    );
  });
});
