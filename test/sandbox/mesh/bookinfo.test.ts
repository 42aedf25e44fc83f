import { afterEach, describe, expect, it } from 'vitest';
import { routesOf } from '../../../src/istio/route/describe.ts';
import { isReady, World } from '../../../src/istio/world.ts';
import { bookinfoManifests } from '../../../src/sandbox/bookinfo/manifests.ts';
import type { LocalKubernetes } from '../../../src/sandbox/kubernetes/kubernetes.ts';
import { startKubernetes } from '../../../src/sandbox/kubernetes/kubernetes.ts';
import type { LocalMesh } from '../../../src/sandbox/mesh/mesh.ts';
import { startMesh } from '../../../src/sandbox/mesh/mesh.ts';
import { version } from './local.ts';

const open: (LocalKubernetes | LocalMesh)[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map(each => each.close()));
});

describe('the manifests of Bookinfo', () => {
  const world = new World(bookinfoManifests());

  it('begin a story: jason sees v2, everybody else v1, and v3 waits', () => {
    const rows = routesOf(world, 'reviews.default.svc.cluster.local');
    expect(rows.map(row => [row.match, row.destinations.map(each => `${each.version} ${each.share}`)])).toEqual([
      ['end-user = jason', ['v2 100']],
      ['all other requests', ['v1 100']],
    ]);
    expect(world.pods('default', { app: 'reviews', version: 'v3' }).filter(isReady)).toHaveLength(1);
  });

  it('give sidecars to the pods of the mesh and to no other', () => {
    const proxied = world.all('Pod').filter(pod => JSON.stringify(pod.spec?.containers).includes('"istio-proxy"'));
    const names = proxied.map(({ metadata }) => `${metadata.namespace}/${metadata.labels?.app}`);
    expect([...new Set(names)].toSorted()).toEqual([
      'default/curl',
      'default/details',
      'default/productpage',
      'default/ratings',
      'default/reviews',
      'istio-system/istio-ingressgateway',
    ]);
  });

  it('are accepted by the local Kubernetes API, in their order, and served by the mesh on top of it', async () => {
    const kubernetes = await startKubernetes();
    open.push(kubernetes);
    for (const object of bookinfoManifests()) kubernetes.apply(object);
    const mesh = await startMesh({ kubernetes });
    open.push(mesh);
    const page = async () => version(await (await fetch(mesh.shopUrl)).text());
    expect(await page()).toBe('v1');
    const ref = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: 'default', name: 'reviews' };
    const reviews = kubernetes.get(ref)!;
    const http = [{ route: [{ destination: { host: 'reviews', subset: 'v3' } }] }];
    kubernetes.apply({ ...reviews, spec: { ...reviews.spec, http } });
    expect(await page()).toBe('v3');
    kubernetes.delete(ref);
    expect(['v1', 'v2', 'v3']).toContain(await page());
  });
});
