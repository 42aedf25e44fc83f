import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeClient } from '../../src/kubernetes/client.ts';
import { type Progress, WatchedWorld } from '../../src/kubernetes/world.ts';
import { Collection } from './collection.ts';
import { clientOf, clock, keptLog, random, refuse, type Scripted, serve, until, virtualService } from './server.ts';

const FAST = { firstBackoff: 5, longestBackoff: 20, missing: 20 };

let server: Scripted;
let client: KubeClient;
let watched: WatchedWorld;
/** resource → what it holds; what is not here is not known to the cluster. */
let collections: Map<string, Collection>;
let forbidden: Set<string>;
/** Whether the API server knows meshbot's credentials no more. */
let unknown = false;

const ALL = [
  'virtualservices',
  'destinationrules',
  'gateways',
  'serviceentries',
  'sidecars',
  'authorizationpolicies',
  'peerauthentications',
  'services',
  'pods',
];

beforeEach(async () => {
  collections = new Map(ALL.map(resource => [resource, new Collection()]));
  forbidden = new Set();
  unknown = false;
  server = await serve((seen, response) => {
    const resource = seen.path.split('/').at(-1)!;
    const collection = collections.get(resource);
    if (unknown) refuse(response, 401, 'Unauthorized', 'Unauthorized');
    else if (forbidden.has(resource)) refuse(response, 403, 'Forbidden', `cannot list resource "${resource}"`);
    else if (collection) collection.answer(seen, response);
    else refuse(response, 404, 'NotFound');
  });
  client = clientOf(server.url);
});

afterEach(async () => {
  await watched.stop();
  await client.close();
  await server.close();
});

function watch(namespaces?: string[]): WatchedWorld {
  watched = new WatchedWorld({ client, clock, random, log: keptLog(), namespaces, timing: FAST });
  watched.start();
  return watched;
}

describe('the watched world', () => {
  it('takes what an answer brought before the watch does, and never goes back by it', async () => {
    collections.get('virtualservices')!.put(virtualService('reviews', '0'));
    await watch().synced();
    const version = () => watched.world.get('VirtualService', 'default', 'reviews')?.metadata.resourceVersion;
    const listed = version();
    watched.absorb(virtualService('reviews', '900'));
    expect(version()).toBe('900');
    watched.absorb(virtualService('reviews', '800'));
    expect(version()).toBe('900');
    expect(listed).not.toBe('900');
  });

  it('holds every watched kind once it is in step, and says how far it is', async () => {
    collections.get('virtualservices')!.put(virtualService('reviews', '0'));
    const heard: Progress[] = [];
    await watch().synced(progress => heard.push(progress));
    expect(heard[0]).toEqual({ done: 0, total: 9, objects: 0 });
    expect(heard.at(-1)).toEqual({ done: 9, total: 9, objects: 1 });
    expect(watched.isSynced).toBe(true);
    expect(watched.world.forHost('VirtualService', 'reviews.default.svc.cluster.local')).toHaveLength(1);
    expect(watched.age).toBeLessThan(10_000);
  });

  it('gives the core kinds, whose list items have none, their kind', async () => {
    const { apiVersion: _, kind: __, ...item } = virtualService('reviews', '0');
    collections.get('services')!.put({ ...item, spec: { ports: [{ port: 9080 }] } } as never);
    await watch().synced();
    expect(watched.world.get('Service', 'default', 'reviews')).toMatchObject({ apiVersion: 'v1', kind: 'Service' });
  });

  it('keeps of a pod where its traffic goes, and not its environment', async () => {
    collections.get('pods')!.put({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'reviews-1', namespace: 'default', labels: { app: 'reviews' } },
      spec: { nodeName: 'n1', containers: [{ name: 'reviews', image: 'i', env: [{ name: 'TOKEN', value: 'x' }] }] },
      status: { podIP: '10.0.0.1', conditions: [{ type: 'Ready', status: 'True', lastProbeTime: null }] },
    });
    await watch().synced();
    const [pod] = watched.world.pods('default', { app: 'reviews' });
    expect(pod!.spec).toEqual({ nodeName: 'n1', containers: [{ name: 'reviews', image: 'i' }] });
    expect(pod!.status).toMatchObject({ podIP: '10.0.0.1', conditions: [{ type: 'Ready', status: 'True' }] });
  });

  it('does without a kind that is not installed, and names it', async () => {
    collections.delete('sidecars');
    await watch().synced();
    expect(watched.missing).toEqual(['Sidecar']);
  });

  it('refuses a cluster without Istio, with the next step', async () => {
    collections.delete('virtualservices');
    collections.delete('destinationrules');
    await expect(watch().synced()).rejects.toMatchObject({
      kind: 'not-found',
      message: expect.stringMatching(/knows no VirtualService.*: install Istio/),
    });
  });

  it('refuses to wait for a right that it does not have', async () => {
    forbidden.add('gateways');
    await expect(watch().synced()).rejects.toMatchObject({
      kind: 'forbidden',
      message: expect.stringContaining('cannot list resource "gateways"'),
    });
  });

  it('refuses to wait where nobody knows it, and outlives that later', async () => {
    unknown = true;
    await expect(watch().synced()).rejects.toMatchObject({ kind: 'unavailable', message: /Unauthorized/ });
    await watched.stop();
    unknown = false;
    await watch().synced();
    await until(() => [...collections.values()].every(({ watches }) => watches.size > 0));
    unknown = true;
    collections.get('virtualservices')!.endWatches();
    await until(() => watched.failing.length === 1);
    await expect(watched.synced()).resolves.toBeUndefined();
    unknown = false;
    await until(() => watched.failing.length === 0);
  });

  it('tells the right that was taken away later, and lives on with what it knows', async () => {
    collections.get('virtualservices')!.put(virtualService('reviews', '0'));
    await watch().synced();
    forbidden.add('virtualservices');
    collections.get('virtualservices')!.endWatches();
    await until(() => watched.failing.length === 1);
    expect(watched.failing[0]).toContain('cannot list resource "virtualservices"');
    expect(watched.world.get('VirtualService', 'default', 'reviews')).toBeDefined();
    await expect(watched.synced()).resolves.toBeUndefined();
    forbidden.clear();
    await until(() => watched.failing.length === 0);
  });

  it('asks namespace by namespace where its rights are namespaced', async () => {
    await watch(['default', 'shop', 'shop']).synced();
    const asked = new Set(server.seen.map(({ path }) => path.split('/namespaces/')[1]?.split('/')[0]));
    expect(asked).toEqual(new Set(['default', 'shop']));
    expect(new Set(server.seen.map(({ path }) => path)).size).toBe(18);
  });
});
