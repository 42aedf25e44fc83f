import { expect, test } from 'vitest';
import { at, configMap, JSON_PATCH, MERGE, reviews, start, VIRTUAL_SERVICES } from './local.ts';

const ONE = `${VIRTUAL_SERVICES}/reviews`;

test('a created object gets uid, resourceVersion, creation time and generation 1', async () => {
  const { call } = await start({ now: () => Date.parse('2026-03-01T10:00:00.250Z') });
  const created = await call('POST', VIRTUAL_SERVICES, reviews());
  expect(created.code).toBe(201);
  expect(created.body.metadata).toMatchObject({ generation: 1, creationTimestamp: '2026-03-01T10:00:00Z' });
  expect(created.body.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
  const read = await call('GET', ONE);
  expect(read.body).toEqual(created.body);
});

test('one resourceVersion counts for all kinds', async () => {
  const { call } = await start();
  const first = await call('POST', VIRTUAL_SERVICES, reviews());
  const second = await call('POST', '/api/v1/namespaces/default/configmaps', configMap());
  expect(Number(second.body.metadata.resourceVersion)).toBe(Number(first.body.metadata.resourceVersion) + 1);
});

test('creating what is there is AlreadyExists, writing over a newer version is Conflict', async () => {
  const { call } = await start();
  const created = await call('POST', VIRTUAL_SERVICES, reviews());
  const again = await call('POST', VIRTUAL_SERVICES, reviews());
  expect(again.code).toBe(409);
  expect(again.body).toMatchObject({
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    reason: 'AlreadyExists',
    message: 'virtualservices.networking.istio.io "reviews" already exists',
    details: { name: 'reviews', group: 'networking.istio.io', kind: 'virtualservices' },
    code: 409,
  });
  await call('PATCH', ONE, { metadata: { labels: { a: 'b' } } }, MERGE);
  const stale = await call('PUT', ONE, created.body);
  expect(stale.code).toBe(409);
  expect(stale.body).toMatchObject({
    reason: 'Conflict',
    message:
      'Operation cannot be fulfilled on virtualservices.networking.istio.io "reviews": the object has been modified; please apply your changes to the latest version and try again',
  });
});

test('a merge patch that carries an old resourceVersion or another uid is a Conflict', async () => {
  const { call } = await start();
  const { body } = await call('POST', VIRTUAL_SERVICES, reviews());
  await call('PATCH', ONE, { metadata: { labels: { a: 'b' } } }, MERGE);
  const old = await call('PATCH', ONE, { metadata: { resourceVersion: body.metadata.resourceVersion } }, MERGE);
  const other = await call('PATCH', ONE, { metadata: { uid: 'another' } }, MERGE);
  expect([old.code, old.body.reason]).toEqual([409, 'Conflict']);
  expect([other.code, other.body.reason]).toEqual([409, 'Conflict']);
});

test('a PUT without resourceVersion is refused for custom resources and taken for ConfigMaps', async () => {
  const { call } = await start();
  await call('POST', VIRTUAL_SERVICES, reviews());
  await call('POST', '/api/v1/namespaces/default/configmaps', configMap());
  const custom = await call('PUT', ONE, reviews());
  expect(custom.code).toBe(422);
  expect(custom.body.message).toBe(
    'virtualservices.networking.istio.io "reviews" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
  );
  const plain = await call('PUT', '/api/v1/namespaces/default/configmaps/settings', configMap('settings', { a: '2' }));
  expect([plain.code, plain.body.data]).toEqual([200, { a: '2' }]);
});

test('writing into a missing namespace is 404 of the namespace', async () => {
  const { call } = await start();
  const object = { ...reviews(), metadata: { name: 'reviews' } };
  const answer = await call('POST', '/apis/networking.istio.io/v1/namespaces/shop/virtualservices', object);
  expect([answer.code, answer.body.message]).toEqual([404, 'namespaces "shop" not found']);
});

test('what is not there is 404 with the name, and a resource that is not served is plain text', async () => {
  const { call } = await start();
  const missing = await call('GET', ONE);
  expect([missing.code, missing.body.message]).toEqual([
    404,
    'virtualservices.networking.istio.io "reviews" not found',
  ]);
  const unserved = await call('GET', '/apis/meshbot.dev/v1alpha1/meshchanges');
  expect([unserved.code, unserved.text]).toEqual([404, '404 page not found\n']);
});

test('generateName makes a name', async () => {
  const { call } = await start();
  const object = { ...reviews(), metadata: { generateName: 'reviews-' } };
  const names = await Promise.all([1, 2].map(() => call('POST', VIRTUAL_SERVICES, object)));
  expect(names[0]?.body.metadata.name).toMatch(/^reviews-[a-z0-9]{5}$/);
  expect(names[0]?.body.metadata.name).not.toBe(names[1]?.body.metadata.name);
});

test('generation grows with the spec and not with labels', async () => {
  const { call } = await start();
  await call('POST', VIRTUAL_SERVICES, reviews());
  const labelled = await call('PATCH', ONE, { metadata: { labels: { a: 'b' } } }, MERGE);
  const changed = await call('PATCH', ONE, { spec: { hosts: ['other'] } }, MERGE);
  expect([labelled.body.metadata.generation, changed.body.metadata.generation]).toEqual([1, 2]);
});

test('a patch that changes nothing keeps the resourceVersion and tells no watcher', async () => {
  const { kubernetes, call } = await start();
  const { body } = await call('POST', VIRTUAL_SERVICES, reviews());
  const seen: string[] = [];
  kubernetes.onChange(type => seen.push(type));
  const same = await call('PATCH', ONE, { spec: { hosts: ['reviews'] } }, MERGE);
  expect(same.body.metadata.resourceVersion).toBe(body.metadata.resourceVersion);
  expect(seen).toEqual([]);
});

test('a dry run answers as the write would and keeps nothing', async () => {
  const { call } = await start();
  const dry = await call('POST', `${VIRTUAL_SERVICES}?dryRun=All`, reviews());
  expect([dry.code, dry.body.metadata.resourceVersion]).toEqual([201, undefined]);
  expect((await call('GET', ONE)).code).toBe(404);
  const { body } = await call('POST', VIRTUAL_SERVICES, reviews());
  const changed = { ...body, spec: { ...body.spec, hosts: ['other'] } };
  const put = await call('PUT', `${ONE}?dryRun=All`, changed);
  expect(put.body.spec?.hosts).toEqual(['other']);
  const gone = await call('DELETE', `${ONE}?dryRun=All`);
  expect(gone.code).toBe(200);
  expect((await call('GET', ONE)).body).toEqual(body);
  const wrong = await call('POST', `${VIRTUAL_SERVICES}?dryRun=Some`, reviews());
  expect(wrong.code).toBe(422);
});

test('status is written only through /status, and the rest only beside it', async () => {
  const { call } = await start();
  const created = await call('POST', VIRTUAL_SERVICES, { ...reviews(), status: { observedGeneration: 9 } });
  expect(created.body.status).toBeUndefined();
  const main = await call('PATCH', ONE, { status: { observedGeneration: 1 } }, MERGE);
  expect(main.body.status).toBeUndefined();
  const status = await call(
    'PATCH',
    `${ONE}/status`,
    { spec: { hosts: ['other'] }, status: { observedGeneration: 1 } },
    MERGE,
  );
  expect(status.body.status).toEqual({ observedGeneration: 1 });
  expect(status.body.spec?.hosts).toEqual(['reviews']);
  expect(status.body.metadata.generation).toBe(1);
  const replaced = await call('PUT', ONE, { ...status.body, status: {}, spec: { ...status.body.spec, hosts: ['b'] } });
  expect(replaced.body.status).toEqual({ observedGeneration: 1 });
});

test('/status is a compare-and-swap, too', async () => {
  const { call } = await start();
  const { body } = await call('POST', VIRTUAL_SERVICES, reviews());
  const first = await call('PUT', `${ONE}/status`, { ...body, status: { a: 1 } });
  const second = await call('PUT', `${ONE}/status`, { ...body, status: { a: 2 } });
  expect([first.code, second.code, second.body.reason]).toEqual([200, 409, 'Conflict']);
});

test('a failed test of a JSON patch is 422, an unknown kind of patch 415', async () => {
  const { call } = await start();
  await call('POST', VIRTUAL_SERVICES, reviews());
  const patch = [{ op: 'test', path: '/spec/hosts/0', value: 'other' }];
  const failed = await call('PATCH', ONE, patch, JSON_PATCH);
  expect([failed.code, failed.body.reason]).toEqual([422, 'Invalid']);
  const strategic = await call('PATCH', ONE, {}, { type: 'application/strategic-merge-patch+json' });
  expect([strategic.code, strategic.body.reason]).toEqual([415, 'UnsupportedMediaType']);
});

test('a JSON patch edits in order', async () => {
  const { call } = await start();
  await call('POST', VIRTUAL_SERVICES, reviews());
  const patch = [
    { op: 'test', path: '/spec/http/0/route/0/weight', value: 50 },
    { op: 'replace', path: '/spec/http/0/route/0/weight', value: 90 },
    { op: 'add', path: '/metadata/annotations', value: {} },
    { op: 'add', path: '/metadata/annotations/meshbot.dev~1change', value: 'mc-1' },
    { op: 'remove', path: '/spec/http/0/route/1' },
  ];
  const { body } = await call('PATCH', ONE, patch, JSON_PATCH);
  expect(at(body.spec, 'http', 0, 'route')).toEqual([{ destination: { host: 'reviews', subset: 'v1' }, weight: 90 }]);
  expect(body.metadata.annotations).toEqual({ 'meshbot.dev/change': 'mc-1' });
});

test('what a JSON patch copies is edited apart from what it was copied from', async () => {
  const { call } = await start();
  const { body: before } = await call('POST', VIRTUAL_SERVICES, reviews());
  const patch = [
    { op: 'copy', from: '/spec/http/0/route/0', path: '/spec/http/0/route/-' },
    { op: 'replace', path: '/spec/http/0/route/2/destination/subset', value: 'v9' },
  ];
  const tried = await call('PATCH', `${ONE}?dryRun=All`, patch, JSON_PATCH);
  const subsets = [0, 1, 2].map(index => at(tried.body.spec, 'http', 0, 'route', index, 'destination', 'subset'));
  expect(subsets).toEqual(['v1', 'v3', 'v9']);
  expect((await call('GET', ONE)).body).toEqual(before);
});

test('a strategic merge patch merges keyed lists of built-in kinds item by item', async () => {
  const { kubernetes, call } = await start();
  kubernetes.apply({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'reviews', namespace: 'default' },
    spec: {
      ports: [
        { port: 80, name: 'http' },
        { port: 9080, name: 'app' },
      ],
    },
  });
  const { body } = await call(
    'PATCH',
    '/api/v1/namespaces/default/services/reviews',
    {
      spec: {
        ports: [
          { port: 9080, name: 'web' },
          { port: 80, $patch: 'delete' },
        ],
      },
    },
    { type: 'application/strategic-merge-patch+json' },
  );
  expect(body.spec?.ports).toEqual([{ port: 9080, name: 'web', protocol: 'TCP', targetPort: 9080 }]);
});

