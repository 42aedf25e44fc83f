import { afterEach, describe, expect, it } from 'vitest';
import { noMetrics, prometheus } from '../../src/telemetry/prometheus.ts';
import { answering } from './server.ts';

const HOST = 'reviews.default.svc.cluster.local';

let server: Awaited<ReturnType<typeof answering>>;
afterEach(() => server?.close());

const vector = (...result: [string | undefined, string][]) => ({
  status: 'success',
  data: {
    resultType: 'vector',
    result: result.map(([destination_version, rate]) => ({
      metric: destination_version === undefined ? {} : { destination_version },
      value: [1_795_272_000.123, rate],
    })),
  },
});

const json = (body: unknown, status = 200) =>
  answering((_, response) => response.writeHead(status).end(JSON.stringify(body)));

describe('rates of Prometheus', () => {
  it('come by version, as requests per second where they are sent', async () => {
    server = await json(vector(['v1', '2.5'], ['v3', '0'], [undefined, '0.25']));
    expect(await prometheus(server.url).rateByVersion(HOST, 120)).toEqual({ v1: 2.5, v3: 0, unknown: 0.25 });
    const url = server.urls[0]!;
    expect(url.pathname).toBe('/api/v1/query');
    expect(url.searchParams.get('query')).toBe(
      'sum by (destination_version) (rate(istio_requests_total' +
        `{reporter=~"source|waypoint",destination_service="${HOST}"}[120s]))`,
    );
  });

  it('are not known where there is no series, or no number', async () => {
    server = await json(vector());
    expect(await prometheus(server.url).rateByVersion(HOST, 60)).toBeUndefined();
    server.close();
    server = await json(vector(['v1', 'NaN'], ['v2', '+Inf']));
    expect(await prometheus(server.url).rateByVersion(HOST, 60)).toBeUndefined();
  });

  it('of all time are counted on both sides, as only the receiving one counts copies', async () => {
    server = await json(vector(['v1', '1200'], ['v2', '7']));
    expect(await prometheus(server.url).countsByVersion?.(HOST)).toEqual({
      sent: { v1: 1200, v2: 7 },
      received: { v1: 1200, v2: 7 },
      at: 7_000,
    });
    expect(server.urls.map(url => url.searchParams.get('query'))).toEqual([
      `min(timestamp(istio_requests_total{destination_service="${HOST}"}))`,
      `sum by (destination_version) (istio_requests_total{reporter=~"source|waypoint",destination_service="${HOST}"})`,
      `sum by (destination_version) (istio_requests_total{reporter="destination",destination_service="${HOST}"})`,
    ]);
    server.close();
    server = await json(vector());
    expect(await prometheus(server.url).countsByVersion?.(HOST)).toBeUndefined();
  });

  it('cannot be widened by a name that ends the query’s string', async () => {
    server = await json(vector());
    await prometheus(server.url).rateByVersion('x"} or vector(1) #', 60);
    expect(server.urls[0]!.searchParams.get('query')).toContain('destination_service="x\\"} or vector(1) #"');
  });

  it('fail with the server’s name where it fails', async () => {
    server = await json({ status: 'error', errorType: 'timeout', error: 'query timed out' }, 503);
    await expect(prometheus(server.url).rateByVersion(HOST, 60)).rejects.toThrow(/^Prometheus answered 503/);
    server.close();
    server = await json({ status: 'success', data: { resultType: 'matrix', result: [] } });
    await expect(prometheus(server.url).rateByVersion(HOST, 60)).rejects.toThrow('is not understood');
  });

  it('come from below the path, and from the tenant, that are configured', async () => {
    server = await json(vector(['v1', '1']));
    await prometheus(`${server.url}/prometheus/`, { tenant: 'shop' }).rateByVersion(HOST, 60);
    expect(server.urls[0]!.pathname).toBe('/prometheus/api/v1/query');
    expect(server.headers[0]).toMatchObject({ 'x-scope-orgid': 'shop' });
    await prometheus(server.url).rateByVersion(HOST, 60);
    expect(server.headers[1]).not.toHaveProperty('x-scope-orgid');
  });

  it('are none where no Prometheus is configured', async () => {
    expect(await noMetrics.rateByVersion(HOST, 60)).toBeUndefined();
  });
});

