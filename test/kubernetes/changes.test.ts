import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChangeStatus, MeshChange } from '../../src/change/meshchange.ts';
import { KubeChanges } from '../../src/kubernetes/changes.ts';
import type { KubeClient } from '../../src/kubernetes/client.ts';
import { ClusterError } from '../../src/ports.ts';
import { Collection } from './collection.ts';
import { clientOf, clock, json, keptLog, random, refuse, type Scripted, type Seen, serve, until } from './server.ts';

const PATH = '/apis/meshbot.dev/v1alpha1/namespaces/meshbot/meshchanges';
const SPEC = {
  verb: 'shift',
  arguments: {},
  text: 'shift reviews v3 50',
  requester: { team: 'T1', user: 'U1' },
  origin: { channel: 'C1' },
};

let server: Scripted;
let client: KubeClient;
let changes: KubeChanges;
let collection: Collection;
let installed: boolean;
/** While false, watches say nothing. */
let log: ReturnType<typeof keptLog>;

beforeEach(async () => {
  collection = new Collection();
  installed = true;
  server = await serve((seen, response) => {
    if (!installed) return refuse(response, 404, 'NotFound');
    if (seen.method === 'GET' && seen.path === PATH) return collection.answer(seen, response);
    if (seen.method === 'PATCH') return patch(seen, response);
    const body = seen.body as MeshChange | undefined;
    const name = body?.metadata.name ?? seen.path.slice(PATH.length + 1);
    const stored = collection.objects.get(name) as MeshChange | undefined;
    if (seen.method === 'POST' && stored) return refuse(response, 409, 'AlreadyExists');
    if (seen.method === 'POST') return json(response, 201, collection.put(body as never));
    if (!stored) return refuse(response, 404, 'NotFound');
    json(response, 200, stored);
  });
  client = clientOf(server.url);
  log = keptLog();
  const timing = { firstBackoff: 5, longestBackoff: 20, missing: 20 };
  changes = new KubeChanges({ client, clock, random, log, namespace: 'meshbot', timing });
  changes.start();
});

afterEach(async () => {
  await changes.stop();
  await client.close();
  await server.close();
});

/** As the API server does with a JSON patch of a status: the version first, then field by field. */
const patch = (seen: Seen, response: ServerResponse) => {
  const stored = collection.objects.get(seen.path.slice(PATH.length + 1, -'/status'.length)) as MeshChange | undefined;
  if (!stored) return refuse(response, 404, 'NotFound');
  const [version, ...edits] = seen.body as { op: 'add'; path: string; value: unknown }[];
  if (version?.value !== stored.metadata.resourceVersion) return refuse(response, 409, 'Conflict');
  const next = structuredClone(stored) as unknown as Record<string, Record<string, unknown>>;
  for (const { path, value } of edits) {
    const [, root, field] = path.split('/');
    if (field === undefined) next[root!] = value as never;
    else next[root!]![field] = value;
  }
  json(response, 200, collection.put(next as never));
};

const status = (phase: ChangeStatus['phase']): ChangeStatus => ({
  phase,
  decisions: [],
  approvals: [],
  written: [],
  messages: {},
  history: [],
});
const make = (name: string) => changes.create({ name, namespace: 'meshbot', spec: SPEC });

