import { describe, expect, it } from 'vitest';
import type { ZipkinSpan } from '../../../src/sandbox/mesh/tracing/store.ts';
import { local } from './local.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const B3 = { 'x-b3-traceid': TRACE, 'x-b3-spanid': 'b7ad6b7169203331', 'x-b3-sampled': '1' };

async function traceOf(url: string, id = TRACE): Promise<ZipkinSpan[]> {
  return (await (await fetch(`${url}/api/v2/trace/${id}`)).json()) as ZipkinSpan[];
}

/** `service kind` under its parent's, depth first. */
function tree(spans: ZipkinSpan[], parent: string, depth = 0): string[] {
  return spans
    .filter(span => span.parentId === parent)
    .toSorted(
      (a, b) =>
        a.localEndpoint!.serviceName!.localeCompare(b.localEndpoint!.serviceName!) || (a.name! < b.name! ? -1 : 1),
    )
    .flatMap(span => [
      `${' '.repeat(depth)}${span.localEndpoint?.serviceName} ${span.kind} ${span.name?.split('.')[0]}`,
      ...tree(spans, span.id, depth + 1),
    ]);
}

describe('traces', () => {
  it('hold every hop of a visit, each under the one that caused it', async () => {
    const { mesh, page } = await local();
    await page({ ...B3, 'end-user': 'jason' });
    expect(tree(await traceOf(mesh.zipkinUrl), B3['x-b3-spanid'])).toEqual([
      'istio-ingressgateway.istio-system CLIENT productpage',
      ' productpage.default SERVER productpage',
      '  productpage.default CLIENT details',
      '   details.default SERVER details',
      '  productpage.default CLIENT reviews',
      '   reviews.default SERVER reviews',
      '    reviews.default CLIENT ratings',
      '     ratings.default SERVER ratings',
    ]);
  });

  it('can be asked for with traceparent alone', async () => {
    const { mesh, page } = await local();
    await page({ traceparent: `00-${TRACE}-b7ad6b7169203331-01` });
    expect((await traceOf(mesh.zipkinUrl)).length).toBe(6);
  });

  it('have the tags that Istio’s proxies give', async () => {
    const { mesh, page, cluster } = await local();
    await page({ ...B3, 'end-user': 'jason', 'x-request-id': 'mine' });
    const spans = await traceOf(mesh.zipkinUrl);
    const reviews = spans.find(span => span.localEndpoint?.serviceName === 'reviews.default' && span.kind === 'SERVER');
    expect(reviews?.tags).toMatchObject({
      component: 'proxy',
      'http.status_code': '200',
      'istio.canonical_service': 'reviews',
      'istio.canonical_revision': 'v2',
      response_flags: '-',
      upstream_cluster: 'inbound|9080||',
    });
    expect(reviews?.tags?.node_id).toMatch(
      new RegExp(`^sidecar~[\\d.]+~${cluster.pod('reviews', 'v2')}\\.default~default\\.svc`),
    );
    const client = spans.find(
      span => span.tags?.upstream_cluster === 'outbound|9080|v2|reviews.default.svc.cluster.local',
    );
    expect(client?.kind).toBe('CLIENT');
    const ids = new Set(spans.map(span => span.tags?.['guid:x-request-id']));
    expect(ids.size).toBe(1);
    expect(ids).not.toContain('mine');
  });

  it('tell of what went wrong by response flags', async () => {
    const { mesh, page, cluster } = await local();
    cluster.route('reviews', '[{ route: [{ destination: { host: reviews, subset: v9 } }] }]');
    cluster.route(
      'details',
      '[{ fault: { abort: { httpStatus: 500, percentage: { value: 100 } } }, route: [{ destination: { host: details } }] }]',
    );
    await page(B3);
    const flags = (await traceOf(mesh.zipkinUrl)).map(
      span => `${span.tags?.['http.status_code']} ${span.tags?.response_flags}`,
    );
    expect(flags.toSorted()).toEqual(['200 -', '200 -', '500 FI', '503 NC', '503 NC']);
  });

  it('are not kept where the caller says they are not sampled', async () => {
    const { mesh, page } = await local();
    await page({ ...B3, 'x-b3-sampled': '0' });
    expect((await fetch(`${mesh.zipkinUrl}/api/v2/trace/${TRACE}`)).status).toBe(404);
  });

  it('fall apart where an app does not pass its headers on', async () => {
    const { mesh, page } = await local();
    for (const header of ['x-b3-traceid', 'traceparent']) mesh.lose(header);
    await page(B3);
    expect((await traceOf(mesh.zipkinUrl)).map(span => span.localEndpoint?.serviceName).toSorted()).toEqual([
      'istio-ingressgateway.istio-system',
      'productpage.default',
    ]);
  });

  it('can be searched, and added to, as in Zipkin', async () => {
    const { mesh, page } = await local();
    await page(B3);
    const get = async (path: string) => (await fetch(`${mesh.zipkinUrl}/api/v2/${path}`)).json();
    expect(await get('services')).toContain('reviews.default');
    expect(await get('spans?serviceName=details.default')).toEqual(['details.default.svc.cluster.local:9080/*']);
    expect(await get('traces?serviceName=reviews.default&limit=5')).toHaveLength(1);
    expect(await get('traces?annotationQuery=http.status_code=500')).toEqual([]);
    const own = [{ traceId: 'abcdefabcdefabcd', id: '1234567812345678', timestamp: 1, duration: 2 }];
    const post = (body: string) => fetch(`${mesh.zipkinUrl}/api/v2/spans`, { method: 'POST', body });
    expect((await post(JSON.stringify(own))).status).toBe(202);
    expect(await get('trace/abcdefabcdefabcd')).toMatchObject([{ id: '1234567812345678' }]);
    expect((await post('{')).status).toBe(400);
    const shown = await fetch(`${mesh.zipkinUrl}/zipkin/traces/${TRACE}`);
    expect([shown.status, await shown.text()]).toEqual([200, expect.stringContaining('details.default')]);
  });
});

