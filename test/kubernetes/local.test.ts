/** The adapters against the local cluster: a Kubernetes API over real HTTP, with the Bookinfo shop in its mesh. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChangeStatus, MeshChange } from '../../src/change/meshchange.ts';
import { KubeChanges } from '../../src/kubernetes/changes.ts';
import { connect, type KubeClient } from '../../src/kubernetes/client.ts';
import { KubeCluster } from '../../src/kubernetes/cluster.ts';
import { lacking } from '../../src/kubernetes/rights.ts';
import { WatchedWorld } from '../../src/kubernetes/world.ts';
import { type KubeObject, refOf } from '../../src/object.ts';
import { MeshProbe } from '../../src/probe/probe.ts';
import { type LocalCluster, OWN_NAMESPACE, startCluster } from '../../src/sandbox/cluster.ts';
import { systemClock as clock, systemRandom as random } from '../../src/system.ts';
import { prometheus } from '../../src/telemetry/prometheus.ts';
import { zipkin } from '../../src/telemetry/zipkin.ts';
import { keptLog, until } from './server.ts';

let local: LocalCluster;
let client: KubeClient;
let watched: WatchedWorld;
let changes: KubeChanges;
let cluster: KubeCluster;

const TIMING = { firstBackoff: 5, longestBackoff: 50 };

beforeAll(async () => {
  local = await startCluster({ ports: { kubernetes: 0, shop: 0 }, load: 0 });
  client = connect({ kind: 'server', server: local.kubernetes.url }, { clock });
  const log = keptLog();
  watched = new WatchedWorld({ client, clock, random, log, namespaces: undefined, timing: TIMING });
  changes = new KubeChanges({ client, clock, random, log, namespace: OWN_NAMESPACE, timing: TIMING });
  cluster = new KubeCluster(client, watched);
  watched.start();
  changes.start();
  await Promise.all([watched.synced(), changes.synced()]);
});

afterAll(async () => {
  await watched.stop();
  await changes.stop();
  await client.close();
  await local.close();
});

beforeEach(() => {
  local.kubernetes.faults.clear();
  local.kubernetes.rights.allowAll();
});

const rule = (name: string): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: {
    name,
    namespace: 'default',
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"a":1}' },
  },
  spec: { host: 'details', subsets: [{ name: 'v1', labels: { version: 'v1' } }] },
});

/** As the watch has it. */
async function created(name: string): Promise<KubeObject> {
  const { object } = await cluster.write({ ref: refOf(rule(name)), after: rule(name) });
  await until(() => seen(name)?.metadata.resourceVersion === object.metadata.resourceVersion);
  return seen(name)!;
}

const seen = (name: string) => watched.world.get('DestinationRule', 'default', name);
const spec = (labels: string) => ({ host: 'details', subsets: [{ name: labels, labels: { version: labels } }] });

describe('the world', () => {
  it('has the shop', () => {
    expect(watched.missing).toEqual([]);
    expect(watched.world.forHost('VirtualService', 'reviews.default.svc.cluster.local')).not.toEqual([]);
    expect(watched.world.pods('default', { app: 'reviews' })).toHaveLength(3);
    expect(watched.world.get('Service', 'default', 'reviews')!.kind).toBe('Service');
  });

  it('is the same after watches broke, versions were forgotten and requests failed', async () => {
    const { faults, list } = local.kubernetes;
    const before = watched.world.size;
    faults.dropWatches('reset');
    faults.inject({ kind: 'error' }, { watch: true, times: 5 });
    local.kubernetes.apply(rule('while-away'));
    faults.compact();
    await until(() => seen('while-away') !== undefined);
    local.kubernetes.delete(refOf(rule('while-away')));
    await until(() => seen('while-away') === undefined);
    await until(() => watched.failing.length === 0);
    expect(watched.world.size).toBe(before);
    for (const kind of ['VirtualService', 'DestinationRule', 'Service', 'Pod']) {
      expect(watched.world.all(kind)).toHaveLength(list(kind).length);
    }
  });
});

