/** What is seen must not fit the state before the change just as well: otherwise nothing is proven, and it is said why. */
import { describe, expect, it } from 'vitest';
import type { Split } from '../../src/plan.ts';
import { ProbeError } from '../../src/ports.ts';
import { MOST, notRuledOut, requestsToTell, sureOf } from '../../src/proof/apart.ts';
import type { ProofOptions, ProofPorts } from '../../src/proof/looking.ts';
import { prove } from '../../src/proof/prove.ts';
import { AFTER, BEFORE, Town, to, virtualService, WRITE } from './held/town.ts';
import { mesh } from './mesh.ts';

const shift = (before: Record<string, number>, shares: Record<string, number>): Split => ({
  host: 'reviews.default.svc.cluster.local',
  headers: {},
  ...{ shares, before: [{ shares: before }] },
  probe: { from: { kind: 'gateway' }, url: 'http://shop.example.test/productpage' },
});
const TO_FIVE = shift({ v1: 100 }, { v1: 95, v3: 5 });
const TO_ONE = shift({ v1: 100 }, { v1: 99, v3: 1 });

/** Proxies that tell what is given, beside the requests of the proof. */
function asking(tell: ConstructorParameters<typeof Town>[1]): {
  ports: Partial<ProofPorts>;
  given: Partial<ProofOptions>;
} {
  return { ports: { proxies: new Town(['a', 'b', 'c'], tell) }, given: { written: { write: WRITE, at: 1_000_000 } } };
}

describe('a mesh that stays as it was, where nobody can ask its proxies,', () => {
  it.each([
    ['0 → 5 %', TO_FIVE, { v1: 100 }],
    ['0 → 1 %', TO_ONE, { v1: 100 }],
    ['95 → 90 %', shift({ v1: 95, v3: 5 }, { v1: 90, v3: 10 }), { v1: 95, v3: 5 }],
    ['50 → 35 %', shift({ v1: 50, v3: 50 }, { v1: 35, v3: 65 }), { v1: 50, v3: 50 }],
    ['50 → 55 %', shift({ v1: 50, v3: 50 }, { v1: 45, v3: 55 }), { v1: 50, v3: 50 }],
    ['100 % → spread', { ...shift({ v1: 100 }, {}), spread: 100 }, { v1: 100 }],
  ])('proves nothing: %s', async (_, expectation, stays) => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const receipt = await prove(expectation, mesh(() => stays, { seed: seed * 7_919 }).ports);
      expect(receipt.verdict).toBe('not-proven');
      expect(receipt.sent).toBeLessThanOrEqual(MOST);
    }
  });

  it('is called so once in a hundred times at most, however often it was looked at', async () => {
    const near = shift({ v1: 80, v3: 20 }, { v1: 70, v3: 30 });
    let wrong = 0;
    for (let seed = 1; seed <= 150; seed++) {
      const { verdict } = await prove(near, mesh(() => ({ v1: 80, v3: 20 }), { seed: seed * 7_919 }).ports);
      if (verdict === 'proven') wrong += 1;
    }
    expect(wrong).toBeLessThanOrEqual(2);
  });

  it('is told from the change by a sentence, and by what to do', async () => {
    const receipt = await prove(TO_FIVE, mesh(() => ({ v1: 100 })).ports, { patience: 0 });
    expect(receipt.summary).toMatch(
      /^the requests look the same as before the change \(100 % to v1\), so they do not show that it was taken: ask a proxy of a client: istioctl proxy-config routes; consistent with 95 % to v1, 5 % to v3 \(\d+ requests, 99 % sure\); v3 was not seen yet$/,
    );
    const { ports, given } = asking(() => {
      throw new ProbeError('pods/exec is forbidden', { forbidden: true });
    });
    const refused = await prove(TO_FIVE, mesh(() => ({ v1: 100 }), ports).ports, { ...given, patience: 0 });
    expect(refused.summary).toContain('apply deploy/exec.yaml in the namespaces of the clients');
  });

  it('proves nothing where nothing was to move, or nobody knows what was before', async () => {
    const still = shift({ v1: 100 }, { v1: 100 });
    const receipt = await prove(still, mesh(() => ({ v1: 100 })).ports, { patience: 0 });
    expect(receipt).toMatchObject({ verdict: 'not-proven', sent: 40 });
    expect(receipt.summary).toMatch(/^no request goes another way by this change, so requests do not show it/);
    const { before: _, ...unknown } = still;
    expect((await prove(unknown, mesh(() => ({ v1: 100 })).ports, { patience: 0 })).summary).toMatch(
      /^what these requests did before the change is not known/,
    );
  });

  it('may be at an earlier step: that is no proof of the last', async () => {
    const last = {
      ...shift({ v1: 100 }, { v1: 45, v3: 55 }),
      before: [{ shares: { v1: 100 } }, { shares: { v1: 50, v3: 50 } }],
    };
    const { verdict, summary } = await prove(last, mesh(() => ({ v1: 50, v3: 50 })).ports, { patience: 0 });
    expect(verdict).toBe('not-proven');
    expect(summary).toContain('the same as before the change (50 % to v1, 50 % to v3)');
  });
});

