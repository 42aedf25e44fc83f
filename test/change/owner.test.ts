/** An object whose managedFields name another writer is refused, though watches do not keep managedFields. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statusOf } from '../../src/change/phases.ts';
import { ownerOf } from '../../src/istio/edit/place/owner.ts';
import { connect, type KubeClient } from '../../src/kubernetes/client.ts';
import { KubeCluster } from '../../src/kubernetes/cluster.ts';
import { WatchedWorld } from '../../src/kubernetes/world.ts';
import { type KubeObject, refKey, refOf } from '../../src/object.ts';
import { bookinfoManifests } from '../../src/sandbox/bookinfo/manifests.ts';
import { type LocalKubernetes, startKubernetes } from '../../src/sandbox/kubernetes/kubernetes.ts';
import { systemClock as clock, systemRandom as random } from '../../src/system.ts';
import { keptLog } from '../kubernetes/server.ts';
import { serviceRef } from './world/plans.ts';
import { Town } from './world/town.ts';

describe('the dry run of a write', () => {
  let kubernetes: LocalKubernetes;
  let client: KubeClient;
  let watched: WatchedWorld;

  beforeAll(async () => {
    kubernetes = await startKubernetes();
    for (const object of bookinfoManifests()) kubernetes.apply(object);
    client = connect({ kind: 'server', server: kubernetes.url }, { clock });
    const namespaces = undefined;
    watched = new WatchedWorld({ client, clock, random, log: keptLog(), namespaces });
    watched.start();
    await watched.synced();
  });

  afterAll(async () => {
    await watched.stop();
    await client.close();
    await kubernetes.close();
  });

  it('tells of a writer that the watch does not know', async () => {
    const reviews = () => watched.world.get('VirtualService', 'default', 'reviews')!;
    const { apiVersion, kind, metadata, spec } = reviews();
    const { body } = await client.call({
      method: 'PATCH',
      path: '/apis/networking.istio.io/v1/namespaces/default/virtualservices/reviews',
      query: { fieldManager: 'rollouts-controller', force: 'true' },
      contentType: 'application/apply-patch+yaml',
      body: { apiVersion, kind, metadata: { name: metadata.name, namespace: 'default' }, spec },
      subject: 'reviews',
    });
    const { resourceVersion } = (body as KubeObject).metadata;
    while (reviews().metadata.resourceVersion !== resourceVersion) await clock.sleep(10);
    expect(ownerOf(reviews())).toEqual([]);
    const before = reviews();
    const after = { ...before, metadata: { ...metadata, annotations: { note: 'x' } } };
    const { object } = await new KubeCluster(client, watched).dryRun({ ref: refOf(before), before, after });
    expect(ownerOf(object)).toMatchObject([{ code: 'foreign-owner', severity: 'error' }]);
  });
});

it('ends in a refusal that names the owner, before anybody is asked', async () => {
  const town = new Town(1);
  const ref = serviceRef('a');
  const found = town.api.objects.get(refKey(ref))!;
  const metadata = { ...found.metadata, managedFields: [{ manager: 'argocd-controller' }] };
  town.api.put(ref, { ...found, metadata });
  town.start(1);
  town.ask('shift-1', { services: 'a', v3: 50 });
  await town.until(() => town.api.changes.size > 0 && town.allEnded());
  const { phase, findings, message } = statusOf(town.change('shift-1'));
  expect(phase).toBe('Refused');
  expect(message).toBe('The checks found what must not be.');
  expect(findings).toMatchObject([{ code: 'foreign-owner', message: expect.stringContaining('Argo CD') }]);
  expect(town.api.commits).toEqual([]);
});