describe('the store of changes', () => {
  it('creates a change once for the same name, and sees it at once', async () => {
    await changes.synced();
    const made = await make('c1');
    expect(made.spec.text).toBe('shift reviews v3 50');
    expect(changes.cached('c1')).toEqual(made);
    await expect(make('c1')).rejects.toMatchObject({ kind: 'already-exists' });
  });

  it('sees its own write at once, though its watch has said nothing yet', async () => {
    await changes.synced();
    const made = await make('c1');
    await until(() => collection.watches.size === 1);
    const silent = [...collection.watches];
    collection.watches.clear();
    const saved = await changes.saveStatus({ ...made, status: status('Planned') });
    expect(silent).toHaveLength(1);
    expect(changes.cached('c1')).toEqual(saved);
    expect(changes.list()[0]!.status!.phase).toBe('Planned');
  });

  it('lets one of two writers win, and tells the other', async () => {
    await changes.synced();
    const made = await make('c1');
    const tries = await Promise.allSettled([
      changes.saveStatus({ ...made, status: status('Approved') }),
      changes.saveStatus({ ...made, status: status('Rejected') }),
    ]);
    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = tries.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(lost.reason).toMatchObject({ kind: 'conflict' });
    expect(server.seen.filter(({ method }) => method === 'PATCH').map(({ path }) => path)).toContain(
      `${PATH}/c1/status`,
    );
  });

  it('tells a writer who comes with what is known to be old, and asks nobody', async () => {
    await changes.synced();
    const made = await make('c1');
    await changes.saveStatus({ ...made, status: status('Planned') });
    const asked = server.seen.length;
    const late = changes.saveStatus({ ...made, status: status('Rejected') });
    await expect(late).rejects.toMatchObject({ kind: 'conflict' });
    expect(server.seen).toHaveLength(asked);
  });

  it('sends of a status what was touched, or all of it where a field went', async () => {
    await changes.synced();
    const first = await changes.saveStatus({ ...(await make('c1')), status: { ...status('Stale'), message: 'moved' } });
    const { message: _, ...rest } = first.status!;
    const second = await changes.saveStatus({ ...first, status: { ...first.status!, undoneBy: 'c2' } });
    const third = await changes.saveStatus({ ...second, status: { ...rest, phase: 'Planned' } });
    expect(third.status).toEqual(status('Planned'));
    const sent = server.seen.filter(({ method }) => method === 'PATCH').map(({ body }) => body as { path: string }[]);
    expect(sent.map(edits => edits.map(({ path }) => path))).toEqual([
      ['/metadata/resourceVersion', '/status'],
      ['/metadata/resourceVersion', '/status/undoneBy'],
      ['/metadata/resourceVersion', '/status'],
    ]);
  });

  it('reads from the API server, and answers undefined for what is not there', async () => {
    collection.put({ ...(await make('c1')), status: status('Applied') } as never);
    expect((await changes.read('c1'))!.status!.phase).toBe('Applied');
    expect(await changes.read('c2')).toBeUndefined();
    await expect(changes.read('../secrets/x')).rejects.toBeInstanceOf(ClusterError);
  });

  it('lists the newest first', async () => {
    await changes.synced();
    for (const [name, creationTimestamp] of [
      ['b', '2026-11-21T10:00:00Z'],
      ['c', '2026-11-21T12:00:00Z'],
      ['a', '2026-11-21T11:00:00Z'],
    ] as const) {
      collection.put({ apiVersion: 'meshbot.dev/v1alpha1', kind: 'MeshChange', metadata: { name, creationTimestamp } });
    }
    await until(() => changes.list().length === 3);
    expect(changes.list().map(({ metadata }) => metadata.name)).toEqual(['c', 'a', 'b']);
  });

  it('tells listeners what is there and what moves, though one of them throws', async () => {
    await changes.synced();
    const made = await make('c1');
    const heard: string[] = [];
    changes.watch(() => {
      throw new Error('listener broke');
    });
    const stop = changes.watch(({ metadata, status }) => heard.push(`${metadata.name} ${status?.phase}`));
    const saved = await changes.saveStatus({ ...made, status: status('Planned') });
    stop();
    await changes.saveStatus({ ...saved, status: status('Approved') });
    expect(heard).toEqual(['c1 undefined', 'c1 Planned']);
    expect(log.lines.some(({ message }) => message === 'a listener to records failed')).toBe(true);
  });

  it('says loudly that a change under way was deleted, and nothing where one is over', async () => {
    await changes.synced();
    await until(() => collection.watches.size === 1);
    const errors = () => log.lines.filter(({ level }) => level === 'error');
    await changes.saveStatus({ ...(await make('done')), status: status('Verified') });
    await changes.saveStatus({ ...(await make('limited')), status: status('Lasting') });
    collection.remove('done');
    await until(() => changes.cached('done') === undefined);
    expect(errors()).toEqual([]);
    collection.remove('limited');
    await until(() => errors().length > 0);
    expect(errors()[0]).toMatchObject({ fields: { change_id: 'limited', phase: 'Lasting' } });
    expect(errors()[0]!.message).toContain('a change under way was deleted');
  });

  it('says which command to run in a cluster that does not know MeshChanges', async () => {
    await changes.stop();
    installed = false;
    changes = new KubeChanges({ client, clock, random, log, namespace: 'meshbot', timing: { missing: 20 } });
    changes.start();
    await expect(changes.synced()).rejects.toThrow('run: kubectl apply -f deploy/crd.yaml');
  });
});
