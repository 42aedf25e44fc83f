import { expect, test } from 'vitest';
import { configMap, MERGE, reviews, start, VIRTUAL_SERVICES } from './local.ts';

const ONE = `${VIRTUAL_SERVICES}/reviews`;

test('deletion obeys the preconditions uid and resourceVersion', async () => {
  const { call } = await start();
  const { body } = await call('POST', VIRTUAL_SERVICES, reviews());
  const { uid, resourceVersion } = body.metadata;
  const other = await call('DELETE', ONE, { preconditions: { uid: 'another' } });
  const older = await call('DELETE', ONE, { preconditions: { uid, resourceVersion: '1' } });
  expect([other.code, older.code]).toEqual([409, 409]);
  const exact = await call('DELETE', ONE, { propagationPolicy: 'Foreground', preconditions: { uid, resourceVersion } });
  expect(exact.body).toMatchObject({
    kind: 'Status',
    status: 'Success',
    details: { name: 'reviews', group: 'networking.istio.io', kind: 'virtualservices', uid },
  });
  expect((await call('DELETE', ONE)).code).toBe(404);
});

test('an object with finalizers stays, marked as deleted, until the last one is taken away', async () => {
  const { kubernetes, call } = await start();
  await call('POST', VIRTUAL_SERVICES, {
    ...reviews(),
    metadata: { name: 'reviews', finalizers: ['example.com/hold'] },
  });
  const seen: string[] = [];
  kubernetes.onChange(type => seen.push(type));
  const marked = await call('DELETE', ONE);
  expect(marked.body.metadata.deletionTimestamp).toBeDefined();
  await call('PATCH', ONE, { metadata: { finalizers: null } }, MERGE);
  expect((await call('GET', ONE)).code).toBe(404);
  expect(seen).toEqual(['MODIFIED', 'DELETED']);
});

test('a collection is deleted by selector', async () => {
  const { call } = await start();
  for (const name of ['a', 'b', 'c']) {
    const object = reviews(name);
    object.metadata.labels = { keep: name === 'c' ? 'yes' : 'no' };
    await call('POST', VIRTUAL_SERVICES, object);
  }
  const deleted = await call('DELETE', `${VIRTUAL_SERVICES}?labelSelector=keep%3Dno`);
  expect(deleted.body.items).toHaveLength(2);
  const left = await call('GET', VIRTUAL_SERVICES);
  expect(left.body.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual(['c']);
});

test('a namespace takes its content with it', async () => {
  const { kubernetes, call } = await start();
  await call('POST', '/api/v1/namespaces', { metadata: { name: 'shop' } });
  kubernetes.apply({ ...configMap(), metadata: { name: 'settings', namespace: 'shop' } });
  await call('DELETE', '/api/v1/namespaces/shop');
  expect(kubernetes.list('ConfigMap', 'shop')).toEqual([]);
  expect((await call('GET', '/api/v1/namespaces/shop')).code).toBe(404);
});

test('a namespace that holds an object with finalizers goes with it', async () => {
  const { kubernetes, call } = await start();
  kubernetes.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  const held = configMap();
  held.metadata = { name: 'settings', namespace: 'shop', finalizers: ['example.com/hold'] };
  kubernetes.apply(held);
  const marked = await call('DELETE', '/api/v1/namespaces/shop');
  expect(marked.body.status?.phase).toBe('Terminating');
  const create = await call('POST', '/api/v1/namespaces/shop/configmaps', { metadata: { name: 'late' } });
  expect([create.code, create.body.message]).toEqual([
    403,
    'configmaps "late" is forbidden: unable to create new content in namespace shop because it is being terminated',
  ]);
  await call('PATCH', '/api/v1/namespaces/shop/configmaps/settings', { metadata: { finalizers: null } }, MERGE);
  expect((await call('GET', '/api/v1/namespaces/shop')).code).toBe(404);
});
