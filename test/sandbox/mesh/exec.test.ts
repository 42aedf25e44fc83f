import { describe, expect, it } from 'vitest';
import { local } from './local.ts';

const REVIEWS = 'http://reviews:9080/reviews/0';

describe('curl in a pod', () => {
  it('prints the body, and with -i the head before it', async () => {
    const { curl } = await local();
    const plain = await curl('-sS', REVIEWS);
    expect(JSON.parse(plain.stdout)).toMatchObject({ id: '0' });
    expect(plain).toMatchObject({ stderr: '', exitCode: 0 });
    const [head, body] = (await curl('-si', REVIEWS)).stdout.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(head).toContain('x-envoy-upstream-service-time');
    expect(JSON.parse(body!)).toMatchObject({ id: '0' });
  });

  it('writes out several variables, and throws the body away', async () => {
    const { curl } = await local();
    const ran = await curl(
      '-s',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code} %{time_total} %{content_type}\\n%{url_effective}',
      REVIEWS,
    );
    expect(ran.stdout).toMatch(/^200 0\.\d{6} application\/json\nhttp:\/\/reviews:9080\/reviews\/0$/);
  });

  it('says whom it was connected to: the Service, not the proxy in between', async () => {
    const { curl, cluster } = await local();
    const service = cluster.list('Service').find(each => each.metadata.name === 'reviews');
    const ran = await curl('-s', '-o', '/dev/null', '-w', '%{remote_ip}:%{remote_port}', REVIEWS);
    expect(ran.stdout).toBe(`${service?.spec?.clusterIP}:9080`);
  });

  it('does not pass through the proxy when it runs in the proxy’s own container', async () => {
    const { mesh, cluster } = await local();
    cluster.route('reviews', '[{ route: [{ destination: { host: reviews, subset: v9 } }] }]');
    const command = ['curl', '-s', '-w', '%{http_code}', '-o', '/dev/null', REVIEWS];
    const run = (container: string) =>
      mesh.exec({ namespace: 'default', pod: cluster.pod('curl'), container, command });
    expect((await run('curl')).stdout).toBe('503');
    expect((await run('istio-proxy')).stdout).toBe('200');
  });

  it('asks with method, headers and data', async () => {
    const { curl } = await local();
    expect((await curl('-s', '-H', 'end-user: jason', REVIEWS)).stdout).toContain('"black"');
    const seen = async (...words: string[]) =>
      JSON.parse((await curl('-s', ...words, 'http://istiod.istio-system:15014/x')).stdout) as Record<string, unknown>;
    expect(await seen('-X', 'DELETE')).toMatchObject({ method: 'DELETE' });
    expect(await seen('-d', 'a=1', '-d', 'b=2')).toMatchObject({ method: 'POST', body: 'a=1&b=2' });
    expect((await curl('-sI', REVIEWS)).stdout).toMatch(/^HTTP\/1\.1 200 OK\r\n[^{]*$/);
  });

  it('takes everything behind -- for an address', async () => {
    const { curl } = await local();
    expect(await curl('-sS', '-g', '--path-as-is', '-k', '--', REVIEWS)).toMatchObject({ exitCode: 0 });
    expect(await curl('-sS', '--', '-o')).toMatchObject({ exitCode: 6 });
  });

  it('says what failed, and ends with curl’s own codes', async () => {
    const { curl, cluster } = await local();
    expect(await curl('-sS', 'http://nowhere/')).toEqual({
      stdout: '',
      stderr: 'curl: (6) Could not resolve host: nowhere\n',
      exitCode: 6,
    });
    expect(await curl('-s', 'http://nowhere/')).toMatchObject({ stderr: '', exitCode: 6 });
    expect(await curl('-sS', '--nonsense', REVIEWS)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('is unknown'),
    });
    expect(await curl('-sS', '-f', 'http://reviews:9080/none')).toMatchObject({ exitCode: 22, stdout: '' });
    cluster.route(
      'reviews',
      '[{ fault: { delay: { fixedDelay: 5s, percentage: { value: 100 } } }, route: [{ destination: { host: reviews, subset: v1 } }] }]',
    );
    const late = await curl('-sS', '-m', '2', '-w', '%{http_code}', REVIEWS);
    expect(late).toMatchObject({
      stdout: '000',
      exitCode: 28,
      stderr: expect.stringMatching(/^curl: \(28\) Operation timed out after 20\d\d/),
    });
  });

  it('follows the mesh’s routing where there is a sidecar', async () => {
    const { curl, cluster } = await local();
    cluster.route('reviews', '[{ route: [{ destination: { host: reviews, subset: v9 } }] }]');
    expect((await curl('-s', '-w', '%{http_code}', REVIEWS)).stdout).toBe('503');
    expect((await curl('-s', '-w', '%{http_code}', '-o', '/dev/null', 'http://reviews:1/')).stdout).toBe('503');
  });

  it('knows nothing of it where there is none', async () => {
    const { mesh, cluster } = await local();
    cluster.route('reviews', '[{ route: [{ destination: { host: reviews, subset: v9 } }] }]');
    const pod = cluster.pod('curl', undefined, 'without-istio');
    const curl = (...words: string[]) => mesh.exec({ namespace: 'without-istio', pod, command: ['curl', ...words] });
    const seen = new Set<string>();
    for (let count = 0; count < 30; count += 1) {
      const ran = await curl('-s', 'http://reviews.default.svc.cluster.local:9080/reviews/0');
      seen.add(/reviews-v\d/.exec(ran.stdout)![0]);
    }
    expect([...seen].toSorted()).toEqual(['reviews-v1', 'reviews-v2', 'reviews-v3']);
    expect(await curl('-sS', 'http://reviews:9080/')).toMatchObject({ exitCode: 6 });
    expect(await curl('-sS', 'http://reviews.default:1/')).toMatchObject({ exitCode: 7 });
    expect((await curl('-si', 'http://reviews.default:9080/reviews/0')).stdout).not.toContain('server: envoy');
  });

  it('reaches the gateway from within, by name and by --resolve', async () => {
    const { curl } = await local();
    const code = ['-s', '-o', '/dev/null', '-w', '%{http_code}'];
    const gateway = 'http://istio-ingressgateway.istio-system/productpage';
    expect((await curl(...code, '-H', 'Host: shop.example.com', gateway)).stdout).toBe('200');
    const resolve = ['--resolve', 'shop.example.com:80:203.0.113.10'];
    expect((await curl(...code, ...resolve, 'http://shop.example.com/productpage')).stdout).toBe('200');
    expect((await curl(...code, ...resolve, 'http://shop.example.com/any')).stdout).toBe('404');
  });

  it('follows a redirect only when told to', async () => {
    const { curl, cluster } = await local();
    cluster.route('details', '[{ redirect: { authority: "reviews:9080", uri: /reviews/0 } }]');
    const asked = ['-s', '-w', ' %{http_code} %{num_redirects}', 'http://details:9080/details/0'];
    expect((await curl(...asked)).stdout).toBe(' 301 0');
    expect((await curl('-L', ...asked)).stdout).toMatch(/200 1$/);
  });
});

describe('a command in a pod', () => {
  it('is curl or nothing', async () => {
    const { mesh, cluster } = await local();
    const run = (...command: string[]) => mesh.exec({ namespace: 'default', pod: cluster.pod('curl'), command });
    expect(await run('sh', '-c', 'curl x')).toMatchObject({
      exitCode: 126,
      stderr: expect.stringContaining('permission denied'),
    });
    expect(await run('rm', '-rf', '/')).toMatchObject({
      exitCode: 127,
      stderr: expect.stringContaining('not found in $PATH'),
    });
  });

  it('needs a pod and a container that are there', async () => {
    const { mesh, cluster } = await local();
    expect(await mesh.exec({ namespace: 'default', pod: 'gone', command: ['curl'] })).toMatchObject({ exitCode: 1 });
    const pod = cluster.pod('curl');
    expect(await mesh.exec({ namespace: 'default', pod, container: 'none', command: ['curl'] })).toMatchObject({
      exitCode: 1,
    });
  });
});
