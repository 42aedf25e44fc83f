import { afterEach, describe, expect, it } from 'vitest';
import type { ChangeStatus, MeshChange, Phase } from '../../src/change/meshchange.ts';
import { sweep } from '../../src/change/sweep.ts';
import { KubeChanges } from '../../src/kubernetes/changes.ts';
import { connect } from '../../src/kubernetes/client.ts';
import { type LocalCluster, OWN_NAMESPACE, startCluster } from '../../src/sandbox/cluster.ts';
import { newLog } from '../../src/start/log.ts';
import { systemClock, systemRandom } from '../../src/system.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 5, 1);

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function shelf(): Promise<{ store: KubeChanges; cluster: LocalCluster }> {
  const cluster = await startCluster({ ports: { kubernetes: 0, shop: 0 }, load: 0 });
  ends.push(() => cluster.close());
  const client = connect({ kind: 'server', server: cluster.kubernetes.url }, { clock: systemClock });
  ends.push(() => client.close());
  const log = newLog('silent');
  const store = new KubeChanges({ client, clock: systemClock, random: systemRandom, log, namespace: OWN_NAMESPACE });
  store.start();
  ends.push(() => store.stop());
  await store.synced();
  return { store, cluster };
}

async function change(store: KubeChanges, name: string, phase: Phase, at: number): Promise<MeshChange> {
  const made = await store.create({
    name,
    namespace: OWN_NAMESPACE,
    spec: {
      verb: 'shift',
      arguments: {},
      text: 'shift reviews v3 50',
      requester: { team: 'T1', user: 'U1' },
      origin: { channel: 'C1' },
    },
  });
  const status: ChangeStatus = {
    phase,
    decisions: [],
    approvals: [],
    written: [],
    messages: {},
    history: [{ phase, at }],
  };
  return store.saveStatus({ ...made, status });
}

describe('the sweep', () => {
  it('removes what ended long ago, and nothing that is young or has not ended', async () => {
    const { store, cluster } = await shelf();
    await change(store, 'old-done', 'Verified', NOW - 91 * DAY);
    await change(store, 'young-done', 'Verified', NOW - 89 * DAY);
    await change(store, 'old-open', 'Planned', NOW - 400 * DAY);
    expect(await sweep(store, NOW, 90 * DAY, newLog('silent'))).toBe(1);
    const left = cluster.kubernetes.list('MeshChange', OWN_NAMESPACE).map(({ metadata }) => metadata.name);
    expect(left).toEqual(['old-open', 'young-done']);
  });

  it('leaves a change that moved since it was looked at', async () => {
    const { store, cluster } = await shelf();
    const seen = await change(store, 'moved', 'Failed', NOW - 91 * DAY);
    const stale = { list: () => [seen], remove: (which: MeshChange) => store.remove(which) };
    await store.saveStatus({ ...seen, status: { ...seen.status!, phase: 'Undone' } });
    expect(await sweep(stale, NOW, 90 * DAY, newLog('silent'))).toBe(0);
    expect(cluster.kubernetes.list('MeshChange', OWN_NAMESPACE)).toHaveLength(1);
  });

  it('is not troubled by another replica that was faster', async () => {
    const { store } = await shelf();
    const gone = await change(store, 'gone', 'Rejected', NOW - 91 * DAY);
    await store.remove(gone);
    const late = { list: () => [gone], remove: (which: MeshChange) => store.remove(which) };
    expect(await sweep(late, NOW, 90 * DAY, newLog('silent'))).toBe(0);
  });
});
