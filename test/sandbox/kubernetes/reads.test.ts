import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../src/object.ts';
import { at, MERGE, meshChange, meshChangeDefinition, pod, reviews, start, VIRTUAL_SERVICES } from './local.ts';

const TABLE = { headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' } };
const name = (object: KubeObject) => object.metadata.name;

describe('lists', () => {
  test('come in pages that all show the same moment', async () => {
    const { kubernetes, call } = await start();
    for (const each of ['a', 'b', 'c', 'd', 'e']) kubernetes.apply(reviews(each));
    const first = await call('GET', `${VIRTUAL_SERVICES}?limit=2`);
    expect(first.body.items.map(name)).toEqual(['a', 'b']);
    expect(first.body.metadata.remainingItemCount).toBe(3);
    kubernetes.delete({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      namespace: 'default',
      name: 'c',
    });
    kubernetes.apply(reviews('bb'));
    await call('PATCH', `${VIRTUAL_SERVICES}/d`, { metadata: { labels: { late: 'yes' } } }, MERGE);
    const second = await call('GET', `${VIRTUAL_SERVICES}?limit=2&continue=${first.body.metadata.continue}`);
    expect(second.body.items.map(name)).toEqual(['c', 'd']);
    expect(second.body.items[1]?.metadata.labels).toBeUndefined();
    expect(second.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion);
    const last = await call('GET', `${VIRTUAL_SERVICES}?limit=2&continue=${second.body.metadata.continue}`);
    expect(last.body.items.map(name)).toEqual(['e']);
    expect(last.body.metadata.continue).toBe('');
    expect((await call('GET', VIRTUAL_SERVICES)).body.items.map(name)).toEqual(['a', 'b', 'bb', 'd', 'e']);
  });

  test('cannot be continued once the moment is forgotten', async () => {
    const { kubernetes, call } = await start();
    for (const each of ['a', 'b', 'c']) kubernetes.apply(reviews(each));
    const first = await call('GET', `${VIRTUAL_SERVICES}?limit=2`);
    kubernetes.apply(reviews('d'));
    kubernetes.faults.compact();
    const next = await call('GET', `${VIRTUAL_SERVICES}?limit=2&continue=${first.body.metadata.continue}`);
    expect([next.code, next.body.reason]).toEqual([410, 'Expired']);
    const garbage = await call('GET', `${VIRTUAL_SERVICES}?limit=2&continue=zzz`);
    expect([garbage.code, garbage.body.message]).toEqual([400, 'continue key is not valid']);
  });

  test('at an exact version show what was there then', async () => {
    const { kubernetes, call } = await start();
    const { resourceVersion } = kubernetes.apply(reviews('a')).metadata;
    kubernetes.apply(reviews('b'));
    const path = `${VIRTUAL_SERVICES}?resourceVersionMatch=Exact&resourceVersion=${resourceVersion}`;
    const { body } = await call('GET', path);
    expect([body.items.map(name), body.metadata.resourceVersion]).toEqual([['a'], resourceVersion]);
    const future = await call('GET', `${VIRTUAL_SERVICES}?resourceVersion=999999`);
    expect([future.code, future.body.reason]).toEqual([504, 'Timeout']);
  });

  test.each([
    ['app=a', ['x']],
    ['app!=a', ['y', 'z']],
    ['app in (a,b)', ['x', 'y']],
    ['app notin (a,b)', ['z']],
    ['app', ['x', 'y']],
    ['!app', ['z']],
    ['app,app!=a', ['y']],
  ])('are selected by the labels %s', async (selector, expected) => {
    const { kubernetes, call } = await start();
    for (const [each, app] of [
      ['x', 'a'],
      ['y', 'b'],
      ['z', ''],
    ] as const) {
      const object = reviews(each);
      if (app) object.metadata.labels = { app };
      kubernetes.apply(object);
    }
    const { body } = await call('GET', `${VIRTUAL_SERVICES}?labelSelector=${encodeURIComponent(selector)}`);
    expect(body.items.map(name)).toEqual(expected);
  });

  test('of all namespaces are in the order of namespace and name', async () => {
    const { kubernetes, call } = await start();
    kubernetes.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a-shop' } });
    kubernetes.apply(reviews('b'));
    kubernetes.apply({ ...reviews('z'), metadata: { name: 'z', namespace: 'a-shop' } });
    const { body } = await call('GET', '/apis/networking.istio.io/v1/virtualservices');
    expect(body.items.map(name)).toEqual(['z', 'b']);
    expect(body.kind).toBe('VirtualServiceList');
  });

  test('name the kind of each custom resource and of no built-in object', async () => {
    const { kubernetes, call } = await start();
    kubernetes.apply(reviews());
    kubernetes.apply(pod());
    const custom = await call('GET', VIRTUAL_SERVICES);
    const builtin = await call('GET', '/api/v1/pods');
    expect([custom.body.items[0]?.kind, builtin.body.items[0]?.kind]).toEqual(['VirtualService', undefined]);
  });
});

describe('tables', () => {
  const titles = (body: { columnDefinitions: { name: string }[] }) => body.columnDefinitions.map(column => column.name);

  test("show a VirtualService as its CRD's columns do", async () => {
    let now = Date.parse('2026-03-01T10:00:00Z');
    const { kubernetes, call } = await start({ now: () => now });
    kubernetes.apply(reviews());
    now += 200_000;
    const { body } = await call('GET', VIRTUAL_SERVICES, undefined, TABLE);
    expect(body.kind).toBe('Table');
    expect(titles(body)).toEqual(['Name', 'Gateways', 'Hosts', 'Age']);
    expect(body.rows[0]?.cells).toEqual(['reviews', null, '["reviews"]', '3m20s']);
    expect(body.rows[0]?.object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'reviews' } });
  });

  test('show a MeshChange in words', async () => {
    const { kubernetes, call } = await start();
    kubernetes.apply(meshChangeDefinition());
    const status = { phase: 'Planned', decisions: [], approvals: [], written: [], messages: {}, history: [] };
    kubernetes.apply({ ...meshChange(), status });
    const { body } = await call('GET', '/apis/meshbot.dev/v1alpha1/meshchanges', undefined, TABLE);
    expect(titles(body)).toEqual(['Name', 'Verb', 'Command', 'Phase', 'Requester', 'Why', 'Age']);
    expect(body.rows[0]?.cells.slice(0, 5)).toEqual(['mc-1', 'shift', 'shift reviews v3 50', 'Planned', 'U1']);
  });

  test('show pods and services as kubectl does', async () => {
    const { kubernetes, call } = await start();
    kubernetes.apply(pod('ratings-1', ['ratings', 'istio-proxy']));
    kubernetes.apply({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        type: 'LoadBalancer',
        clusterIP: '10.96.0.9',
        ports: [
          { port: 80, nodePort: 30080 },
          { port: 53, protocol: 'UDP' },
        ],
      },
    });
    const pods = await call('GET', '/api/v1/namespaces/default/pods', undefined, TABLE);
    expect(titles(pods.body).slice(0, 5)).toEqual(['Name', 'Ready', 'Status', 'Restarts', 'Age']);
    expect(pods.body.rows[0]?.cells.slice(0, 4)).toEqual(['ratings-1', '2/2', 'Running', 0]);
    const services = await call('GET', '/api/v1/namespaces/default/services', undefined, TABLE);
    expect(services.body.rows[0]?.cells.slice(0, 5)).toEqual([
      'web',
      'LoadBalancer',
      '10.96.0.9',
      '<pending>',
      '80:30080/TCP,53/UDP',
    ]);
  });

  test('come with whole objects when asked', async () => {
    const { kubernetes, call } = await start();
    kubernetes.apply(reviews());
    const { body } = await call('GET', `${VIRTUAL_SERVICES}?includeObject=Object`, undefined, TABLE);
    expect(body.rows[0]?.object?.spec?.hosts).toEqual(['reviews']);
    const none = await call('GET', `${VIRTUAL_SERVICES}/reviews?includeObject=None`, undefined, TABLE);
    expect(none.body.rows[0]?.object).toBeUndefined();
  });

  test('give way to 406 when nothing that is asked for can be sent', async () => {
    const { call } = await start();
    const answer = await call('GET', VIRTUAL_SERVICES, undefined, { headers: { accept: 'text/html' } });
    expect([answer.code, answer.body.reason]).toEqual([406, 'NotAcceptable']);
  });
});

