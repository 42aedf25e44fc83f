import { afterEach, describe, expect, it } from 'vitest';
import { noTraces } from '../../src/telemetry/traces.ts';
import { zipkin } from '../../src/telemetry/zipkin.ts';
import { answering } from './server.ts';

const TRACE = '5af7183fb1d4cf5f6b2b4f5d5a7c1e2d';

/** As Envoy reports to Zipkin: both sides of a hop share an id. */
const SPANS = [
  {
    traceId: TRACE,
    id: 'a1',
    // Of whoever asked, and never reported.
    parentId: 'ff',
    kind: 'CLIENT',
    name: 'productpage.default.svc.cluster.local:9080/productpage',
    timestamp: 1_795_272_000_000_000,
    duration: 40_500,
    localEndpoint: { serviceName: 'istio-ingressgateway.istio-system', ipv4: '192.0.2.1' },
    tags: { 'http.status_code': '200', 'istio.canonical_revision': 'latest' },
  },
  {
    traceId: TRACE,
    id: 'a1',
    kind: 'SERVER',
    shared: true,
    name: 'productpage.default.svc.cluster.local:9080/productpage',
    timestamp: 1_795_272_000_001_500,
    duration: 38_000,
    localEndpoint: { serviceName: 'productpage.default' },
    tags: { 'http.status_code': '200', 'istio.canonical_revision': 'v1' },
  },
  {
    traceId: TRACE,
    id: 'b2',
    parentId: 'a1',
    kind: 'SERVER',
    name: 'reviews.default.svc.cluster.local:9080/reviews/0',
    timestamp: 1_795_272_000_010_000,
    duration: 12_000,
    localEndpoint: { serviceName: 'reviews.default' },
    tags: { 'http.status_code': '503', node_id: 'sidecar~192.0.2.7~reviews-v3-7dbcdcbc56-x2xkz.default~default.svc' },
  },
];

let server: Awaited<ReturnType<typeof answering>>;
afterEach(() => server?.close());

const json = (body: unknown) => answering((_, response) => response.end(JSON.stringify(body)));

describe('traces of Zipkin', () => {
  it('become hops, the two sides of a shared span each on its own', async () => {
    server = await json(SPANS);
    const hops = await zipkin({ url: `${server.url}/`, link: undefined }).find(TRACE);
    expect(server.urls[0]!.pathname).toBe(`/api/v2/trace/${TRACE}`);
    expect(hops).toMatchObject([
      { id: 'a1', service: 'istio-ingressgateway.istio-system', side: 'client', took: 40.5, status: 200 },
      { id: 'a1/server', parent: 'a1', service: 'productpage.default', version: 'v1', side: 'server' },
      { id: 'b2', parent: 'a1/server', service: 'reviews.default', version: 'v3', status: 503 },
    ]);
    expect(hops![0]!.parent).toBeUndefined();
    expect(hops![0]!.version).toBeUndefined();
    expect(hops![1]!.start - hops![0]!.start).toBe(1.5);
  });

  it('are not there yet where Zipkin says 404, or nothing', async () => {
    server = await answering((_, response) => response.writeHead(404).end(`${TRACE} not found`));
    expect(await zipkin({ url: server.url, link: undefined }).find(TRACE)).toBeUndefined();
    server.close();
    server = await json([]);
    expect(await zipkin({ url: server.url, link: undefined }).find(TRACE)).toBeUndefined();
  });

  it('are told not to be had where Zipkin fails, or answers something else', async () => {
    server = await answering((_, response) => response.writeHead(500).end('out of memory'));
    await expect(zipkin({ url: server.url, link: undefined }).find(TRACE)).rejects.toThrow(
      'Zipkin answered 500: out of memory',
    );
    server.close();
    server = await json({ traces: 'elsewhere' });
    await expect(zipkin({ url: server.url, link: undefined }).find(TRACE)).rejects.toThrow('is not understood');
    server.close();
    await expect(zipkin({ url: server.url, link: undefined }).find(TRACE)).rejects.toThrow(
      /cannot be asked: (ECONNREFUSED|UND_ERR_SOCKET)/,
    );
  });

  it('are only asked for by an id of a trace', async () => {
    server = await json(SPANS);
    for (const id of ['../services', 'xyz', `${TRACE}0`, '']) {
      await expect(zipkin({ url: server.url, link: undefined }).find(id)).rejects.toThrow('no id of a trace');
    }
    expect(server.urls).toEqual([]);
  });

  it('have a link where one is configured', async () => {
    server = await json([]);
    const link = 'https://zipkin.example.com/zipkin/traces/{traceId}';
    expect(zipkin({ url: server.url, link }).link(TRACE)).toBe(`https://zipkin.example.com/zipkin/traces/${TRACE}`);
    expect(zipkin({ url: server.url, link: undefined }).link(TRACE)).toBeUndefined();
  });

  it('are none where no tracer is configured', async () => {
    expect(await noTraces.find(TRACE)).toBeUndefined();
    expect(noTraces.link(TRACE)).toBeUndefined();
  });
});
