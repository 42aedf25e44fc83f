/** How all services do: what is asked, what is made of the answers, and what the local mesh says of its own. */
import { afterEach, describe, expect, it } from 'vitest';
import { allServices } from '../../src/telemetry/services.ts';
import { local } from '../sandbox/mesh/local.ts';
import { answering } from './server.ts';

const host = (name: string) => `${name}.default.svc.cluster.local`;

let server: Awaited<ReturnType<typeof answering>> | undefined;
afterEach(() => server?.close());

/** As Prometheus answers, by what is asked. */
const prometheus = (answers: (query: string) => [string | undefined, string][]) =>
  answering((url, response) => {
    const result = answers(url.searchParams.get('query') ?? '').map(([destination_service, value]) => ({
      metric: destination_service === undefined ? {} : { destination_service },
      value: [1_795_272_000.123, value],
    }));
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });

describe('the figures of all services', () => {
  it('come with three questions, each service with what is known of it', async () => {
    server = await prometheus(query =>
      query.includes('quantile(0.95')
        ? [
            [host('reviews'), '82.5'],
            [host('ratings'), 'NaN'],
          ]
        : query.includes('response_code')
          ? [
              [host('reviews'), '0.5'],
              ['unknown', '0.2'],
            ]
          : [
              [host('reviews'), '10'],
              [host('ratings'), '0'],
              ['unknown', '0.2'],
              ['PassthroughCluster', '3'],
              [undefined, '1'],
            ],
    );
    const { services } = allServices(server.url, { tenant: 'shop' });
    expect(await services(600)).toEqual({
      [host('reviews')]: { rate: 10, errors: 0.05, p95: 82.5 },
      [host('ratings')]: { rate: 0 },
      unknown: { rate: 0.2, errors: 1 },
    });
    expect(server.urls.map(url => url.searchParams.get('query')).sort()).toEqual([
      'histogram_quantile(0.95, sum by (destination_service, le) (rate(istio_request_duration_milliseconds_bucket{reporter=~"source|waypoint"}[600s])))',
      'sum by (destination_service) (rate(istio_requests_total{reporter=~"source|waypoint",response_code=~"5.."}[600s]) or rate(istio_requests_total{reporter=~"source|waypoint",request_protocol="grpc",grpc_response_status=~"2|4|12|13|14|15"}[600s]))',
      'sum by (destination_service) (rate(istio_requests_total{reporter=~"source|waypoint"}[600s]))',
    ]);
    expect(server.urls.every(url => !url.searchParams.has('time'))).toBe(true);
    expect(server.headers.every(headers => headers['x-scope-orgid'] === 'shop')).toBe(true);
  });

  it('of another time are asked for at that time, in seconds', async () => {
    server = await prometheus(() => []);
    expect(await allServices(server.url).services(600, 1_795_272_000_500)).toEqual({});
    expect(server.urls.map(url => url.searchParams.get('time'))).toEqual(Array(3).fill('1795272000.5'));
  });

  it('cannot be had where Prometheus cannot be asked', async () => {
    server = await answering((_, response) => response.writeHead(503).end('starting'));
    await expect(allServices(server.url).services(600)).rejects.toThrow('Prometheus answered 503');
  });

  it('are those of the services that the local mesh passed through, and none before its time', async () => {
    const { mesh, page, clock } = await local();
    for (let visit = 0; visit < 10; visit += 1) {
      await page({ 'end-user': 'jason' });
      await clock.sleep(1_000);
    }
    const { services } = allServices(mesh.prometheusUrl);
    const seen = await services(60);
    expect(Object.keys(seen).sort()).toEqual(['details', 'productpage', 'ratings', 'reviews'].map(host));
    expect(seen[host('reviews')]).toMatchObject({ errors: 0, rate: expect.closeTo(10 / 60, 1) });
    expect(seen[host('reviews')]!.p95).toBeGreaterThan(0);
    expect(await services(60, clock.now() - 7 * 86_400_000)).toEqual({});
  });
});