describe('discovery', () => {
  test('lists groups, the newest version first, and their resources', async () => {
    const { kubernetes, call } = await start();
    kubernetes.apply(meshChangeDefinition());
    const { body } = await call('GET', '/apis');
    const group = (body.groups as { name: string }[]).find(each => each.name === 'networking.istio.io');
    expect(group).toMatchObject({
      versions: [{ version: 'v1' }, { version: 'v1beta1' }, { version: 'v1alpha3' }],
      preferredVersion: { groupVersion: 'networking.istio.io/v1', version: 'v1' },
    });
    const resources = await call('GET', '/apis/meshbot.dev/v1alpha1');
    expect(resources.body.resources).toMatchObject([
      { name: 'meshchanges', singularName: 'meshchange', namespaced: true, kind: 'MeshChange', shortNames: ['mc'] },
      { name: 'meshchanges/status', kind: 'MeshChange', verbs: ['get', 'patch', 'update'] },
    ]);
    const core = await call('GET', '/api/v1');
    expect(core.body.resources).toContainEqual(expect.objectContaining({ name: 'pods/exec', kind: 'PodExecOptions' }));
    expect((await call('GET', '/apis/nothing.example.com')).code).toBe(404);
  });

  test('is given in one answer to who asks for it', async () => {
    const { call } = await start();
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    const answer = await call('GET', '/apis', undefined, { headers: { accept } });
    expect(answer.headers.get('content-type')).toContain('as=APIGroupDiscoveryList');
    const group = answer.body.items.find(each => name(each) === 'networking.istio.io');
    expect(at(group, 'versions', 0, 'resources')).toContainEqual(
      expect.objectContaining({
        resource: 'virtualservices',
        responseKind: { group: 'networking.istio.io', version: 'v1', kind: 'VirtualService' },
        scope: 'Namespaced',
        shortNames: ['vs'],
      }),
    );
  });

  test('names its version, its health and its schemas', async () => {
    const { call } = await start();
    expect((await call('GET', '/version')).body.gitVersion).toMatch(/^v1\.\d+\.\d+$/);
    expect((await call('GET', '/readyz')).text).toBe('ok');
    const index = await call('GET', '/openapi/v3');
    const path = at(index.body.paths, 'apis/networking.istio.io/v1', 'serverRelativeURL');
    const { body } = await call('GET', String(path));
    const schema = at(body.components, 'schemas', 'io.istio.networking.v1.VirtualService');
    const timeout = at(schema, 'properties', 'spec', 'properties', 'http', 'items', 'properties', 'timeout');
    expect(timeout).toEqual({ type: 'string' });
    expect((await call('GET', '/openapi/v2')).body.swagger).toBe('2.0');
  });

  test('refuses methods that a resource does not have', async () => {
    const { call } = await start();
    const answer = await call('PUT', VIRTUAL_SERVICES, reviews());
    expect([answer.code, answer.body.reason]).toEqual([405, 'MethodNotAllowed']);
  });
});
