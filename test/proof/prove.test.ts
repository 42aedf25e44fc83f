/** The proof against a mesh that is right, wrong, late, silent or failing. */
import { describe, expect, it } from 'vitest';
import type { Expectation } from '../../src/plan.ts';
import { ProbeError, type ProbeRequest } from '../../src/ports.ts';
import { prove, risingVersion } from '../../src/proof/prove.ts';
import { mesh } from './mesh.ts';

const HALF: Expectation = {
  host: 'reviews.default.svc.cluster.local',
  headers: { 'end-user': 'ann' },
  shares: { v1: 50, v3: 50 },
  before: [{ shares: { v1: 100 } }],
  probe: { from: { kind: 'gateway' }, url: 'http://shop.example.test/productpage' },
};

describe('a proof', () => {
  it('is made when each version got a share that the expected one explains', async () => {
    const { ports } = mesh(() => ({ v1: 50, v3: 50 }));
    const receipt = await prove(HALF, ports, { changed: 'v3' });
    expect(receipt).toMatchObject({ verdict: 'proven', sent: 40, statuses: { '200': 40 }, median: 20 });
    expect(receipt.summary).toBe('consistent with 50 % to v1, 50 % to v3 (40 requests, 99 % sure)');
    expect(Object.values(receipt.seen).reduce((sum, count) => sum + count)).toBe(40);
  });

  it('sends requests that fall under the route and can each be found again', async () => {
    const { ports, requests } = mesh(() => ({ v1: 50, v3: 50 }));
    await prove(HALF, ports);
    const ids = requests.map(request => request.headers['x-b3-traceid']);
    expect(new Set(ids).size).toBe(40);
    for (const { headers, url } of requests) {
      expect(url).toBe('http://shop.example.test/productpage');
      expect(headers['end-user']).toBe('ann');
      expect(headers['x-b3-traceid']).toMatch(/^[0-9a-f]{32}$/);
      expect(headers['x-b3-sampled']).toBe('1');
      expect(headers.traceparent).toBe(`00-${headers['x-b3-traceid']}-${headers['x-b3-spanid']}-01`);
    }
  });

  it('looks again when the first look was too early', async () => {
    const { ports } = mesh(now => (now < 1_006_000 ? { v1: 100 } : { v1: 50, v3: 50 }));
    expect((await prove(HALF, ports)).verdict).toBe('proven');
  });

  it('is not made when the mesh stays as it was', async () => {
    const { ports } = mesh(() => ({ v1: 100 }));
    const receipt = await prove(HALF, ports);
    expect(receipt.verdict).toBe('not-proven');
    expect(receipt.summary).toBe(
      'v1 got 40 of 40, which 50 % does not explain; v3 got 0 of 40, which 50 % does not explain',
    );
  });

  it('is not made when one request goes where none should', async () => {
    const all = { ...HALF, shares: { v1: 0, v3: 100 } };
    const { ports } = mesh(() => ({ v1: 8, v3: 92 }));
    const receipt = await prove(all, ports, { patience: 0 });
    expect(receipt.verdict).toBe('not-proven');
    expect(receipt.summary).toMatch(/^v1 got \d+ of 40 requests and should get none/);
  });

  it('is not made when a version answers that nobody named', async () => {
    const { ports } = mesh(() => ({ v1: 40, v2: 20, v3: 40 }));
    expect((await prove(HALF, ports, { patience: 0 })).summary).toMatch(
      /v2 got \d+ of 40 requests and should get none/,
    );
  });

  it('says what not being seen rules out, and no more', async () => {
    const all = { ...HALF, shares: { v1: 0, v3: 100 } };
    const { ports } = mesh(() => ({ v3: 100 }));
    const receipt = await prove(all, ports);
    expect(receipt).toMatchObject({ verdict: 'proven', seen: { v3: 40 } });
    expect(receipt.summary).toBe(
      'consistent with 100 % to v3 (40 requests, 99 % sure); v1 got none, which rules out 10.9 % or more',
    );
  });

  it('names the next step when no request is known that reaches the service', async () => {
    const { probe: _probe, ...unreachable } = HALF;
    const receipt = await prove(unreachable, mesh(() => ({ v1: 100 })).ports);
    expect(receipt).toMatchObject({ verdict: 'not-proven', sent: 0 });
    expect(receipt.summary).toBe(
      'no request is known that falls under this route of reviews.default: name one under probes in meshbot.yaml',
    );
  });

  it('is not made without traces, and says what the metrics hint at', async () => {
    const { ports } = mesh(() => ({ v1: 100 }), {
      traces: {
        find: async () => {
          throw new Error('connection refused');
        },
        link: () => undefined,
      },
      metrics: { rateByVersion: async () => ({ v1: 3, v3: 1 }) },
    });
    const receipt = await prove(HALF, ports, { patience: 0 });
    expect(receipt.verdict).toBe('not-proven');
    expect(receipt.summary).toBe(
      'of 40 requests none is known to have reached reviews.default; the tracer does not answer: connection refused; the metrics of the last minute, of all requests, say v1 75 %, v3 25 %',
    );
  });

  async function withFailures(oneIn: number) {
    const { ports } = mesh(() => ({ v1: 50, v3: 50 }));
    const { send } = ports.probe;
    let nth = 0;
    const failing = {
      send: async (request: ProbeRequest) => ({ ...(await send(request)), status: nth++ % oneIn ? 200 : 503 }),
    };
    return prove(HALF, { ...ports, probe: failing });
  }

  it('proves nothing when many requests fail, though their ways are right', async () => {
    const receipt = await withFailures(4);
    expect(receipt.verdict).toBe('not-proven');
    expect(receipt.summary).toMatch(/^10 of 40 requests failed \(10 × 503\); consistent with/);
  });

  it('mentions a request that failed now and then', async () => {
    const receipt = await withFailures(40);
    expect(receipt.verdict).toBe('proven');
    expect(receipt.summary).toContain('1 of 40 requests failed (1 × 503)');
  });

  it('says why when a request must not be sent', async () => {
    const probe = { send: () => Promise.reject(new ProbeError('shop.example.test is not an address of the mesh')) };
    const receipt = await prove(HALF, mesh(() => ({ v1: 100 }), { probe }).ports);
    expect(receipt.summary).toBe('no request could be sent: shop.example.test is not an address of the mesh');
  });

  it('shows one trace that went through the changed version, each call once', async () => {
    const { ports } = mesh(() => ({ v1: 50, v3: 50 }));
    const { trace, traceId, traceLink } = await prove(HALF, ports, { changed: 'v3' });
    expect(trace?.map(({ service, version, depth }) => [service, version, depth])).toEqual([
      ['productpage.default', 'v1', 0],
      ['reviews.default', 'v3', 1],
    ]);
    expect(traceLink).toBe(`http://tracing.example.test/${traceId}`);
  });
});

it('the version that gains most is the one whose trace is shown', () => {
  const traffic = [
    { match: 'all requests', destination: 'reviews v1', before: 100, after: 30 },
    { match: 'all requests', destination: 'reviews v2', before: 0, after: 20 },
    { match: 'all requests', destination: 'reviews v3', before: 0, after: 50 },
  ];
  expect(risingVersion({ traffic, expectation: { ...HALF, shares: { v1: 30, v2: 20, v3: 50 } } })).toBe('v3');
});
