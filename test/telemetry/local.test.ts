/** The adapters against the PromQL and the spans of the local mesh, whose proxies report as Istio's do. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Meter } from '../../src/sandbox/mesh/metrics/meter.ts';
import { servePrometheus } from '../../src/sandbox/mesh/promql/prometheus.ts';
import { prometheus } from '../../src/telemetry/prometheus.ts';
import { allServices } from '../../src/telemetry/services.ts';
import { zipkin } from '../../src/telemetry/zipkin.ts';
import { local } from '../sandbox/mesh/local.ts';

const host = (name: string) => `${name}.default.svc.cluster.local`;
const TRACE = '0af7651916cd43dd8448eb211c80319c';

describe('what the local mesh measures', () => {
  it('is the rate, the errors and the times of the versions that answered', async () => {
    const { mesh, page, clock, cluster } = await local();
    const route = (version: string, more = '') =>
      `{route: [{destination: {host: reviews, subset: ${version}}}]${more}}`;
    const slow = ', match: [{headers: {end-user: {exact: jason}}}], timeout: 1ms';
    cluster.route('reviews', `[${route('v2', slow)}, ${route('v1')}]`);
    for (let visit = 0; visit < 20; visit += 1) {
      await page({ 'end-user': visit % 2 === 0 ? 'jason' : 'mina' });
      await clock.sleep(1_000);
    }
    const seen = (await prometheus(mesh.prometheusUrl).behaviourByVersion!(host('reviews'), 60))!;
    expect(seen.v1).toMatchObject({ rate: expect.closeTo(10 / 60, 1), errors: 0 });
    expect(seen.v1!.p50).toBeGreaterThan(0);
    expect(seen.v1!.p95).toBeGreaterThanOrEqual(seen.v1!.p50!);
    const { v1: _, ...others } = seen;
    expect(Object.values(others).map(({ errors }) => errors)).toEqual([1]);
  });

  it('counts gRPC that answers 200 as failed by its own status, where that is a fault of the server', async () => {
    const began = 1_790_000_000;
    let second = began;
    const meter = new Meter({ now: () => second * 1_000, sleep: async () => {} });
    const grpc = (destination_version: string, grpc_response_status: string, response_code = '200') =>
      meter.observe(
        {
          ...{ reporter: 'source', destination_service: host('cart'), destination_version },
          ...{ request_protocol: 'grpc', response_code, grpc_response_status },
        },
        3,
      );
    for (; second < began + 60; second += 1) {
      for (const fine of ['0', '5', '7', '8', '0']) grpc('v1', fine);
      for (const fault of ['2', '4', '12', '13', '14', '15']) grpc('v2', fault);
      grpc('v3', '14', '503');
      grpc('v3', '0');
    }
    const server = createServer((request, response) => void servePrometheus(meter, request, response));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const seen = await prometheus(url).behaviourByVersion!(host('cart'), 50, (began + 59) * 1_000);
    const services = await allServices(url).services(50, (began + 59) * 1_000);
    server.close();
    expect(seen).toMatchObject({ v1: { errors: 0 }, v2: { errors: 1 }, v3: { errors: expect.closeTo(0.5) } });
    expect(services[host('cart')]?.errors).toBeCloseTo(7 / 13);
  });

  it('is nothing of a service that nobody asks', async () => {
    const { mesh } = await local();
    expect(await prometheus(mesh.prometheusUrl).behaviourByVersion!(host('reviews'), 60)).toBeUndefined();
  });

  it('is a trace with the version of each who answered', async () => {
    const { mesh, page } = await local();
    await page({ 'x-b3-traceid': TRACE, 'x-b3-spanid': 'b7ad6b7169203331', 'x-b3-sampled': '1', 'end-user': 'jason' });
    const hops = await zipkin({ url: mesh.zipkinUrl, link: undefined }).find(TRACE);
    const answered = hops!.filter(({ side }) => side === 'server').map(({ service, version }) => [service, version]);
    expect(answered).toEqual(
      expect.arrayContaining([
        ['productpage.default', 'v1'],
        ['reviews.default', 'v2'],
        ['ratings.default', 'v1'],
      ]),
    );
  });
});