describe('a write', () => {
  it('leaves in the cluster what the cache has dropped', async () => {
    const before = await created('kept');
    expect(before.metadata.annotations).toEqual({});
    const { annotations: _, ...metadataAlone } = before.metadata;
    await cluster.write({
      ref: refOf(before),
      before,
      after: { ...before, metadata: metadataAlone, spec: spec('v2') },
    });
    const { metadata, spec: now } = local.kubernetes.get(refOf(before))!;
    expect(now).toEqual(spec('v2'));
    expect(metadata.annotations).toEqual(rule('kept').metadata.annotations);
  });

  it('is tried without a trace, costs one request each time, and is refused for an unknown field', async () => {
    const before = await created('tried');
    const after = { ...before, spec: { ...spec('v2'), trafficPolicy: { loadBalncer: {} } } };
    local.kubernetes.requests.clear();
    await expect(cluster.dryRun({ ref: refOf(before), before, after })).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('loadBalncer'),
    });
    const tried = await cluster.dryRun({ ref: refOf(before), before, after: { ...before, spec: spec('v2') } });
    expect(tried.object.spec).toEqual(spec('v2'));
    expect(local.kubernetes.get(refOf(before))!.spec).toEqual(spec('v1'));
    expect(local.kubernetes.requests().map(({ verb, dryRun }) => `${verb} ${dryRun}`)).toEqual([
      'patch true',
      'patch true',
    ]);
  });

  it('is refused when somebody else was there first, and when it was deleted and made again', async () => {
    const before = await created('moved');
    const write = { ref: refOf(before), before, after: { ...before, spec: spec('v2') } };
    local.kubernetes.apply({ ...rule('moved'), spec: spec('v3') });
    await expect(cluster.write(write)).rejects.toMatchObject({ kind: 'conflict' });
    await expect(cluster.write({ ref: write.ref, before })).rejects.toMatchObject({ kind: 'conflict' });
    local.kubernetes.delete(write.ref);
    await expect(cluster.write(write)).rejects.toMatchObject({ kind: 'conflict' });
    local.kubernetes.apply(rule('moved'));
    await expect(cluster.write(write)).rejects.toMatchObject({ kind: 'conflict' });
    await expect(cluster.write({ ref: write.ref, after: rule('moved') })).rejects.toMatchObject({
      kind: 'already-exists',
    });
    expect(local.kubernetes.get(write.ref)!.spec).toEqual(spec('v1'));
  });

  it('deletes the planned object, and makes it again from what it was', async () => {
    const before = await created('gone');
    await cluster.write({ ref: refOf(before), before });
    expect(await cluster.read(refOf(before))).toBeUndefined();
    const { object } = await cluster.write({ ref: refOf(before), after: before });
    expect(object.spec).toEqual(before.spec);
    expect(object.metadata.uid).not.toBe(before.metadata.uid);
  });

  it('has an unknown outcome after a timeout, and a known one after a refusal', async () => {
    const before = await created('faulty');
    const write = { ref: refOf(before), before, after: { ...before, spec: spec('v2') } };
    const { faults } = local.kubernetes;
    faults.inject({ kind: 'throttle', retryAfter: 3 }, { method: 'PATCH' });
    await expect(cluster.write(write)).rejects.toMatchObject({ kind: 'busy', retryAfter: 3_000 });
    faults.inject({ kind: 'reset' }, { method: 'PATCH' });
    await expect(cluster.write(write)).rejects.toMatchObject({ kind: 'unavailable' });
    expect((await cluster.read(write.ref))!.spec).toEqual(spec('v1'));
    faults.inject({ kind: 'timeout-after-commit' }, { method: 'PATCH' });
    await expect(cluster.write(write)).rejects.toMatchObject({ kind: 'unavailable' });
    expect((await cluster.read(write.ref))!.spec).toEqual(spec('v2'));
  });

  it('is forbidden where the right is missing, and the start tells which', async () => {
    local.kubernetes.rights.deny({ verb: 'patch', resource: 'destinationrules', namespace: 'default' });
    const before = await created('forbidden');
    const write = { ref: refOf(before), before, after: { ...before, spec: spec('v2') } };
    await expect(cluster.write(write)).rejects.toMatchObject({ kind: 'forbidden' });
    const written = ['VirtualService', 'DestinationRule'];
    const places = { watched: ['default', 'shop'], own: OWN_NAMESPACE, probing: ['default'], written };
    expect((await lacking(client, places)).map(({ message }) => message)).toEqual([
      'May not patch destinationrules.networking.istio.io in namespace default: changes cannot be planned or written.',
    ]);
  });
});

