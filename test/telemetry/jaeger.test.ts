import { afterEach, describe, expect, it } from 'vitest';
import { jaeger } from '../../src/telemetry/jaeger.ts';
import { answering } from './server.ts';

const TRACE = '5af7183fb1d4cf5f6b2b4f5d5a7c1e2d';
const GATEWAY = 'a1b2c3d4e5f60718';
const REVIEWS = 'b2c3d4e5f6071829';

/** As API v3 answers: OTLP in a wrapper, ids in hex, kinds as numbers. */
const V3 = {
  result: {
    resourceSpans: [
      {
        resource: {
          attributes: [{ key: 'service.name', value: { stringValue: 'istio-ingressgateway.istio-system' } }],
        },
        scopeSpans: [
          {
            scope: {},
            spans: [
              {
                traceId: TRACE,
                spanId: GATEWAY,
                name: 'reviews.default.svc.cluster.local:9080/*',
                kind: 3,
                startTimeUnixNano: '1795272000000000000',
                endTimeUnixNano: '1795272000040500000',
                attributes: [
                  { key: 'http.status_code', value: { intValue: '503' } },
                  { key: 'istio.canonical_revision', value: { stringValue: 'latest' } },
                ],
                status: { code: 2 },
              },
            ],
          },
        ],
      },
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'reviews.default' } }] },
        scopeSpans: [
          {
            scope: {},
            spans: [
              {
                traceId: TRACE,
                spanId: REVIEWS,
                parentSpanId: GATEWAY,
                name: 'reviews.default.svc.cluster.local:9080/*',
                kind: 2,
                startTimeUnixNano: '1795272000001500000',
                endTimeUnixNano: '1795272000039500000',
                attributes: [
                  { key: 'http.status_code', value: { stringValue: '503' } },
                  { key: 'istio.canonical_revision', value: { stringValue: 'v3' } },
                ],
                status: {},
              },
            ],
          },
        ],
      },
    ],
  },
};

/** As the API of Jaeger's own pages answers. */
const V1 = {
  data: [
    {
      traceID: TRACE,
      spans: [
        {
          traceID: TRACE,
          spanID: GATEWAY,
          operationName: 'reviews.default.svc.cluster.local:9080/*',
          references: [],
          startTime: 1_795_272_000_000_000,
          duration: 40_500,
          tags: [
            { key: 'span.kind', type: 'string', value: 'client' },
            { key: 'http.status_code', type: 'int64', value: 503 },
            { key: 'error', type: 'bool', value: true },
          ],
          logs: [],
          processID: 'p1',
          warnings: null,
        },
        {
          traceID: TRACE,
          spanID: REVIEWS,
          operationName: 'reviews.default.svc.cluster.local:9080/*',
          references: [{ refType: 'CHILD_OF', traceID: TRACE, spanID: GATEWAY }],
          startTime: 1_795_272_000_001_500,
          duration: 38_000,
          tags: [
            { key: 'span.kind', type: 'string', value: 'server' },
            { key: 'http.status_code', type: 'string', value: '503' },
            { key: 'node_id', type: 'string', value: 'sidecar~192.0.2.7~reviews-v3-7dbcdcbc56-x2xkz.default~default' },
          ],
          logs: [],
          processID: 'p2',
          warnings: null,
        },
      ],
      processes: {
        p1: { serviceName: 'istio-ingressgateway.istio-system', tags: [] },
        p2: { serviceName: 'reviews.default', tags: [{ key: 'ip', type: 'string', value: '192.0.2.7' }] },
      },
      warnings: null,
    },
  ],
  total: 0,
  limit: 0,
  offset: 0,
  errors: null,
};

const HOPS = [
  { id: GATEWAY, service: 'istio-ingressgateway.istio-system', side: 'client', took: 40.5, status: 503 },
  { id: REVIEWS, parent: GATEWAY, service: 'reviews.default', version: 'v3', side: 'server', took: 38, status: 503 },
];

