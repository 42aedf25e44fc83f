import { describe, expect, it } from 'vitest';
import { Meter } from '../../../src/sandbox/mesh/metrics/meter.ts';
import { evaluate } from '../../../src/sandbox/mesh/promql/evaluate.ts';
import { parse } from '../../../src/sandbox/mesh/promql/parse.ts';

const START = 1_767_225_600;

/** A counter {app="a"} that grows by `each` every second for `seconds` seconds, each request taking `took` ms. */
function metered(seconds: number, each = 1, took = 3): Meter {
  let second = START;
  const meter = new Meter({ now: () => second * 1000, sleep: async () => {} });
  for (; second < START + seconds; second += 1) for (let n = 0; n < each; n += 1) meter.observe({ app: 'a' }, took);
  return meter;
}

function value(meter: Meter, query: string, second: number): number {
  const found = evaluate(meter, parse(query), second);
  return found.type === 'scalar' ? found.value : (found.samples[0]?.value ?? Number.NaN);
}

describe('a query', () => {
  it('gives a counter as it was at that second', () => {
    const meter = metered(100, 2);
    expect(value(meter, 'istio_requests_total', START + 9)).toBe(20);
    expect(value(meter, 'istio_requests_total{app="a"}', START + 99)).toBe(200);
    expect(value(meter, 'istio_requests_total{app!="a"}', START + 99)).toBeNaN();
    expect(value(meter, 'istio_requests_total{app=~"a|b"}', START + 99)).toBe(200);
    expect(value(meter, 'istio_requests_total', START - 1)).toBeNaN();
  });

  it('stretches growth to the whole of the range', () => {
    const meter = metered(200, 3);
    expect(value(meter, 'increase(istio_requests_total[1m])', START + 150)).toBeCloseTo(180, 6);
    expect(value(meter, 'rate(istio_requests_total[1m])', START + 150)).toBeCloseTo(3, 6);
  });

  it('does not stretch it beyond the beginning of the counter', () => {
    // 20 samples 1 s apart from the first second on: 19 of growth, half a second more at the most.
    expect(value(metered(20), 'increase(istio_requests_total[5m])', START + 19)).toBeCloseTo(19.5, 6);
  });

  it('needs two samples to see growth', () => {
    expect(value(metered(1), 'increase(istio_requests_total[1m])', START)).toBeNaN();
  });

  it('finds a quantile within its bucket', () => {
    // All took 3 ms: between the bounds 1 and 5, so the middle is said to be at 3.
    const query = 'histogram_quantile(0.5, sum by (le) (rate(istio_request_duration_milliseconds_bucket[1m])))';
    expect(value(metered(100), query, START + 99)).toBeCloseTo(3, 6);
  });

  it('remembers two hours', () => {
    const meter = metered(3 * 3600);
    expect(value(meter, 'istio_requests_total', START + 3 * 3600 - 1)).toBe(3 * 3600);
    expect(value(meter, 'istio_requests_total', START + 3600 + 60)).toBe(3600 + 61);
  });

  it('may say its labels on either side of sum', () => {
    const meter = metered(10);
    for (const query of ['sum by (app) (istio_requests_total)', 'sum(istio_requests_total) by (app)']) {
      expect(evaluate(meter, parse(query), START + 9)).toEqual({
        type: 'vector',
        samples: [{ labels: { app: 'a' }, value: 10 }],
      });
    }
  });

  it('unites two vectors, and what is in both is there once', () => {
    let second = START;
    const meter = new Meter({ now: () => second * 1000, sleep: async () => {} });
    for (; second < START + 10; second += 1) {
      meter.observe({ app: 'a', code: '500' }, 3);
      meter.observe({ app: 'a', code: '200', grpc: '14' }, 3);
      meter.observe({ app: 'a', code: '500', grpc: '14' }, 3);
    }
    const both = 'istio_requests_total{code="500"} or istio_requests_total{grpc="14"}';
    expect(value(meter, `sum by (app) (${both})`, START + 9)).toBe(30);
    expect(() => parse('1 or istio_requests_total')).toThrow('set operator');
    expect(() => parse('istio_requests_total or')).toThrow('unexpected end of input');
  });
});
