import { describe, expect, test } from 'vitest';
import { startKubernetes } from '../../../src/sandbox/kubernetes/kubernetes.ts';
import { JSON_PATCH, MERGE, pod, reviews, start, VIRTUAL_SERVICES } from './local.ts';

const ONE = `${VIRTUAL_SERVICES}/reviews`;
const REF = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: 'default', name: 'reviews' };

describe('rights', () => {
  test('what is denied is 403, worded as kube-apiserver does', async () => {
    const { kubernetes, call } = await start();
    kubernetes.apply(reviews());
    kubernetes.rights.deny({ verb: 'patch', group: 'networking.istio.io', resource: 'virtualservices' });
    const answer = await call('PATCH', ONE, [], JSON_PATCH);
    expect(answer.code).toBe(403);
    expect(answer.body).toMatchObject({
      reason: 'Forbidden',
      message:
        'virtualservices.networking.istio.io "reviews" is forbidden: User "kubernetes-admin" cannot patch resource "virtualservices" in API group "networking.istio.io" in the namespace "default"',
    });
    expect((await call('GET', ONE)).code).toBe(200);
    kubernetes.rights.allowAll();
    expect((await call('PATCH', ONE, [], JSON_PATCH)).code).toBe(200);
  });

  test('a subresource is denied by its own name', async () => {
    const { kubernetes, call } = await start();
    kubernetes.apply(reviews());
    kubernetes.rights.deny({ resource: 'virtualservices/status' });
    const status = await call('PATCH', `${ONE}/status`, { status: {} }, MERGE);
    const main = await call('PATCH', ONE, { metadata: { labels: { a: 'b' } } }, MERGE);
    expect([status.code, main.code]).toEqual([403, 200]);
  });
});

describe('faults', () => {
  const label = { metadata: { labels: { a: 'b' } } };

  test.each([
    [{ kind: 'conflict' } as const, 409, 'Conflict'],
    [{ kind: 'throttle', retryAfter: 3 } as const, 429, 'TooManyRequests'],
    [{ kind: 'error' } as const, 500, 'InternalError'],
  ])('%o answers once with %i and changes nothing', async (fault, code, reason) => {
    const { kubernetes, call } = await start();
    kubernetes.apply(reviews());
    kubernetes.faults.inject(fault, { method: 'PATCH', path: /virtualservices/ });
    const answer = await call('PATCH', ONE, label, MERGE);
    expect([answer.code, answer.body.reason]).toEqual([code, reason]);
    expect(answer.headers.get('retry-after')).toBe(code === 429 ? '3' : null);
    expect(kubernetes.get(REF)?.metadata.labels).toBeUndefined();
    expect((await call('PATCH', ONE, label, MERGE)).code).toBe(200);
  });

  test('a timeout after the commit is 504 and the change is there', async () => {
    const { kubernetes, call } = await start();
    kubernetes.apply(reviews());
    kubernetes.faults.inject({ kind: 'timeout-after-commit' }, { method: 'PATCH' });
    const answer = await call('PATCH', ONE, label, MERGE);
    expect([answer.code, answer.body.reason]).toEqual([504, 'Timeout']);
    expect(kubernetes.get(REF)?.metadata.labels).toEqual({ a: 'b' });
  });

  test('a reset breaks the connection, before or after the commit', async () => {
    const { kubernetes, call } = await start();
    kubernetes.apply(reviews());
    kubernetes.faults.inject({ kind: 'reset' }, { method: 'PATCH' });
    await expect(call('PATCH', ONE, label, MERGE)).rejects.toThrow('fetch failed');
    expect(kubernetes.get(REF)?.metadata.labels).toBeUndefined();
    kubernetes.faults.inject({ kind: 'reset-after-commit' }, { method: 'PATCH' });
    await expect(call('PATCH', ONE, label, MERGE)).rejects.toThrow('fetch failed');
    expect(kubernetes.get(REF)?.metadata.labels).toEqual({ a: 'b' });
  });

  test('silence never answers', async () => {
    const { kubernetes, call } = await start();
    kubernetes.apply(reviews());
    kubernetes.faults.inject({ kind: 'silence' }, { method: 'GET' });
    const signal = AbortSignal.timeout(200);
    await expect(call('GET', ONE, undefined, { signal })).rejects.toMatchObject({ name: 'TimeoutError' });
    expect((await call('GET', ONE)).code).toBe(200);
  });

  test('are counted, matched and taken back', async () => {
    const { kubernetes, call } = await start();
    kubernetes.apply(reviews());
    kubernetes.faults.inject({ kind: 'error' }, { times: 2, path: /reviews$/g });
    const back = kubernetes.faults.inject({ kind: 'error' }, { dryRun: true, times: 5 });
    const codes = [];
    for (let time = 0; time < 3; time++) codes.push((await call('GET', ONE)).code);
    expect([codes, kubernetes.faults.pending()]).toEqual([[500, 500, 200], 5]);
    back();
    expect(kubernetes.faults.pending()).toBe(0);
  });
});