const NO_V3 = { error: { httpCode: 404, message: 'No traces found' } };
const NO_V1 = { data: null, total: 0, limit: 0, offset: 0, errors: [{ code: 404, msg: 'trace not found' }] };

let server: Awaited<ReturnType<typeof answering>>;
afterEach(() => server?.close());

/** Answers what stands at a path; what does not, as Go's own router does. */
const serving = (answers: Record<string, [status: number, body: unknown]>) =>
  answering((url, response) => {
    const [status, body] = answers[url.pathname] ?? [404, '404 page not found\n'];
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  });

const find = (url = server.url) => jaeger({ url, link: undefined }).find(TRACE);
const paths = () => server.urls.map(({ pathname }) => pathname);

describe('traces of Jaeger', () => {
  it('become hops by API v3', async () => {
    server = await serving({ [`/api/v3/traces/${TRACE}`]: [200, V3] });
    const hops = await find();
    expect(hops).toMatchObject(HOPS);
    expect(hops![0]).not.toHaveProperty('version');
    expect(hops![0]!.tags.error).toBe('true');
    expect(hops![1]!.start - hops![0]!.start).toBe(1.5);
    expect(paths()).toEqual([`/api/v3/traces/${TRACE}`]);
  });

  it('become the same hops by the API of its pages, where v3 is not served or its pages are served instead', async () => {
    for (const v3 of [
      [404, '404 page not found\n'],
      [200, '<!doctype html><html></html>'],
      [500, 'no'],
    ] as const) {
      server = await serving({ [`/api/v3/traces/${TRACE}`]: [...v3], [`/api/traces/${TRACE}`]: [200, V1] });
      const hops = await find();
      expect(hops).toMatchObject(HOPS);
      expect(hops![1]!.tags).toMatchObject({ ip: '192.0.2.7' });
      server.close();
    }
  });

  it('are found below /jaeger, where Istio’s addon serves them, and then asked for there alone', async () => {
    server = await serving({ [`/jaeger/api/v3/traces/${TRACE}`]: [200, V3] });
    const traces = jaeger({ url: server.url, link: undefined });
    expect(await traces.find(TRACE)).toMatchObject(HOPS);
    server.urls.length = 0;
    await traces.find(TRACE);
    expect(paths()).toEqual([`/jaeger/api/v3/traces/${TRACE}`]);
  });

  it('are asked for at the path that is configured, and at no other', async () => {
    server = await serving({});
    await expect(find(`${server.url}/tracing/`)).rejects.toThrow('Jaeger answered 404');
    expect(paths()).toEqual([`/tracing/api/v3/traces/${TRACE}`, `/tracing/api/traces/${TRACE}`]);
  });

  it('are not there yet where either API says so, which settles which one it speaks', async () => {
    server = await serving({ [`/api/v3/traces/${TRACE}`]: [404, NO_V3] });
    expect(await find()).toBeUndefined();
    expect(paths()).toHaveLength(1);
    server.close();
    server = await serving({ [`/api/traces/${TRACE}`]: [404, NO_V1] });
    const traces = jaeger({ url: server.url, link: undefined });
    expect(await traces.find(TRACE)).toBeUndefined();
    server.urls.length = 0;
    expect(await traces.find(TRACE)).toBeUndefined();
    expect(paths()).toEqual([`/api/traces/${TRACE}`]);
  });

  it('are told not to be had where nothing there is Jaeger, or nobody answers', async () => {
    server = await serving({});
    await expect(find()).rejects.toThrow('Jaeger answered 404');
    server.close();
    await expect(find()).rejects.toThrow(/cannot be asked: (ECONNREFUSED|UND_ERR_SOCKET)/);
  });

  it('are only asked for by an id of a trace', async () => {
    server = await serving({});
    await expect(jaeger({ url: server.url, link: undefined }).find('../services')).rejects.toThrow('no id of a trace');
    expect(server.urls).toEqual([]);
  });
});