describe('a mesh that did change', () => {
  it.each([
    ['0 → 5 %', TO_FIVE],
    ['0 → 1 %', TO_ONE],
    ['95 → 90 %', shift({ v1: 95, v3: 5 }, { v1: 90, v3: 10 })],
    ['50 → 35 %', shift({ v1: 50, v3: 50 }, { v1: 35, v3: 65 })],
    ['100 % → all', shift({ v1: 100 }, { v3: 100 })],
  ])('is proven by enough requests, and not by many more: %s', async (_, expectation) => {
    const { ports, requests } = mesh(() => expectation.shares);
    const receipt = await prove(expectation, ports);
    expect(receipt.verdict).toBe('proven');
    expect(receipt.sent).toBeLessThanOrEqual(MOST);
    expect(requests.length).toBeLessThanOrEqual(3 * MOST);
  });

  it('is seen by the small share itself, which is counted', async () => {
    const receipt = await prove(TO_ONE, mesh(() => ({ v1: 99, v3: 1 })).ports);
    expect(receipt.summary).toMatch(
      new RegExp(
        `^consistent with 99 % to v1, 1 % to v3 \\(${receipt.sent} requests, 99 % sure\\); v3 was seen ${receipt.seen.v3} times? of ${receipt.sent}$`,
      ),
    );
    expect(receipt.seen.v3).toBeGreaterThan(0);
  });

  it('by less than any requests show is not bombarded with them', async () => {
    const { ports, requests } = mesh(() => ({ v1: 45, v3: 55 }));
    const receipt = await prove(shift({ v1: 50, v3: 50 }, { v1: 45, v3: 55 }), ports, { patience: 0 });
    expect(receipt.verdict).toBe('not-proven');
    expect(requests).toHaveLength(40);
  });

  it('is not proven by requests that the Service may have spread so before', async () => {
    const first = { ...shift({}, { v3: 100 }), before: [{ shares: {}, spread: 100 }] };
    const receipt = await prove(first, mesh(() => ({ v3: 100 })).ports, { patience: 0 });
    expect(receipt.verdict).toBe('not-proven');
    expect(receipt.summary).toContain('(100 % spread by the Service itself)');
    const back = { ...shift({ v1: 100 }, {}), spread: 100 };
    expect((await prove(back, mesh(() => ({ v1: 40, v2: 30, v3: 30 })).ports)).verdict).toBe('proven');
  });
});

describe('proxies that were read', () => {
  const near = shift({ v1: 50, v3: 50 }, { v1: 45, v3: 55 });
  const at = (shares: Record<string, number>, tell: ConstructorParameters<typeof Town>[1]) => {
    const { ports, given } = asking(tell);
    return prove(near, mesh(() => shares, ports).ports, { ...given, patience: 0 });
  };

  it('as holding it show what requests cannot', async () => {
    const receipt = await at({ v1: 45, v3: 55 }, () => AFTER);
    expect(receipt).toMatchObject({ verdict: 'proven', sent: 40, proxies: { hold: 3 } });
    // A small share is looked for all the same, and that it was not seen is said.
    const { ports, given } = asking(() => AFTER);
    const unseen = await prove(TO_ONE, mesh(() => ({ v1: 100 }), ports).ports, given);
    expect(unseen).toMatchObject({ verdict: 'proven', sent: 299 });
    expect(unseen.summary).toContain('v3 was not seen yet');
  });

  it('as holding it in part, and another route in part, prove nothing', async () => {
    const theirs = virtualService([{ route: [to('v2')] }]);
    const receipt = await at({ v1: 45, v3: 55 }, pod => (pod === 'b' ? theirs : AFTER));
    expect(receipt).toMatchObject({ verdict: 'not-proven', proxies: { hold: 2, other: 1 } });
    expect(receipt.summary).toMatch(/^1 of 3 proxies holds another route, .*: b\.default; .*; consistent with/);
  });

  it('none of which holds it leave it to the requests', async () => {
    for (const tell of [() => undefined, () => virtualService([{ route: [to('v2')] }])]) {
      const receipt = await at({ v1: 50, v3: 50 }, tell);
      expect(receipt.verdict).toBe('not-proven');
      expect(receipt.summary).toContain('the requests look the same as before the change');
    }
    expect((await at({ v1: 50, v3: 50 }, () => BEFORE)).summary).toMatch(/^the route was not taken: all 3 proxies/);
  });
});

describe('telling two states apart', () => {
  it('takes as many requests as the smaller difference asks for', () => {
    expect(requestsToTell(TO_ONE, 99)).toBe(299);
    expect(requestsToTell(TO_FIVE, 99)).toBe(59);
    expect(requestsToTell(shift({ v1: 50, v3: 50 }, { v1: 45, v3: 55 }), 99)).toBeUndefined();
    const tenth = requestsToTell(shift({ v1: 95, v3: 5 }, { v1: 90, v3: 10 }), 99)!;
    expect(tenth).toBeGreaterThan(200);
    expect(tenth).toBeLessThanOrEqual(MOST);
  });

  it('rules a state out by what it does not allow at all, else by the exact interval', () => {
    const left = (expectation: Split, seen: Record<string, number>) => notRuledOut(expectation, { seen }, 99);
    expect(left(TO_ONE, { v1: 399, v3: 1 })).toEqual([]);
    expect(left(TO_ONE, { v1: 400 })).toEqual([{ shares: { v1: 100 } }]);
    const half = shift({ v1: 50, v3: 50 }, { v1: 35, v3: 65 });
    expect(left(half, { v1: 14, v3: 26 })).toHaveLength(1);
    expect(left(half, { v1: 74, v3: 139 })).toEqual([]);
  });

  it('spends the error of one look on all of them', () => {
    let error = 0;
    for (let look = 1; look <= 10_000; look++) error += 100 - sureOf(99, look);
    expect(error).toBeGreaterThan(0.99);
    expect(error).toBeLessThanOrEqual(1);
  });
});
