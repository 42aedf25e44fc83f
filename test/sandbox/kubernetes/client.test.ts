import {
  ApiException,
  AuthorizationV1Api,
  CoordinationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  V1MicroTime,
  Watch,
} from '@kubernetes/client-node';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import type { KubeObject } from '../../../src/object.ts';
import type { LocalKubernetes } from '../../../src/sandbox/kubernetes/kubernetes.ts';
import { pod, reviews, start } from './local.ts';

const WHERE = { group: 'networking.istio.io', version: 'v1', namespace: 'default', plural: 'virtualservices' };

function configOf(kubernetes: LocalKubernetes): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(kubernetes.kubeconfig());
  return config;
}

test('the kubeconfig names the server and a namespace', async () => {
  const { kubernetes } = await start();
  expect(load(kubernetes.kubeconfig())).toMatchObject({
    clusters: [{ cluster: { server: kubernetes.url } }],
    contexts: [{ context: { namespace: 'default' } }],
  });
});

test("client-node's CustomObjectsApi creates, patches, replaces, lists and deletes", async () => {
  const { kubernetes } = await start();
  const api = configOf(kubernetes).makeApiClient(CustomObjectsApi);
  const created = (await api.createNamespacedCustomObject({ ...WHERE, body: reviews() })) as KubeObject;
  expect(created.metadata.generation).toBe(1);
  const patched = (await api.patchNamespacedCustomObject(
    { ...WHERE, name: 'reviews', body: { metadata: { labels: { a: 'b' } } } },
    setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
  )) as KubeObject;
  expect(patched.metadata.labels).toEqual({ a: 'b' });
  const stale = api.replaceNamespacedCustomObject({ ...WHERE, name: 'reviews', body: created });
  await expect(stale).rejects.toMatchObject({ code: 409 });
  const list = (await api.listNamespacedCustomObject(WHERE)) as { items: KubeObject[] };
  expect(list.items.map(item => item.metadata.name)).toEqual(['reviews']);
  await api.deleteNamespacedCustomObject({ ...WHERE, name: 'reviews' });
  await expect(api.getNamespacedCustomObject({ ...WHERE, name: 'reviews' })).rejects.toBeInstanceOf(ApiException);
});

test('client-node reads warnings from WithHttpInfo', async () => {
  const { kubernetes } = await start();
  const api = configOf(kubernetes).makeApiClient(CustomObjectsApi);
  const body = reviews('reviews', { hosst: [] });
  const { headers } = await api.createNamespacedCustomObjectWithHttpInfo({ ...WHERE, body });
  expect(headers.warning).toBe('299 - "unknown field \\"spec.hosst\\""');
});

test("client-node's Watch sees what happens", async () => {
  const { kubernetes } = await start();
  const seen: string[] = [];
  const done = new Promise<void>(resolve => {
    const watch = new Watch(configOf(kubernetes));
    const path = '/apis/networking.istio.io/v1/namespaces/default/virtualservices';
    void watch.watch(
      path,
      { timeoutSeconds: 1 },
      (type, object: KubeObject) => seen.push(`${type} ${object.metadata.name}`),
      () => resolve(),
    );
  });
  kubernetes.apply(reviews('a'));
  setTimeout(
    () => kubernetes.delete({ ...WHERE, apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', name: 'a' }),
    100,
  );
  await done;
  expect(seen).toEqual(['ADDED a', 'DELETED a']);
});

test("client-node's typed clients read pods and write Leases", async () => {
  const { kubernetes } = await start();
  kubernetes.apply(pod());
  const config = configOf(kubernetes);
  const pods = await config
    .makeApiClient(CoreV1Api)
    .listNamespacedPod({ namespace: 'default', labelSelector: 'app=ratings' });
  expect(pods.items[0]?.status?.podIP).toBe('192.0.2.7');
  const leases = config.makeApiClient(CoordinationV1Api);
  const spec = { holderIdentity: 'a', renewTime: new V1MicroTime('2026-03-01T10:00:00Z') };
  const lease = await leases.createNamespacedLease({ namespace: 'default', body: { metadata: { name: 'l' }, spec } });
  await leases.replaceNamespacedLease({
    name: 'l',
    namespace: 'default',
    body: { ...lease, spec: { ...spec, holderIdentity: 'b' } },
  });
  const late = leases.replaceNamespacedLease({ name: 'l', namespace: 'default', body: lease });
  await expect(late).rejects.toMatchObject({ code: 409 });
});

test('reviews say yes to everything, and no to what is denied', async () => {
  const { kubernetes } = await start();
  const api = configOf(kubernetes).makeApiClient(AuthorizationV1Api);
  const resourceAttributes = {
    namespace: 'default',
    verb: 'patch',
    group: 'networking.istio.io',
    resource: 'virtualservices',
  };
  const ask = async () =>
    (await api.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } })).status?.allowed;
  expect(await ask()).toBe(true);
  kubernetes.rights.deny({ verb: 'patch', resource: 'virtualservices' });
  expect(await ask()).toBe(false);
  const other = await api.createSubjectAccessReview({ body: { spec: { user: 'jo', resourceAttributes } } });
  expect(other.status?.allowed).toBe(false);
  const rules = await api.createSelfSubjectRulesReview({ body: { spec: { namespace: 'default' } } });
  expect(rules.status?.incomplete).toBe(true);
  kubernetes.rights.allowAll();
  expect(await ask()).toBe(true);
});