describe('how versions did', () => {
  const answers = (given: { rate: unknown; errors: unknown; p50: unknown; p95: unknown }) =>
    answering((url, response) => {
      const query = url.searchParams.get('query') ?? '';
      const kind = query.includes('0.95,')
        ? 'p95'
        : query.includes('0.5,')
          ? 'p50'
          : query.includes('response_code=~"5.."')
            ? 'errors'
            : 'rate';
      response.end(JSON.stringify(given[kind]));
    });
  const ask = () => prometheus(server.url).behaviourByVersion!(HOST, 60);

  it('is their rate, their share of 5xx and how long they took', async () => {
    server = await answers({
      rate: vector(['v1', '8'], ['v3', '2']),
      errors: vector(['v3', '0.5']),
      p50: vector(['v1', '12.5'], ['v3', '40']),
      p95: vector(['v1', '48'], ['v3', '480']),
    });
    expect(await ask()).toEqual({
      v1: { rate: 8, errors: 0, p50: 12.5, p95: 48 },
      v3: { rate: 2, errors: 0.25, p50: 40, p95: 480 },
    });
    const queries = server.urls.map(url => url.searchParams.get('query'));
    expect(queries).toContain(
      'histogram_quantile(0.95, sum by (destination_version, le) (rate(istio_request_duration_milliseconds_bucket' +
        `{reporter=~"source|waypoint",destination_service="${HOST}"}[60s])))`,
    );
  });

  it('is asked of any moment, for what was before a write is known after it too', async () => {
    server = await answers({ rate: vector(['v1', '8']), errors: vector(), p50: vector(), p95: vector() });
    await prometheus(server.url).behaviourByVersion!(HOST, 60, 1_790_000_000_500);
    expect(server.urls.map(url => url.searchParams.get('time'))).toEqual(Array(4).fill('1790000000.500'));
  });

  it('is not guessed of what had no requests, or took longer than any bucket', async () => {
    server = await answers({
      rate: vector(['v1', '0'], ['v3', '2'], ['v4', 'NaN']),
      errors: vector(['v1', 'NaN']),
      p50: vector(['v1', 'NaN'], ['v3', '40'], ['v4', '3']),
      p95: vector(['v1', 'NaN'], ['v3', '+Inf']),
    });
    expect(await ask()).toEqual({ v1: { rate: 0 }, v3: { rate: 2, errors: 0, p50: 40 } });
  });

  it('is not known where there are no series', async () => {
    server = await answers({ rate: vector(), errors: vector(), p50: vector(), p95: vector() });
    expect(await ask()).toBeUndefined();
  });

  it('is not known in half: where one of the questions fails, all of it does', async () => {
    server = await answers({ rate: vector(['v1', '8']), errors: { status: 'error' }, p50: vector(), p95: vector() });
    await expect(ask()).rejects.toThrow('is not understood');
  });
});

describe('who calls a service', () => {
  it('is each workload that sends it requests, by name and namespace', async () => {
    const metric = (name: string, namespace: string) => ({
      source_workload: name,
      source_workload_namespace: namespace,
    });
    const result = [
      { metric: metric('productpage-v1', 'default'), value: [0, '4.5'] },
      { metric: metric('istio-ingressgateway', 'istio-system'), value: [0, '0.5'] },
      { metric: metric('sleep', 'default'), value: [0, '0'] },
      { metric: metric('unknown', 'unknown'), value: [0, '1'] },
    ];
    server = await answering((_url, response) =>
      response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } })),
    );
    expect(await prometheus(server.url).rateByCaller!(HOST, 60)).toEqual({
      'productpage-v1.default': 4.5,
      'istio-ingressgateway.istio-system': 0.5,
      unknown: 1,
    });
    expect(server.urls[0]?.searchParams.get('query')).toContain('sum by (source_workload, source_workload_namespace)');
  });
});