describe('in the same process', () => {
  test('apply creates with status, replaces, and refuses what the server would refuse', async () => {
    const { kubernetes, call } = await start();
    expect(kubernetes.apply(pod()).status?.phase).toBe('Running');
    const first = kubernetes.apply(reviews());
    const second = kubernetes.apply(reviews('reviews', { hosts: ['reviews', 'other'] }));
    expect(second.metadata.uid).toBe(first.metadata.uid);
    expect(kubernetes.apply(first).spec).toEqual(first.spec);
    expect((await call('GET', ONE)).body).toEqual(kubernetes.get(REF));
    expect(() => kubernetes.apply(reviews('bad', { hosts: 'x' }))).toThrow('must be of type array');
    expect(() => kubernetes.apply(reviews('bad', { hosst: [] }))).toThrow('unknown field "spec.hosst"');
    expect(() => kubernetes.apply({ apiVersion: 'example.com/v1', kind: 'Nothing', metadata: { name: 'a' } })).toThrow(
      'serves no Nothing in example.com/v1',
    );
  });

  test('changing what get, list or onChange gave changes nothing', async () => {
    const { kubernetes } = await start();
    const given: { spec?: unknown }[] = [];
    kubernetes.onChange((_, object) => given.push(object));
    kubernetes.apply(reviews());
    for (const object of [...given, kubernetes.get(REF), ...kubernetes.list('VirtualService')]) delete object?.spec;
    expect(kubernetes.get(REF)?.spec).toBeDefined();
  });

  test('onChange hears every change of every kind until it is ended', async () => {
    const { kubernetes, call } = await start();
    const heard: string[] = [];
    const end = kubernetes.onChange((type, object) => heard.push(`${type} ${object.kind}`));
    await call('POST', VIRTUAL_SERVICES, reviews());
    kubernetes.apply(pod());
    kubernetes.delete(REF);
    end();
    kubernetes.apply(reviews());
    expect(heard).toEqual(['ADDED VirtualService', 'ADDED Pod', 'DELETED VirtualService']);
  });

  test('requests are logged with verb, resource, name and dry run', async () => {
    const { kubernetes, call } = await start();
    await call('POST', `${VIRTUAL_SERVICES}?dryRun=All`, reviews());
    await call('POST', VIRTUAL_SERVICES, reviews());
    await call('GET', VIRTUAL_SERVICES);
    expect(kubernetes.requests()).toMatchObject([
      { verb: 'create', resource: 'virtualservices', dryRun: true, status: 201 },
      { verb: 'create', resource: 'virtualservices', dryRun: false, status: 201 },
      { verb: 'list', group: 'networking.istio.io', namespace: 'default', name: '' },
    ]);
    kubernetes.requests.clear();
    kubernetes.requests.record(false);
    await call('GET', VIRTUAL_SERVICES);
    expect(kubernetes.requests()).toEqual([]);
  });

  test('a port that is taken is named', async () => {
    const { kubernetes } = await start();
    const second = startKubernetes({ port: kubernetes.port });
    await expect(second).rejects.toMatchObject({
      message: expect.stringContaining(`Port ${kubernetes.port} is taken`),
      cause: { code: 'EADDRINUSE' },
    });
  });

  test('nothing but loopback is listened on', async () => {
    const { kubernetes } = await start();
    expect(kubernetes.url).toBe(`http://127.0.0.1:${kubernetes.port}`);
  });
});

test('writes from many sides at once lose nothing', async () => {
  const { kubernetes, call } = await start();
  kubernetes.apply(reviews());
  const increment = async (key: string): Promise<void> => {
    const { body } = await call('GET', ONE);
    const count = Number(body.metadata.annotations?.count ?? 0) + 1;
    const annotations = { ...body.metadata.annotations, count: String(count), [key]: 'done' };
    const answer = await call('PUT', ONE, { ...body, metadata: { ...body.metadata, annotations } });
    if (answer.code === 409) return increment(key);
  };
  await Promise.all(Array.from({ length: 20 }, (_, index) => increment(`writer-${index}`)));
  expect(kubernetes.get(REF)?.metadata.annotations?.count).toBe('20');
});
