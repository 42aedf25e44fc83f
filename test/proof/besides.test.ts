/** What a proof sees besides the changed route: requests that must not move, and copies that only the metrics tell of. */
import { describe, expect, it } from 'vitest';
import type { Expectation } from '../../src/plan.ts';
import type { Counts, Hop } from '../../src/ports.ts';
import type { ProofPorts } from '../../src/proof/looking.ts';
import { prove } from '../../src/proof/prove.ts';
import { Dice } from '../change/world/simulation.ts';
import { passingTime } from './time.ts';

const HOST = 'reviews.default.svc.cluster.local';
const probe = { from: { kind: 'gateway' as const }, url: 'http://shop.example.test/productpage' };
const MINA: Expectation = {
  ...{ host: HOST, probe, headers: { 'end-user': 'mina' } },
  shares: { v3: 100 },
  before: [{ shares: { v1: 100 } }],
  others: { shares: { v1: 100 } },
};
const COPIED: Expectation = {
  ...{ host: HOST, probe, headers: {} },
  shares: { v1: 100 },
  before: [{ shares: { v1: 100 }, copies: 0 }],
  mirror: { version: 'v2', percent: 50 },
};

interface Behaves {
  /** Where a request with these headers goes. */
  version(headers: Record<string, string>): string;
  /** Percent of the requests that v2 gets copies of. */
  copies?: number;
  /** ms until the metrics know of a request; absent: they know of none, ever. */
  scraped?: number;
  /** ms between two scrapes, of which the metrics then tell the last. */
  every?: number;
  /** Requests of others just before, of which nothing was copied yet. */
  earlier?: number;
}

function mesh({ version, copies = 0, scraped, every, earlier = 0 }: Behaves) {
  const dice = new Dice(11);
  const hops = new Map<string, Hop[]>();
  const seen: { at: number; version: string; copied: boolean }[] = [];
  const { clock, now, pass } = passingTime();
  for (let index = 0; index < earlier; index++) seen.push({ at: now() - 100, version: 'v1', copied: false });
  const told: string[] = [];
  const counts = (): Counts => {
    const at = every === undefined ? now() : Math.floor(now() / every) * every;
    const known = seen.filter(each => each.at + (scraped ?? 0) <= at);
    const of = (name: string) => known.filter(each => each.version === name).length;
    const sent = { v1: 1000 + of('v1'), v2: 7 };
    const received = { v1: sent.v1, v2: 7 + known.filter(({ copied }) => copied).length };
    return { sent, received, ...(every !== undefined && { at }) };
  };
  const ports: ProofPorts = {
    clock,
    random: { hex: bytes => dice.hex(bytes) },
    probe: {
      send: async ({ headers }) => {
        pass(10);
        const went = version(headers);
        seen.push({ at: now(), version: went, copied: dice.next() * 100 < copies });
        const server = {
          id: '1',
          service: 'reviews.default',
          side: 'server' as const,
          name: '',
          start: now(),
          took: 5,
        };
        hops.set(headers['x-b3-traceid']!, [{ ...server, version: went, tags: {} }]);
        return { outcome: 'answered', status: 200, headers: {}, body: '', truncated: false, took: 10 };
      },
    },
    traces: { find: async id => hops.get(id), link: () => undefined },
    metrics: {
      rateByVersion: async () => undefined,
      ...(scraped !== undefined && { countsByVersion: async () => counts() }),
    },
  };
  return { ...ports, told, now };
}

