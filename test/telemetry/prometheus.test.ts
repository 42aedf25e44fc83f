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

  it('are none where no Prometheus is configured', async () => {
    expect(await noMetrics.rateByVersion(HOST, 60)).toBeUndefined();
  });
});
