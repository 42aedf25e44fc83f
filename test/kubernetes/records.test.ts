/** Schedules and freezes as the cluster keeps them, with the kinds that deploy/crd.yaml defines. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type KubeClient } from '../../src/kubernetes/client.ts';
import { HEALTH_SCHEDULES, MESH_FREEZES } from '../../src/kubernetes/paths.ts';
import { KubeRecords } from '../../src/kubernetes/records.ts';
import type { HealthSchedule } from '../../src/records/health-schedule.ts';
import type { MeshFreeze } from '../../src/records/mesh-freeze.ts';
import { meshbotManifests, OWN_NAMESPACE } from '../../src/sandbox/cluster.ts';
import { type LocalKubernetes, startKubernetes } from '../../src/sandbox/kubernetes/kubernetes.ts';
import { systemClock as clock, systemRandom as random } from '../../src/system.ts';
import { keptLog, until } from './server.ts';

let kubernetes: LocalKubernetes;
let client: KubeClient;
/** Two replicas. */
let one: KubeRecords<HealthSchedule>;
let two: KubeRecords<HealthSchedule>;
let freezes: KubeRecords<MeshFreeze>;

const by = { team: 'T1', user: 'U1' };
const spec = { when: 'weekday 09:00', tz: 'Asia/Tokyo', channel: 'C1', by };

beforeAll(async () => {
  kubernetes = await startKubernetes();
  for (const object of meshbotManifests()) kubernetes.apply(object);
  client = connect({ kind: 'server', server: kubernetes.url }, { clock });
  const options = { client, clock, random, log: keptLog(), namespace: OWN_NAMESPACE, timing: { firstBackoff: 5 } };
  one = new KubeRecords(HEALTH_SCHEDULES, options);
  two = new KubeRecords(HEALTH_SCHEDULES, options);
  freezes = new KubeRecords(MESH_FREEZES, options);
  for (const records of [one, two, freezes]) records.start();
  await Promise.all([one.synced(), two.synced(), freezes.synced()]);
});

afterAll(async () => {
  await Promise.all([one.stop(), two.stop(), freezes.stop()]);
  await client.close();
  await kubernetes.close();
});

describe('the records', () => {
  it('let one of two replicas claim a slot, and the other see it', async () => {
    await one.create({ name: 'health-1', spec });
    await expect(two.create({ name: 'health-1', spec })).rejects.toMatchObject({ kind: 'already-exists' });
    await until(() => two.cached('health-1') !== undefined);
    const tries = await Promise.allSettled(
      [one, two].map(replica => {
        const schedule = replica.cached('health-1')!;
        return replica.saveStatus({ ...schedule, status: { slot: 1_000 } });
      }),
    );
    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = tries.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(lost.reason).toMatchObject({ kind: 'conflict' });
    await until(() => [one, two].every(replica => replica.cached('health-1')?.status?.slot === 1_000));
  });

  it('change what is wished for as they change what became of it', async () => {
    const made = await freezes.create({ name: 'freeze-1', spec: { namespace: 'shop', by } });
    const longer = await freezes.saveSpec({ ...made, spec: { ...made.spec, until: '2026-12-24T18:00:00Z' } });
    expect(longer.spec.until).toBe('2026-12-24T18:00:00Z');
    await expect(freezes.saveSpec({ ...made, spec: { ...made.spec, reason: 'late' } })).rejects.toMatchObject({
      kind: 'conflict',
    });
    expect((await freezes.saveStatus({ ...longer, status: { message: 'it holds' } })).spec).toEqual(longer.spec);
  });

  it('are refused where their schema does not allow them', async () => {
    const wrong = one.create({ name: 'health-2', spec: { ...spec, when: 'now and then' } });
    await expect(wrong).rejects.toMatchObject({ kind: 'invalid' });
    const never = freezes.create({ name: 'freeze-2', spec: { namespace: 'shop', until: 'tomorrow', by } });
    await expect(never).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('are removed in the version that was read, and then gone from every cache', async () => {
    const made = await one.create({ name: 'health-3', spec });
    const moved = await one.saveStatus({ ...made, status: { slot: 1 } });
    await expect(one.remove(made)).rejects.toMatchObject({ kind: 'conflict' });
    await one.remove(moved);
    await until(() => [one, two].every(replica => replica.cached('health-3') === undefined));
    expect(await two.read('health-3')).toBeUndefined();
  });

  it('are shown by kubectl in words', async () => {
    const accept = 'application/json;as=Table;g=meta.k8s.io;v=v1';
    const table = async (resource: string) => {
      const url = `${kubernetes.url}/apis/meshbot.dev/v1alpha1/namespaces/${OWN_NAMESPACE}/${resource}`;
      return (await (await fetch(url, { headers: { accept } })).json()) as { rows: { cells: unknown[] }[] };
    };
    expect((await table('healthschedules')).rows[0]?.cells.slice(0, 5)).toEqual([
      'health-1',
      'weekday 09:00',
      'Asia/Tokyo',
      'C1',
      'U1',
    ]);
    expect((await table('meshfreezes')).rows[0]?.cells.slice(0, 4)).toEqual([
      'freeze-1',
      'shop',
      null,
      '2026-12-24T18:00:00Z',
    ]);
  });
});
