/**
 * The adapters on what real servers answered: Jaeger 1.62 (a trace of its own), Prometheus, and one request for
 * Bookinfo's page as the proxies of a real mesh reported it to Zipkin 3, given to Jaeger 1.62 and Tempo 3.1 as it was.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { jaeger } from '../../src/telemetry/jaeger.ts';
import { prometheus } from '../../src/telemetry/prometheus.ts';
import { tempo } from '../../src/telemetry/tempo.ts';
import { zipkin } from '../../src/telemetry/zipkin.ts';
import { answering } from './server.ts';

const TRACE = '87ffbcfdea1bd08e3ab66ebedf752e2e';
const NONE = '00000000000000000000000000000001';
const recorded = (name: string) => readFileSync(join(import.meta.dirname, 'recorded', name), 'utf8');

let server: Awaited<ReturnType<typeof answering>>;
afterEach(() => server.close());

const HOP = {
  id: '821f5a439480b286',
  service: 'jaeger-all-in-one',
  side: 'server',
  name: '/api/services',
  status: 200,
};

describe('a real Jaeger', () => {
  for (const version of ['v3', 'v1'] as const) {
    it(`is understood by its API ${version}, also where it has no such trace`, async () => {
      server = await answering((url, response) => {
        const isV3 = url.pathname.startsWith('/api/v3/');
        if (isV3 !== (version === 'v3')) {
          response.statusCode = 404;
          response.end('404 page not found\n');
          return;
        }
        const isThere = url.pathname.endsWith(TRACE);
        response.statusCode = isThere ? 200 : 404;
        response.end(recorded(`jaeger-${version}${isThere ? '' : '-none'}.json`));
      });
      const traces = jaeger({ url: server.url, link: undefined });
      expect(await traces.find(NONE)).toBeUndefined();
      const [hop, ...more] = (await traces.find(TRACE))!;
      expect(more).toEqual([]);
      expect(hop).toMatchObject(HOP);
      expect(hop!.took).toBeCloseTo(0.083, 3);
      expect(Math.round(hop!.start)).toBe(1_795_287_189_013);
    });
  }

  it('that answers with its page instead is not understood, and says so', async () => {
    server = await answering((_url, response) => response.end('<!DOCTYPE html>\n<html lang="en"></html>'));
    await expect(jaeger({ url: server.url, link: undefined }).find(TRACE)).rejects.toThrow('Jaeger');
  });
});

describe('one request of a real mesh', () => {
  const SHOP = '4bf92f3577b34da6a3ce929d0e0e4736';
  const SERVERS = [
    ['zipkin', zipkin, '/api/v2/'],
    ['jaeger-v1', jaeger, '/api/traces/'],
    ['jaeger-v3', jaeger, '/api/v3/'],
    ['tempo-v1', tempo, '/api/traces/'],
    ['tempo-v2', tempo, '/api/v2/'],
  ] as const;

  it.each(SERVERS)('is the same way through the mesh as %s tells it', async (name, adapter, path) => {
    server = await answering((url, response) => {
      response.statusCode = url.pathname.startsWith(path) ? 200 : 404;
      response.end(url.pathname.startsWith(path) ? recorded(`shop-${name}.json`) : '');
    });
    const hops = (await adapter({ url: server.url, link: undefined }).find(SHOP))!;
    const served = hops.filter(({ side }) => side === 'server').sort((a, b) => a.start - b.start);
    expect(served.map(hop => [hop.service, hop.version, hop.status, Math.round(hop.took)])).toEqual([
      ['istio-ingressgateway.istio-system', undefined, 200, 54],
      ['productpage.default', 'v1', 200, 50],
      ['details.default', 'v1', 200, 12],
      ['reviews.default', 'v2', 200, 27],
      ['ratings.default', 'v1', 200, 6],
    ]);
    const callerOf = (id?: string) => hops.find(hop => hop.id === id);
    expect(served.map(({ parent }) => callerOf(parent)?.service)).toEqual([
      undefined,
      'istio-ingressgateway.istio-system',
      'productpage.default',
      'productpage.default',
      'reviews.default',
    ]);
  });
});

describe('a real Tempo', () => {
  it('that has no such trace answers with an empty one', async () => {
    server = await answering((_url, response) => response.end('{"trace":{},"metrics":{}}'));
    expect(await tempo({ url: server.url, link: undefined }).find(NONE)).toBeUndefined();
  });
});

describe('a real Prometheus', () => {
  it('is understood', async () => {
    server = await answering((_url, response) => response.end(recorded('prometheus.json')));
    const found = await prometheus(server.url).rateByVersion('reviews.default.svc.cluster.local', 60);
    expect(found).toEqual({ v1: 1240.6312545524856, v2: 2411.2244897959185, v3: 1346.323529411763 });
  });
});