test('a body larger than a real server takes is refused', async () => {
  const { call } = await start();
  const path = '/api/v1/namespaces/default/configmaps';
  const etcd = await call('POST', path, configMap('a', { text: 'x'.repeat(1_600_000) }));
  const limit = await call('POST', path, configMap('a', { text: 'x'.repeat(3_200_000) }));
  expect([etcd.code, etcd.body.message]).toEqual([500, 'etcdserver: request is too large']);
  expect([limit.code, limit.body.reason]).toEqual([413, 'RequestEntityTooLarge']);
});

test('an object is the same under each served version', async () => {
  const { call } = await start();
  const { body } = await call('POST', VIRTUAL_SERVICES, reviews());
  const path = '/apis/networking.istio.io/v1alpha3/namespaces/default/virtualservices/reviews';
  const older = await call('GET', path);
  expect(older.body).toEqual({ ...body, apiVersion: 'networking.istio.io/v1alpha3' });
  const changed = await call('PATCH', path, { spec: { hosts: ['other'] } }, MERGE);
  expect(changed.body.apiVersion).toBe('networking.istio.io/v1alpha3');
  expect((await call('GET', ONE)).body.spec?.hosts).toEqual(['other']);
});

test('an object that does not fit its address is refused', async () => {
  const { call } = await start();
  const elsewhere = await call('POST', VIRTUAL_SERVICES, { ...reviews(), metadata: { name: 'a', namespace: 'shop' } });
  const kind = await call('POST', VIRTUAL_SERVICES, configMap());
  const version = await call('POST', VIRTUAL_SERVICES, { ...reviews(), apiVersion: 'networking.istio.io/v1beta1' });
  const versioned = await call('POST', VIRTUAL_SERVICES, {
    ...reviews(),
    metadata: { name: 'reviews', resourceVersion: '4' },
  });
  const garbage = await call('POST', VIRTUAL_SERVICES, '{"kind":');
  const name = await call('POST', VIRTUAL_SERVICES, { ...reviews(), metadata: { name: 'No_Good' } });
  expect([elsewhere.code, kind.code, version.code, versioned.code, garbage.code, name.code]).toEqual([
    400, 400, 400, 500, 400, 422,
  ]);
});

test('a field named __proto__ stays a field and changes no prototype', async () => {
  const { call } = await start();
  const body = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"p"},"data":{"__proto__":"x"}}';
  const created = await call('POST', '/api/v1/namespaces/default/configmaps', body);
  expect(created.text).toContain('"__proto__":"x"');
  expect(({} as Record<string, unknown>).x).toBeUndefined();
});
