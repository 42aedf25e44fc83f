import { afterEach, describe, expect, it } from 'vitest';
import { tempo } from '../../src/telemetry/tempo.ts';
import { answering } from './server.ts';

const TRACE = '5af7183fb1d4cf5f6b2b4f5d5a7c1e2d';
const PAGE = 'a1b2c3d4e5f60718';
const REVIEWS = 'b2c3d4e5f6071829';
const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');

/** As Tempo writes it: Protobuf's JSON, so ids in base64 and kinds by name. */
const RESOURCES = [
  {
    resource: { attributes: [{ key: 'service.name', value: { stringValue: 'productpage.default' } }] },
    scopeSpans: [
      {
        scope: {},
        spans: [
          {
            traceId: base64(TRACE),
            spanId: base64(PAGE),
            parentSpanId: 'AAAAAAAAAAA=',
            name: 'productpage.default.svc.cluster.local:9080/productpage',
            kind: 'SPAN_KIND_SERVER',
            startTimeUnixNano: '1795272000000000000',
            endTimeUnixNano: '1795272000040000000',
            attributes: [
              { key: 'http.status_code', value: { intValue: '200' } },
              { key: 'istio.canonical_revision', value: { stringValue: 'v1' } },
            ],
            status: {},
          },
        ],
      },
    ],
  },
  {
    // With the naming of OpenTelemetry's semantic conventions.
    resource: {
      attributes: [
        { key: 'service.name', value: { stringValue: 'reviews' } },
        { key: 'service.namespace', value: { stringValue: 'default' } },
        { key: 'k8s.pod.name', value: { stringValue: 'reviews-v2-5b667bcbf8-8qz4r' } },
      ],
    },
    scopeSpans: [
      {
        spans: [
          {
            traceId: base64(TRACE),
            spanId: base64(REVIEWS),
            parentSpanId: base64(PAGE),
            name: 'GET',
            kind: 'SPAN_KIND_SERVER',
            startTimeUnixNano: '1795272000010000000',
            endTimeUnixNano: '1795272000022000000',
            attributes: [
              { key: 'http.response.status_code', value: { intValue: 500 } },
              { key: 'tags', value: { arrayValue: { values: [{ stringValue: 'a' }] } } },
            ],
            status: { code: 'STATUS_CODE_ERROR' },
          },
        ],
      },
    ],
  },
];

const HOPS = [
  { id: PAGE, service: 'productpage.default', version: 'v1', side: 'server', took: 40, status: 200 },
  { id: REVIEWS, parent: PAGE, service: 'reviews.default', version: 'v2', side: 'server', took: 12, status: 500 },
];

let server: Awaited<ReturnType<typeof answering>>;
afterEach(() => server?.close());

const serving = (answers: Record<string, [status: number, body: unknown]>) =>
  answering((url, response) => {
    const [status, body] = answers[url.pathname] ?? [404, '404 page not found\n'];
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
const paths = () => server.urls.map(({ pathname }) => pathname);

describe('traces of Tempo', () => {
  it('become hops by API v2', async () => {
    server = await serving({
      [`/api/v2/traces/${TRACE}`]: [200, { trace: { resourceSpans: RESOURCES }, metrics: {} }],
    });
    const hops = await tempo({ url: server.url, link: undefined }).find(TRACE);
    expect(hops).toMatchObject(HOPS);
    expect(hops![0]!.parent).toBeUndefined();
    expect(hops![1]!.tags.error).toBe('true');
    expect(paths()).toEqual([`/api/v2/traces/${TRACE}`]);
  });

  it('become the same hops by v1 of an older Tempo', async () => {
    server = await serving({ [`/api/traces/${TRACE}`]: [200, { batches: RESOURCES }] });
    const traces = tempo({ url: server.url, link: undefined });
    expect(await traces.find(TRACE)).toMatchObject(HOPS);
    server.urls.length = 0;
    await traces.find(TRACE);
    expect(paths()).toEqual([`/api/traces/${TRACE}`]);
  });

  it('are not there yet where v2 answers an empty trace', async () => {
    for (const body of [{ trace: {}, metrics: {} }, { metrics: {} }, { trace: { resourceSpans: [] } }]) {
      server = await serving({ [`/api/v2/traces/${TRACE}`]: [200, body] });
      expect(await tempo({ url: server.url, link: undefined }).find(TRACE)).toBeUndefined();
      server.close();
    }
  });

  it('are not there yet where v1 answers 404', async () => {
    server = await serving({ [`/api/traces/${TRACE}`]: [404, 'trace not found'] });
    expect(await tempo({ url: server.url, link: undefined }).find(TRACE)).toBeUndefined();
  });

  it('are those of the tenant', async () => {
    server = await serving({ [`/api/v2/traces/${TRACE}`]: [200, { trace: { resourceSpans: RESOURCES } }] });
    await tempo({ url: server.url, tenant: 'shop', link: undefined }).find(TRACE);
    expect(server.headers[0]).toMatchObject({ 'x-scope-orgid': 'shop' });
  });

  it('are told not to be had where Tempo refuses', async () => {
    server = await serving({
      [`/api/v2/traces/${TRACE}`]: [401, 'no org id'],
      [`/api/traces/${TRACE}`]: [401, 'no org id'],
    });
    const traces = tempo({ url: server.url, link: undefined });
    await expect(traces.find(TRACE)).rejects.toThrow('Tempo answered 401: no org id');
  });
});
