/** One replica of the lab: the real reconciler over ports that take their time, and that a killed replica never hears of. */
import type { MeshChange } from '../../../src/change/meshchange.ts';
import { type Reconciler, startReconciler } from '../../../src/change/reconciler.ts';
import type { ChangeStore } from '../../../src/change/store.ts';
import { World } from '../../../src/istio/world.ts';
import { type KubeObject, refKey } from '../../../src/object.ts';
import { type Chat, type Clock, type Cluster, ClusterError, type Metrics, type Write } from '../../../src/ports.ts';
import { TEAM } from '../world/slack.ts';
import type { Lab } from './lab.ts';

export interface Replica {
  reconciler: Reconciler;
  dead: boolean;
  store: ChangeStore;
}

export function newReplica(lab: Lab, name: string, skew: number): Replica {
  const { sim, api, slack } = lab;
  const replica = { dead: false } as Replica;
  const call = <T>(effect: () => T | 'lost', ms = 5): Promise<T> =>
    new Promise((resolve, reject) => {
      sim.after(ms, () => {
        if (replica.dead) return;
        try {
          const result = effect();
          sim.after(ms, () => {
            if (replica.dead) return;
            if (result === 'lost') reject(new ClusterError('unavailable', 'no answer'));
            else resolve(result);
          });
        } catch (error) {
          sim.after(ms, () => replica.dead || reject(error));
        }
      });
    });
  const clock: Clock = {
    now: () => Math.round(sim.now) + skew,
    sleep: (ms, signal) =>
      new Promise(resolve => {
        if (signal?.aborted) return resolve();
        signal?.addEventListener('abort', () => resolve(), { once: true });
        sim.after(ms, () => replica.dead || resolve());
      }),
  };
  const listeners = new Set<(change: MeshChange) => void>();
  const cache = new Map(api.changes);
  api.watchChanges(change =>
    sim.after(10, () => {
      if (replica.dead) return;
      cache.set(change.metadata.name, change);
      for (const listener of listeners) listener(change);
    }),
  );
  const store: ChangeStore = {
    create: change => call(() => api.create(change)),
    read: name => call(() => api.changes.get(name)),
    saveStatus: change =>
      call(() => {
        const saved = api.saveStatus(change);
        lab.onSaved(saved);
        return saved;
      }, lab.saveTakes),
    list: () => [...cache.values()],
    cached: name => cache.get(name),
    watch: listener => {
      listeners.add(listener);
      for (const change of cache.values()) listener(change);
      return () => listeners.delete(listener);
    },
  };
  const world = new World(api.objects.values());
  api.watchObjects((ref, object) => sim.after(10, () => (object ? world.put(object) : world.delete(ref))));
  const cluster: Cluster = {
    world: () => ({ world, age: 0 }),
    read: ref => call(() => api.objects.get(refKey(ref))),
    dryRun: write =>
      call(() => {
        api.check(write, true);
        return { object: write.after ?? write.before!, warnings: [] };
      }),
    write: write =>
      call(() => {
        const lost = lab.onWrite(write);
        const done = api.write(merged(write, api.objects.get(refKey(write.ref))));
        return lost ?? done;
      }),
  };
  const chat: Chat = {
    post: (place, view, key) => call(() => slack.post(place, view, key)),
    find: (place, key, since) => call(() => slack.find(place, key, since)),
    update: (posted, view) => call(() => slack.update(posted, view)),
    whisper: ({ channel }, person, view) => call(() => void slack.whispers.push({ channel, person, view })),
    person: id => call(() => slack.people.get(id)),
    groupMembers: group => call(() => slack.groups.get(group) ?? []),
  };
  const metrics: Metrics = {
    rateByVersion: async () => undefined,
    behaviourByVersion: (_host, window, until) => {
      if (until !== undefined) return call(() => lab.before);
      lab.windows.push(window);
      const told = lab.metrics;
      if (told === 'never') return new Promise(() => {});
      return call(() => {
        if (told instanceof Error) throw told;
        return told;
      });
    },
  };
  replica.store = store;
  replica.reconciler = startReconciler({
    ...{ store, cluster, chat, metrics, clock },
    planner: (change, seen) => lab.plan(change, seen),
    prover: async (change, signal) => {
      lab.proofs++;
      await clock.sleep(lab.proofTakes, signal);
      return receipt(lab.proven, change.status.plan.expectation.shares, clock.now());
    },
    policy: () => lab.policy,
    freezes: {
      list: () => lab.freezes,
      reader: 'default',
      get age() {
        return lab.freezesAge;
      },
    },
    random: { hex: bytes => sim.dice.hex(bytes) },
    log: { info: () => {}, warn: () => {}, error: () => {} },
    holder: name,
    home: TEAM,
  });
  return replica;
}

/** The API server is sent a patch: what neither side of a write names stays as it is. */
function merged(write: Write, found: KubeObject | undefined): Write {
  const { before, after } = write;
  if (!before || !after || !found) return write;
  const keep = <T extends Record<string, string> | undefined>(was: T, is: T, has: T): Record<string, string> => {
    const dropped = Object.keys(was ?? {}).filter(key => is?.[key] === undefined);
    const kept = Object.entries({ ...has, ...is }).filter(([key]) => !dropped.includes(key));
    return Object.fromEntries(kept);
  };
  const labels = keep(before.metadata.labels, after.metadata.labels, found.metadata.labels);
  const annotations = keep(before.metadata.annotations, after.metadata.annotations, found.metadata.annotations);
  return { ...write, after: { ...after, metadata: { ...after.metadata, labels, annotations } } };
}

function receipt(proven: boolean, expected: Record<string, number>, at: number) {
  return {
    verdict: proven ? ('proven' as const) : ('not-proven' as const),
    summary: proven ? 'consistent with what was planned' : 'too few requests came through',
    ...{ sent: 40, seen: {}, intervals: {}, confidence: 99, expected, statuses: { '200': 40 }, median: 12 },
    ...{ from: 'the ingress gateway', at },
  };
}
