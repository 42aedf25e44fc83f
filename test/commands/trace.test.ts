import { describe, expect, it } from 'vitest';
import trace from '../../commands/trace.ts';
import { type Hop, ProbeError, type ProbeRequest } from '../../src/ports.ts';
import type { View } from '../../src/view.ts';
import { ask, contextOf, type Fakes, said } from './setup.ts';

const ID = '5af7183fb1d4cf5f6b2b4f5d5a7c1e2d';

function hop(id: string, parent: string | undefined, service: string, more: Partial<Hop> = {}): Hop {
  return {
    ...{ id, service, side: 'server', name: '', start: 1_000, took: 10, status: 200, tags: {} },
    ...(parent !== undefined && { parent }),
    ...more,
  };
}

/** Gateway → productpage → reviews, whole: three hops, for both sides of the last call tell of one. */
const HOPS = [
  hop('a', undefined, 'istio-ingressgateway.istio-system', { side: 'client', took: 42.5 }),
  hop('b', 'a', 'productpage.default', { version: 'v1', start: 1_001, took: 40 }),
  hop('c', 'b', 'productpage.default', { side: 'client', start: 1_010, took: 20 }),
  hop('d', 'c', 'reviews.default', { version: 'v3', start: 1_011, took: 18 }),
];

async function traced(line: string, fakes: Fakes = {}) {
  const requests: ProbeRequest[] = [];
  const shown: View[] = [];
  const send = (request: ProbeRequest) => {
    requests.push(request);
    return { outcome: 'answered' as const, status: 200, headers: {}, body: '', truncated: false, took: 43 };
  };
  const context = contextOf({ send, hops: () => HOPS, shown: view => shown.push(view), ...fakes });
  const view = await ask(line, trace, context);
  return { requests, shown: shown.map(said), view, text: said(view) };
}