describe('changes', () => {
  const spec = {
    verb: 'shift',
    arguments: { service: 'reviews' },
    text: 'shift reviews v3 50',
    requester: { team: 'T0123', user: 'U0123' },
    origin: { channel: 'C0123' },
  };
  const status = (phase: ChangeStatus['phase']): ChangeStatus => ({
    phase,
    decisions: [],
    approvals: [],
    written: [],
    messages: {},
    history: [{ phase, at: 1_795_272_000_000 }],
  });

  it('are kept by the real definition, once each, and moved by compare-and-swap', async () => {
    const made = await changes.create({ name: 'c-one', namespace: OWN_NAMESPACE, spec });
    const again = changes.create({ name: 'c-one', namespace: OWN_NAMESPACE, spec });
    await expect(again).rejects.toMatchObject({ kind: 'already-exists' });
    const planned = await changes.saveStatus({ ...made, status: status('Planned') });
    expect(changes.cached('c-one')).toEqual(planned);
    expect(planned.status).toEqual(status('Planned'));
    await expect(changes.saveStatus({ ...made, status: status('Rejected') })).rejects.toMatchObject({
      kind: 'conflict',
    });
    expect((await changes.read('c-one'))!.status!.phase).toBe('Planned');
  });

  it('are told to every replica', async () => {
    const heard: string[] = [];
    const log = keptLog();
    const other = new KubeChanges({ client, clock, random, log, namespace: OWN_NAMESPACE, timing: TIMING });
    other.start();
    await other.synced();
    const stop = other.watch(({ metadata, status }: MeshChange) =>
      heard.push(`${metadata.name} ${status?.phase ?? '-'}`),
    );
    const made = await changes.create({ name: 'c-two', namespace: OWN_NAMESPACE, spec });
    await changes.saveStatus({ ...made, status: status('Refused') });
    await until(() => heard.includes('c-two Refused'));
    stop();
    await other.stop();
    expect(heard.filter(each => each.startsWith('c-two'))).toEqual(['c-two -', 'c-two Refused']);
  });
});

describe('the senses', () => {
  it('send requests through the gateway and from a pod, and find their trace and their rate', async () => {
    const probe = new MeshProbe({ client, clock, random, world: watched.world, gateway: local.mesh.gatewayUrl });
    const traceId = random.hex(16);
    const headers = { 'x-b3-traceid': traceId, 'x-b3-spanid': random.hex(8), 'x-b3-sampled': '1' };
    const shop = `${local.mesh.gatewayUrl}/productpage`;
    const page = await probe.send({ from: { kind: 'gateway' }, method: 'GET', url: shop, headers, timeout: 5_000 });
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('Simple Bookstore') });

    const [pod] = watched.world.pods('default', { app: 'ratings' });
    const from = { kind: 'pod', namespace: 'default', pod: pod!.metadata.name } as const;
    const url = 'http://reviews:9080/reviews/0';
    const reviews = await probe.send({ from, method: 'GET', url, headers: {}, timeout: 5_000 });
    expect(reviews).toMatchObject({ status: 200, truncated: false, headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(reviews.body)).toHaveProperty('reviews');
    const wrong = { from, method: 'GET', url: 'http://reviews:9080/nowhere', headers: {}, timeout: 5_000 };
    expect((await probe.send(wrong)).status).toBe(404);

    const traces = zipkin({ url: local.mesh.zipkinUrl, link: undefined });
    let hops = await traces.find(traceId);
    for (; !hops; hops = await traces.find(traceId)) await clock.sleep(20);
    expect(hops.map(({ service }) => service)).toContain('reviews.default');
    expect(hops.filter(({ parent }) => parent === undefined)).toHaveLength(1);
    expect(hops.some(({ version, side }) => version !== undefined && side === 'server')).toBe(true);
    expect(await traces.find(random.hex(16))).toBeUndefined();

    // A rate needs two samples of a counter.
    const metrics = prometheus(local.mesh.prometheusUrl);
    let rates: Record<string, number> | undefined;
    while (!rates) {
      await probe.send({ from: { kind: 'gateway' }, method: 'GET', url: shop, headers: {}, timeout: 5_000 });
      await clock.sleep(100);
      rates = await metrics.rateByVersion('details.default.svc.cluster.local', 60);
    }
    expect(Object.keys(rates)).toEqual(['v1']);
    await probe.close();
  });
});