describe('metrics', () => {
  it('count each request at both ends, with Istio’s labels', async () => {
    const { page, query } = await local();
    await page();
    await page({ 'end-user': 'jason' });
    const found = await query('istio_requests_total{destination_service_name="reviews",destination_version="v2"}');
    expect(found.map(each => each.metric.reporter).toSorted()).toEqual(['destination', 'source']);
    expect(found.find(each => each.metric.reporter === 'destination')?.metric).toMatchObject({
      __name__: 'istio_requests_total',
      source_workload: 'productpage-v1',
      source_workload_namespace: 'default',
      source_principal: 'spiffe://cluster.local/ns/default/sa/bookinfo-productpage',
      destination_workload: 'reviews-v2',
      destination_service: 'reviews.default.svc.cluster.local',
      response_code: '200',
      response_flags: '-',
      connection_security_policy: 'mutual_tls',
    });
    expect(found[0]?.value[1]).toBe('1');
  });

  it('tell a caller without a sidecar by its missing mutual TLS', async () => {
    const { cluster, mesh, query } = await local();
    const pod = cluster.pod('curl', undefined, 'without-istio');
    await mesh.exec({
      namespace: 'without-istio',
      pod,
      command: ['curl', '-s', 'http://reviews.default:9080/reviews/0'],
    });
    const found = await query(
      'sum by (connection_security_policy, source_workload) (istio_requests_total{destination_app="reviews"})',
    );
    expect(found.map(each => each.metric)).toEqual([
      { connection_security_policy: 'none', source_workload: 'unknown' },
    ]);
  });

  it('grow as Prometheus would say', async () => {
    const { page, query, clock } = await local();
    for (let count = 0; count < 30; count += 1) {
      await page(count % 3 === 0 ? { 'end-user': 'jason' } : {});
      await clock.sleep(1000);
    }
    const grown = await query(
      'sum by(destination_version)(increase(istio_requests_total{reporter="source",source_workload="productpage-v1",destination_service="reviews.default.svc.cluster.local"}[2m]))',
    );
    const byVersion = Object.fromEntries(grown.map(each => [each.metric.destination_version, Number(each.value[1])]));
    expect(byVersion.v1).toBeGreaterThan(17);
    expect(byVersion.v1).toBeLessThan(23);
    expect(byVersion.v2).toBeGreaterThan(8);
    expect(byVersion.v2).toBeLessThan(12);
    const [median] = await query(
      'histogram_quantile(0.5, sum by (le) (rate(istio_request_duration_milliseconds_bucket{reporter="source",destination_app="reviews"}[1m])))',
    );
    expect(Number(median?.value[1])).toBeGreaterThan(1);
    expect(Number(median?.value[1])).toBeLessThan(25);
  });

  it('can be asked for over a range, by POST too', async () => {
    const { mesh, page, clock } = await local();
    await page();
    const since = clock.now() / 1000;
    await clock.sleep(10_000);
    const body = new URLSearchParams({
      query: 'sum(istio_requests_total{reporter="source"})',
      start: String(since),
      end: String(since + 10),
      step: '5s',
    });
    const response = await fetch(`${mesh.prometheusUrl}/api/v1/query_range`, { method: 'POST', body });
    const { data } = (await response.json()) as {
      data: { resultType: string; result: { values: [number, string][] }[] };
    };
    expect(data.resultType).toBe('matrix');
    expect(data.result[0]?.values.map(([, value]) => value)).toEqual(['3', '3', '3']);
  });

  it('are exposed as text', async () => {
    const { mesh, page } = await local();
    await page();
    const text = await (await fetch(`${mesh.prometheusUrl}/metrics`)).text();
    expect(text).toContain('# TYPE istio_requests_total counter\n');
    expect(text).toMatch(/istio_request_duration_milliseconds_bucket\{reporter="source",[^}]*le="\+Inf"\} 1\n/);
  });

  it('are refused with Prometheus’ own words where the query is wrong or more than is answered here', async () => {
    const { query } = await local();
    await expect(query('sum(istio_requests_total')).rejects.toThrow('parse error: unexpected end of input');
    await expect(query('rate(istio_requests_total)')).rejects.toThrow(
      'expected type range vector in call to function "rate"',
    );
    await expect(query('avg(istio_requests_total)')).rejects.toThrow(
      'function "avg" is not answered by the local Prometheus',
    );
    await expect(query('nonsense(x)')).rejects.toThrow('function "nonsense" is unknown');
    await expect(query('a + b')).rejects.toThrow('1:3: parse error: unexpected character: "+"');
    expect(await query('no_such_metric')).toEqual([]);
  });
});