describe('requests without what the route asks for', () => {
  it('are sent too, and must go as before', async () => {
    const receipt = await prove(MINA, mesh({ version: headers => (headers['end-user'] === 'mina' ? 'v3' : 'v1') }));
    expect(receipt).toMatchObject({
      ...{ verdict: 'proven', sent: 40, seen: { v3: 40 } },
      others: { sent: 20, seen: { v1: 20 }, expected: { v1: 100 } },
    });
    expect(receipt.summary).toContain('without end-user: consistent with 100 % to v1 (20 requests, 99 % sure)');
  });

  it('disprove a route that takes them as well, whatever it does with its own', async () => {
    const receipt = await prove(MINA, mesh({ version: () => 'v3' }));
    expect(receipt.verdict).toBe('not-proven');
    expect(receipt.summary).toMatch(
      /^without end-user: v1 got 0 of 20, .*; v3 got 20 of 20 requests and should get none/,
    );
    expect(receipt.summary).toContain('consistent with 100 % to v3 (40 requests');
  });
});

describe('copies', () => {
  it('are counted where they arrive, once the metrics have them', async () => {
    const receipt = await prove(COPIED, mesh({ version: () => 'v1', copies: 50, scraped: 15_000 }));
    expect(receipt).toMatchObject({ verdict: 'proven', mirror: { version: 'v2', expected: 50, requests: 40 } });
    const { copies, low, high } = receipt.mirror!;
    expect(copies).toBeGreaterThan(0);
    expect(low).toBeLessThan(50);
    expect(high).toBeGreaterThan(50);
    expect(receipt.summary).toContain(
      `v2 got copies of ${copies} of 40 requests, by the metrics, which is consistent with 50 %`,
    );
  });

  it('that are not sent, or too many, are not proven', async () => {
    const none = await prove(COPIED, mesh({ version: () => 'v1', copies: 0, scraped: 1_000 }));
    expect(none).toMatchObject({ verdict: 'not-proven', mirror: { copies: 0, requests: 40 } });
    expect(none.summary).toContain('v2 got copies of 0 of 40 requests, by the metrics, which 50 % does not explain');
    const off = { ...COPIED, before: [{ shares: { v1: 100 }, copies: 50 }], mirror: { version: 'v2', percent: 0 } };
    expect((await prove(off, mesh({ version: () => 'v1', copies: 10, scraped: 1_000 }))).verdict).toBe('not-proven');
    expect((await prove(off, mesh({ version: () => 'v1', copies: 0, scraped: 1_000 }))).verdict).toBe('proven');
    const all = { ...COPIED, mirror: { version: 'v2', percent: 100 } };
    expect((await prove(all, mesh({ version: () => 'v1', copies: 90, scraped: 1_000 }))).verdict).toBe('not-proven');
  });

  it('are told apart from what was sent before, however seldom the metrics are scraped', async () => {
    const all = { ...COPIED, mirror: { version: 'v2', percent: 100 } };
    for (const every of [1_000, 15_000, 60_000]) {
      const seldom = mesh({ version: () => 'v1', copies: 100, scraped: 2_000, every, earlier: 20 });
      const receipt = await prove(all, seldom, { tell: progress => seldom.told.push(progress) });
      expect(receipt).toMatchObject({ verdict: 'proven', mirror: { copies: 40, requests: 40 } });
      expect(seldom.told).toEqual([
        expect.stringMatching(/^Waiting until the metrics have counted what came before/),
        'Waiting for the metrics to count the copies that v2 got',
      ]);
    }
  });

  it('are not waited for without end where the metrics stand still', async () => {
    const still = mesh({ version: () => 'v1', copies: 100, scraped: 0, every: 10_000_000 });
    const began = still.now();
    expect((await prove(COPIED, still)).verdict).toBe('not-proven');
    expect(still.now() - began).toBeLessThan(400_000);
  });

  it('are not known without metrics, or before these know of the requests', async () => {
    for (const scraped of [undefined, 10_000_000]) {
      const ports = mesh({ version: () => 'v1', copies: 50, ...(scraped !== undefined && { scraped }) });
      const receipt = await prove(COPIED, ports);
      expect(receipt).toMatchObject({ verdict: 'not-proven', seen: { v1: 40 } });
      expect(receipt.mirror).toBeUndefined();
      expect(receipt.summary).toContain('the metrics do not say which requests were copied to v2');
    }
  });
});