describe('trace of a service', () => {
  it('sends the request that is known to reach it, and shows the very trace of that one', async () => {
    const asked: string[] = [];
    const { requests, view, text } = await traced('trace productpage --header end-user=jason', {
      hops: id => {
        asked.push(id);
        return HOPS;
      },
    });
    expect(requests).toHaveLength(1);
    const [request] = requests;
    expect(request).toMatchObject({
      ...{ from: { kind: 'gateway' }, method: 'GET' },
      url: 'http://productpage/productpage',
      headers: { 'end-user': 'jason', 'x-b3-sampled': '1' },
    });
    const id = request!.headers['x-b3-traceid']!;
    expect(request!.headers.traceparent).toContain(`-${id}-`);
    expect(new Set(asked)).toEqual(new Set([id]));
    expect(view.text).toBe(`Trace ${id}: 3 hops in 42.5 ms, no errors.`);
    expect(text).toContain('With: end-user: jason');
    expect(text).toContain('Answer: 200 after 43.0 ms');
    expect(text).toContain('reviews.default | v3 | 11.0 ms | 18.0 ms | 200');
    expect(text).toMatch(/reviews\.default v3 .*█/);
    expect(text).toContain(`https://zipkin.example.com/zipkin/traces/${id}`);
  });

  it('sends the request that the configuration names before any other', async () => {
    const requests: ProbeRequest[] = [];
    const context = contextOf({
      hops: () => HOPS,
      send: request => {
        requests.push(request);
        return { outcome: 'answered', status: 200, headers: {}, body: '', truncated: false, took: 43 };
      },
    });
    const from = { kind: 'pod' as const, namespace: 'default', pod: 'curl' };
    const probes = { 'reviews.default.svc.cluster.local': { from, url: 'http://reviews:9080/reviews/7' } };
    await ask('trace reviews', trace, { ...context, probes });
    expect(requests).toMatchObject([{ from, url: 'http://reviews:9080/reviews/7' }]);
  });

  it('says what to type where no request is known that reaches it', async () => {
    const { requests, text } = await traced('trace reviews');
    expect(requests).toEqual([]);
    expect(text).toMatch(/No request is known that reaches reviews.*trace reviews\/path --from pod:\w+/);
  });

  it('asks from a pod, at the path that was typed', async () => {
    const { requests, text } = await traced('trace reviews/reviews/0 --from pod:ratings');
    expect(requests).toMatchObject([
      { from: { kind: 'pod', pod: 'ratings-v1-a' }, url: 'http://reviews:9080/reviews/0' },
    ]);
    expect(text).not.toContain('No hop of reviews');
  });

  it('says that the service is not in the trace, and why that may be', async () => {
    const lost = { hops: () => HOPS.slice(0, 2) };
    expect((await traced('trace ratings/ratings/0 --from pod:reviews', lost)).text).toContain(
      'No hop of ratings is in it',
    );
    expect((await traced('trace reviews/reviews/0', lost)).text).toContain('trace reviews/reviews/0 --from pod:');
  });

  it('counts errors, and shows them first', async () => {
    const hops = () => [...HOPS.slice(0, 3), { ...HOPS[3]!, status: 503 }];
    const { view, text } = await traced('trace productpage', { hops });
    expect(view.text).toContain('1 error');
    expect(text).toContain('⚠️ 3 hops in 42.5 ms, 1 error');
  });

  it('counts a call of gRPC that failed, though its status is 200', async () => {
    const failed = { ...HOPS[3]!, tags: { error: 'true', 'grpc.status_code': '14' } };
    const { view, text } = await traced('trace productpage', { hops: () => [...HOPS.slice(0, 3), failed] });
    expect(view.text).toContain('1 error');
    expect(text).toContain('200, gRPC 14, error');
  });

  it('cuts a very long trace, and says so', async () => {
    const many = Array.from({ length: 100 }, (_, index) => hop(`x${index}`, 'b', 'details.default'));
    const { view, text } = await traced('trace productpage', { hops: () => [...HOPS, ...many] });
    expect(view.text).toContain('103 hops');
    expect(text).toContain('79 more hops are not shown.');
  });

  it('draws what no proxy would report: thousands of hops in a row, ids given twice, hops that call each other', async () => {
    const deep = Array.from({ length: 20_000 }, (_, index) =>
      hop(`${index}`, index > 0 ? `${index - 1}` : 'b', 'loop.default'),
    );
    expect((await traced('trace productpage', { hops: () => [...HOPS, ...deep] })).view.text).toContain('20003 hops');
    const twice = Array.from({ length: 60 }, (_, index) =>
      hop(`${index >> 1}`, index > 1 ? `${(index >> 1) - 1}` : 'b', 'two.default'),
    );
    expect((await traced('trace productpage', { hops: () => [...HOPS, ...twice] })).view.text).toContain('63 hops');
    const round = [hop('x', 'y', 'round.default'), hop('y', 'x', 'round.default')];
    expect((await traced('trace productpage', { hops: () => [...HOPS, ...round] })).view.text).toContain('3 hops');
  });

  it.each([
    ['trace revews', 'Did you mean reviews?'],
    ['trace revews/path', 'Did you mean reviews?'],
    ['trace 5af7183fb1d4cf5f6b2b4f5d5a7c1e2', 'which is 16 or 32 hex digits'],
    [`trace ${ID.replace('5', 'x')}`, 'which is 16 or 32 hex digits'],
    ['trace "../services"', 'which is 16 or 32 hex digits'],
    ['trace productpage --header "Cookie=a=b"', 'Credentials do not go through the chat'],
    ['trace reviews/x --from pod:nobody', 'There is no pod nobody'],
  ])('sends and asks nothing for %s', async (line, says) => {
    const asked: string[] = [];
    const { requests, text } = await traced(line, {
      hops: id => {
        asked.push(id);
        return HOPS;
      },
    });
    expect(text).toContain(says);
    expect(requests).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('shows what the probe says of a target that it will not ask', async () => {
    const send = () => {
      throw new ProbeError('169.254.169.254 is not asked: it is the metadata service.');
    };
    const { text } = await traced('trace http://169.254.169.254/latest', { send });
    expect(text).toContain('169.254.169.254 is not asked');
  });
});

describe('trace of an id', () => {
  it('sends nothing, and takes ids of 64 and 128 bits in any case', async () => {
    for (const id of [ID, ID.slice(16), ID.toUpperCase()]) {
      const asked: string[] = [];
      const { requests, view } = await traced(`trace ${id}`, {
        hops: given => {
          asked.push(given);
          return HOPS;
        },
      });
      expect(requests).toEqual([]);
      expect(asked[0]).toBe(id.toLowerCase());
      expect(view.text).toContain('3 hops in 42.5 ms');
    }
  });

  it('shows what has come of it until it is whole', async () => {
    let looks = 0;
    const { shown, view } = await traced(`trace ${ID}`, {
      hops: () => {
        looks += 1;
        return looks < 3 ? undefined : looks < 6 ? HOPS.slice(0, 3) : HOPS;
      },
    });
    expect(shown[0]).toContain('Waiting for Zipkin');
    expect(shown[1]).not.toContain('reviews.default');
    expect(shown[1]).toContain('More of it may still come.');
    expect(said(view)).toContain('reviews.default');
    expect(said(view)).not.toContain('More of it');
  });

  it('explains a trace that does not come: what may be, and how more are sampled', async () => {
    const { view, text, shown } = await traced(`trace ${ID}`, { hops: () => undefined });
    expect(view.text).toBe(`Zipkin has no trace ${ID}, also after 30 s.`);
    expect(text).toContain('Istio samples 1 % of requests');
    expect(text).toContain('randomSamplingPercentage: 10');
    expect(shown.length).toBeGreaterThan(1);
    expect(shown.at(-1)).toMatch(/"detail":"\d+ of at most 30 s"/);
  });

  it('explains the trace of its own request otherwise: that one asked to be sampled', async () => {
    const { text } = await traced('trace productpage', { hops: () => undefined });
    expect(text).toContain('may drop the headers of the trace');
    expect(text).toContain('Answer: 200');
    expect(text).toContain('extensionProviders');
    expect(text).toContain('providers: [{ name: zipkin }]');
  });

  it('says what the tracer says where it fails, and shows what came before it did', async () => {
    let looks = 0;
    const failing = () => {
      throw new Error('Zipkin answered 503: overloaded');
    };
    expect((await traced(`trace ${ID}`, { hops: failing })).view.text).toContain('Zipkin answered 503: overloaded');
    const { view } = await traced(`trace ${ID}`, {
      hops: () => {
        looks += 1;
        return looks === 1 ? HOPS : failing();
      },
    });
    expect(view.text).toContain('3 hops');
  });

  it('says so where no tracer is known, and sends nothing', async () => {
    for (const line of [`trace ${ID}`, 'trace productpage']) {
      const { requests, view } = await traced(line, { tracer: undefined });
      expect(view.text).toContain('No tracer is known');
      expect(view.text).toContain('telemetry.zipkin');
      expect(requests).toEqual([]);
    }
  });
});
