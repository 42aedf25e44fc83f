import { describe, expect, it } from 'vitest';
import { local, version } from './local.ts';

/** An app of no known name, which answers with what it was sent. */
const ECHO = `
apiVersion: v1
kind: Service
metadata: { name: echo, namespace: default }
spec: { selector: { app: echo }, ports: [{ name: http, port: 80 }] }`;
const pod = (name: string, ver: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: default, labels: { app: echo, version: ${ver} } }
spec: { containers: [{ name: echo }, { name: istio-proxy }] }
status: { podIP: 10.244.0.9, conditions: [{ type: Ready, status: 'True' }] }`;
const SUBSETS = `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: echo, namespace: default }
spec: { host: echo, subsets: [{ name: a, labels: { version: a } }, { name: b, labels: { version: b } }] }`;

async function withEcho() {
  const found = await local();
  for (const object of [ECHO, pod('echo-a', 'a'), pod('echo-b', 'b'), SUBSETS]) found.cluster.put(object);
  const ask = async (...words: string[]) => {
    const ran = await found.curl('-s', ...words, 'http://echo/in/here?x=1');
    return JSON.parse(ran.stdout) as { version: string; url: string; headers: Record<string, string> };
  };
  const code = async (...words: string[]) =>
    (await found.curl('-s', '-o', '/dev/null', '-w', '%{http_code}', ...words, 'http://echo/')).stdout;
  return { ...found, ask, code };
}

describe('a hop through the proxies', () => {
  it('rewrites path and authority', async () => {
    const { cluster, ask } = await withEcho();
    cluster.route(
      'echo',
      '[{ match: [{ uri: { prefix: /in } }], rewrite: { uri: /out, authority: other.example.com }, route: [{ destination: { host: echo } }] }]',
    );
    expect((await ask()).url).toBe('http://other.example.com/out/here?x=1');
  });

  it('changes headers as route and destination say', async () => {
    const { cluster, ask, curl } = await withEcho();
    cluster.route(
      'echo',
      `
- headers: { request: { set: { x-set: new }, add: { x-add: more }, remove: [x-gone] }, response: { set: { x-answer: 'yes' } } }
  route: [{ destination: { host: echo, subset: a }, headers: { request: { set: { x-of: a } } } }]`,
    );
    const { headers } = await ask('-H', 'x-set: old', '-H', 'x-add: one', '-H', 'x-gone: 1');
    expect(headers).toMatchObject({ 'x-set': 'new', 'x-add': 'one,more', 'x-of': 'a' });
    expect(headers).not.toHaveProperty('x-gone');
    expect((await curl('-sI', 'http://echo/')).stdout).toContain('x-answer: yes\r\n');
  });

  it('redirects and answers by itself', async () => {
    const { cluster, code } = await withEcho();
    cluster.route('echo', '[{ redirect: { uri: /new, redirectCode: 308 } }]');
    expect(await code()).toBe('308');
    cluster.route('echo', '[{ directResponse: { status: 418, body: { string: teapot } } }]');
    expect(await code()).toBe('418');
  });

  it('aborts the percentage that a fault says', async () => {
    const { cluster, code } = await withEcho();
    const fault = (percent: number) =>
      `[{ fault: { abort: { httpStatus: 555, percentage: { value: ${percent} } } }, route: [{ destination: { host: echo } }] }]`;
    cluster.route('echo', fault(100));
    expect(await code()).toBe('555');
    cluster.route('echo', fault(0));
    expect(await code()).toBe('200');
  });

  it('delays without regard to the route’s timeout', async () => {
    const { cluster, code, clock } = await withEcho();
    cluster.route(
      'echo',
      '[{ timeout: 500ms, fault: { delay: { fixedDelay: 2s, percentage: { value: 100 } } }, route: [{ destination: { host: echo } }] }]',
    );
    const start = clock.now();
    expect(await code()).toBe('200');
    expect(clock.now() - start).toBeGreaterThanOrEqual(2000);
  });

  it('gives 504 when the answer takes longer than the route’s timeout', async () => {
    const { cluster, curl } = await withEcho();
    cluster.route(
      'ratings',
      '[{ fault: { delay: { fixedDelay: 2s, percentage: { value: 100 } } }, route: [{ destination: { host: ratings } }] }]',
    );
    cluster.route('reviews', '[{ timeout: 500ms, route: [{ destination: { host: reviews, subset: v2 } }] }]');
    const ran = await curl('-s', '-w', ' %{http_code} %{time_total}', 'http://reviews:9080/reviews/0');
    expect(ran.stdout).toMatch(/^upstream request timeout 504 0\.5/);
  });

  it('lets the page give up on reviews after two tries of 3 s', async () => {
    const { cluster, page, clock } = await local();
    cluster.route(
      'ratings',
      '[{ fault: { delay: { fixedDelay: 7s, percentage: { value: 100 } } }, route: [{ destination: { host: ratings } }] }]',
    );
    cluster.route('reviews', '[{ route: [{ destination: { host: reviews, subset: v2 } }] }]');
    const start = clock.now();
    const text = await page();
    expect(text).toContain('product reviews are currently unavailable');
    expect(clock.now() - start).toBeGreaterThanOrEqual(6000);
    expect(clock.now() - start).toBeLessThan(7000);
  });

  it('tries again when a pod is gone that the proxy still believes in', async () => {
    const { cluster, mesh, code } = await withEcho();
    cluster.route('echo', '[{ retries: { attempts: 30 }, route: [{ destination: { host: echo } }] }]');
    mesh.freeze('all');
    cluster.delete('Pod', 'echo-a');
    for (let count = 0; count < 20; count += 1) expect(await code()).toBe('200');
    mesh.thaw('all');
    cluster.route('echo', '[{ retries: { attempts: 0 }, route: [{ destination: { host: echo } }] }]');
    cluster.put(pod('echo-a', 'a'));
    mesh.freeze('all');
    cluster.delete('Pod', 'echo-a');
    const codes = new Set<string>();
    for (let count = 0; count < 20; count += 1) codes.add(await code());
    expect(codes).toEqual(new Set(['200', '503']));
  });

  it('mirrors to another version, whose answer nobody sees', async () => {
    const { cluster, ask, query } = await withEcho();
    cluster.route(
      'echo',
      '[{ route: [{ destination: { host: echo, subset: a } }], mirror: { host: echo, subset: b } }]',
    );
    for (let count = 0; count < 10; count += 1) expect((await ask()).version).toBe('a');
    const seen = await query(
      'sum by (destination_version) (istio_requests_total{reporter="destination",destination_app="echo"})',
    );
    expect(seen.map(each => [each.metric.destination_version, each.value[1]]).toSorted()).toEqual([
      ['a', '10'],
      ['b', '10'],
    ]);
  });

  it('passes on who calls, by certificate', async () => {
    const { ask } = await withEcho();
    expect((await ask()).headers['x-forwarded-client-cert']).toContain('URI=spiffe://cluster.local/ns/default/sa/curl');
  });

  it('routes by source labels', async () => {
    const { cluster, page, curl } = await local();
    cluster.route(
      'reviews',
      `
- match: [{ sourceLabels: { app: curl } }]
  route: [{ destination: { host: reviews, subset: v3 } }]
- route: [{ destination: { host: reviews, subset: v1 } }]`,
    );
    expect(version(await page())).toBe('v1');
    expect((await curl('-s', 'http://reviews:9080/reviews/0')).stdout).toContain('"red"');
  });
});
