import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { World } from '../../src/istio/world.ts';
import type { KubeClient } from '../../src/kubernetes/client.ts';
import { KubeCluster } from '../../src/kubernetes/cluster.ts';
import { type KubeObject, refOf } from '../../src/object.ts';
import { ClusterError } from '../../src/ports.ts';
import { clientOf, type Handler, json, refuse, type Scripted, serve, virtualService } from './server.ts';

const PATH = '/apis/networking.istio.io/v1/namespaces/default/virtualservices';
const before = virtualService('reviews', '7', { annotations: { owner: 'team-a', old: 'x' } });
const ref = refOf(before);
const after = {
  ...before,
  metadata: { ...before.metadata, annotations: { owner: 'team-a', 'meshbot.dev/change': 'c1' } },
  spec: { hosts: ['reviews'], http: [{ route: [{ destination: { host: 'reviews', subset: 'v3' } }] }] },
};

let server: Scripted;
let answer: Handler;
let client: KubeClient;
let cluster: KubeCluster;

beforeEach(async () => {
  answer = (_, response) => json(response, 200, { ...after, metadata: { ...after.metadata, resourceVersion: '8' } });
  server = await serve((seen, response) => answer(seen, response));
  client = clientOf(server.url);
  cluster = new KubeCluster(client, { world: new World(), age: 0 });
});

afterEach(async () => {
  await client.close();
  await server.close();
});

describe('a write', () => {
  it('sends only what changes, bound to the planned version, in one request', async () => {
    const written = await cluster.write({ ref, before, after });
    expect(written.object.metadata.resourceVersion).toBe('8');
    expect(server.seen).toHaveLength(1);
    const [{ method, path, query, headers, body }] = server.seen as [(typeof server.seen)[0]];
    expect({ method, path }).toEqual({ method: 'PATCH', path: `${PATH}/reviews` });
    expect(headers['content-type']).toBe('application/merge-patch+json');
    expect(Object.fromEntries(query)).toEqual({ fieldManager: 'meshbot', fieldValidation: 'Strict' });
    expect(body).toEqual({
      metadata: { resourceVersion: '7', annotations: { old: null, 'meshbot.dev/change': 'c1' } },
      spec: { http: after.spec.http },
    });
  });

  it('is tried first by exactly one dry run of the same content', async () => {
    await cluster.dryRun({ ref, before, after });
    await cluster.write({ ref, before, after });
    expect(server.seen.map(({ query }) => query.get('dryRun'))).toEqual(['All', null]);
    expect(server.seen[0]!.body).toEqual(server.seen[1]!.body);
  });

  it('is known to the world at once, as is what is read: a watch that broke is some seconds behind', async () => {
    const known: (string | undefined)[] = [];
    const watched = {
      world: new World(),
      age: 0,
      absorb: (object: KubeObject) => known.push(object.metadata.resourceVersion),
    };
    const telling = new KubeCluster(client, watched);
    await telling.dryRun({ ref, before, after });
    expect(known).toEqual([]);
    await telling.write({ ref, before, after });
    await telling.read(ref);
    expect(known).toEqual(['8', '8']);
  });

  it('creates what is new, without the identity of an older object', async () => {
    await cluster.write({ ref, after: { ...before, status: { old: true } } });
    const { method, path, body } = server.seen[0]!;
    expect({ method, path }).toEqual({ method: 'POST', path: PATH });
    expect(body).toEqual({
      apiVersion: before.apiVersion,
      kind: before.kind,
      metadata: { name: 'reviews', namespace: 'default', annotations: before.metadata.annotations },
      spec: before.spec,
    });
  });

  it('deletes exactly the planned object', async () => {
    answer = (_, response) => json(response, 200, { kind: 'Status', status: 'Success' });
    expect((await cluster.write({ ref, before })).object).toEqual(before);
    const { method, path, body } = server.seen[0]!;
    expect({ method, path }).toEqual({ method: 'DELETE', path: `${PATH}/reviews` });
    expect(body).toMatchObject({ preconditions: { uid: 'uid-reviews', resourceVersion: '7' } });
  });

  it('is never sent when it is bound to no version', async () => {
    const { resourceVersion: _, ...metadata } = before.metadata;
    await expect(cluster.write({ ref, before: { ...before, metadata }, after })).rejects.toMatchObject({
      kind: 'invalid',
    });
    expect(server.seen).toHaveLength(0);
  });

  it('calls an object that is gone a conflict, for it is not the planned one', async () => {
    answer = (_, response) => refuse(response, 404, 'NotFound');
    await expect(cluster.write({ ref, before, after })).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining('was deleted after the change was planned'),
    });
  });

  it('is never sent to a path that a name makes up', async () => {
    for (const name of ['../../secrets/x', 'a/b', 'a%2fb', '..', 'A', '', 'a?b', `${'a'.repeat(254)}`]) {
      const odd = { ref: { ...ref, name }, before, after };
      await expect(cluster.write(odd)).rejects.toBeInstanceOf(ClusterError);
    }
    for (const namespace of ['../kube-system', 'a/b', 'a.b', '']) {
      await expect(cluster.read({ ...ref, namespace })).rejects.toBeInstanceOf(ClusterError);
    }
    expect(server.seen).toHaveLength(0);
  });
});

describe('a read', () => {
  it('is one request to the API server itself', async () => {
    expect((await cluster.read(ref))?.metadata.name).toBe('reviews');
    expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([`GET ${PATH}/reviews`]);
  });

  it('answers undefined for what is not there', async () => {
    answer = (_, response) => refuse(response, 404, 'NotFound');
    expect(await cluster.read(ref)).toBeUndefined();
  });

  it('asks once how the API names a kind that it has no entry for', async () => {
    const resources = [
      { name: 'widgets/status', kind: 'Widget', namespaced: false },
      { name: 'widgets', kind: 'Widget', namespaced: false },
    ];
    answer = ({ path }, response) =>
      json(response, 200, path === '/apis/example.com/v1' ? { resources } : { kind: 'Widget', metadata: {} });
    const widget = { apiVersion: 'example.com/v1', kind: 'Widget', namespace: '', name: 'one' };
    await cluster.read(widget);
    await cluster.read(widget);
    expect(server.seen.map(({ path }) => path)).toEqual([
      '/apis/example.com/v1',
      '/apis/example.com/v1/widgets/one',
      '/apis/example.com/v1/widgets/one',
    ]);
    await expect(cluster.read({ ...widget, kind: 'Gadget' })).rejects.toMatchObject({ kind: 'not-found' });
  });
});
