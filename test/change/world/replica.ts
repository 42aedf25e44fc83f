/** One replica of the reconciler, all of whose calls go through points at which it may be killed or its answer lost. */
import type { MeshChange } from '../../../src/change/meshchange.ts';
import type { Policy } from '../../../src/change/policy.ts';
import { type Reconciler, startReconciler } from '../../../src/change/reconciler.ts';
import type { ChangeStore } from '../../../src/change/store.ts';
import { World } from '../../../src/istio/world.ts';
import { refKey } from '../../../src/object.ts';
import type { Chat, Clock, Cluster } from '../../../src/ports.ts';
import { ChatError, ClusterError } from '../../../src/ports.ts';
import type { MeshFreeze } from '../../../src/records/mesh-freeze.ts';
import type { Api } from './api.ts';
import { planner, prover } from './plans.ts';
import type { Simulation } from './simulation.ts';
import type { Slack } from './slack.ts';

/** Probabilities per call, and virtual ms. */
export interface Faults {
  /** Killed before or after the effect. */
  kill: number;
  /** The answer does not come; the effect may have happened. */
  lost: number;
  /** 429. */
  busy: number;
  /** A watch event or answer takes long. */
  slow: number;
  /** The chat answers nothing at all. */
  chatDown?: boolean;
}

export const NO_FAULTS: Faults = { kill: 0, lost: 0, busy: 0, slow: 0 };

export interface Shared {
  sim: Simulation;
  api: Api;
  slack: Slack;
  policy(): Policy;
  freezes(): MeshFreeze[];
  /** As they are now. */
  faults(): Faults;
  killed(replica: Replica): void;
}

export class Replica {
  readonly name: string;
  dead = false;
  /** ms since the watches of the mesh were heard. */
  worldAge = 0;
  readonly store: ChangeStore;
  readonly clock: Clock;
  /** What was asked of the cluster. */
  readonly calls = { read: 0, dryRun: 0, write: 0 };
  readonly #shared: Shared;
  readonly #unwatch: (() => void)[] = [];
  readonly #reconciler: Reconciler;

  constructor(shared: Shared, name: string) {
    this.name = name;
    this.#shared = shared;
    const skew = Math.round(shared.sim.dice.between(-60_000, 60_000));
    this.clock = this.#clock(skew);
    this.store = this.#store();
    this.#reconciler = startReconciler({
      store: this.store,
      cluster: this.#cluster(),
      chat: this.#chat(),
      planner,
      prover: change => this.#call('chat', () => prover(change, shared.sim), shared.sim.dice.between(500, 12_000)),
      policy: shared.policy,
      freezes: { list: shared.freezes, reader: 'default', age: 0 },
      clock: this.clock,
      random: { hex: bytes => shared.sim.dice.hex(bytes) },
      log: { info: () => {}, warn: () => {}, error: () => {} },
      holder: name,
      home: 'T1',
    });
  }

  kill(): void {
    if (this.dead) return;
    this.dead = true;
    for (const unwatch of this.#unwatch) unwatch();
    this.#shared.killed(this);
  }

  /** As on SIGTERM: finishes and lets go. */
  async stop(): Promise<void> {
    await this.#reconciler.stop();
    this.kill();
  }

  /** A call to the outside. Of a killed replica it never returns, though what was on its way may still arrive. */
  #call<T>(to: 'store' | 'cluster' | 'chat', effect: () => T, takes?: number): Promise<T> {
    const { sim, faults } = this.#shared;
    const { dice } = sim;
    const { kill, lost, busy, slow, chatDown } = faults();
    if (chatDown && to === 'chat') {
      return new Promise((_, reject) => sim.after(1_000, () => this.dead || reject(lostError(to))));
    }
    return new Promise((resolve, reject) => {
      if (this.dead) return;
      const fate = dice.next();
      const dies = fate < kill;
      const losing = !dies && fate < kill + lost;
      const refused = !dies && !losing && fate < kill + lost + busy;
      const happens = !(dies || losing) || dice.chance(0.5);
      const arrivesLate = dice.chance(0.5);
      const way = (): number => (dice.chance(slow) ? dice.between(200, 4_000) : dice.between(1, 30));
      sim.after(takes ?? way(), () => {
        if (this.dead && !arrivesLate) return;
        if (dies && !happens) return this.kill();
        if (refused) {
          sim.after(way(), () => this.dead || reject(busyError(to, Math.round(dice.between(500, 3_000)))));
          return;
        }
        let answer: () => void = () => reject(lostError(to));
        if (happens) {
          try {
            const result = effect();
            answer = () => resolve(result);
          } catch (error) {
            answer = () => reject(error);
          }
        }
        if (dies) return this.kill();
        sim.after(way(), () => {
          if (this.dead) return;
          losing ? reject(lostError(to)) : answer();
        });
      });
    });
  }

  #clock(skew: number): Clock {
    const { sim } = this.#shared;
    return {
      now: () => Math.round(sim.now) + skew,
      sleep: (ms, signal) =>
        new Promise(resolve => {
          if (signal?.aborted) return resolve();
          signal?.addEventListener('abort', () => resolve(), { once: true });
          sim.after(ms, () => {
            if (!this.dead) resolve();
          });
        }),
    };
  }

  /** In order, some of it twice, none of it at once. */
  #watched<T>(deliver: (item: T) => void): (item: T) => void {
    const { sim, faults } = this.#shared;
    let last = 0;
    return item => {
      const delay = sim.dice.chance(faults().slow) ? sim.dice.between(200, 4_000) : sim.dice.between(1, 40);
      last = Math.max(last, sim.now + delay);
      const twice = sim.dice.chance(0.05);
      sim.after(last - sim.now, () => {
        if (this.dead) return;
        deliver(item);
        if (twice) deliver(item);
      });
    };
  }

  #store(): ChangeStore {
    const { api } = this.#shared;
    const cache = new Map<string, MeshChange>();
    const listeners = new Set<(change: MeshChange) => void>();
    const hear = this.#watched((change: MeshChange) => {
      cache.set(change.metadata.name, change);
      for (const listener of listeners) listener(change);
    });
    for (const change of api.changes.values()) hear(change);
    this.#unwatch.push(api.watchChanges(hear));
    return {
      create: change => this.#call('store', () => api.create(change)),
      read: name => this.#call('store', () => api.changes.get(name)),
      saveStatus: change => this.#call('store', () => api.saveStatus(change)),
      list: () => [...cache.values()].reverse(),
      cached: name => cache.get(name),
      watch: listener => {
        listeners.add(listener);
        for (const change of cache.values()) listener(change);
        return () => listeners.delete(listener);
      },
    };
  }

  #cluster(): Cluster {
    const { api } = this.#shared;
    const world = new World(api.objects.values());
    this.#unwatch.push(
      api.watchObjects(
        (
          (hear: (event: [Parameters<World['delete']>[0], Parameters<World['put']>[0] | undefined]) => void) =>
          (ref: Parameters<World['delete']>[0], object: Parameters<World['put']>[0] | undefined) =>
            hear([ref, object])
        )(this.#watched(([ref, object]) => (object ? world.put(object) : world.delete(ref)))),
      ),
    );
    return {
      world: () => ({ world, age: this.worldAge }),
      read: ref => {
        this.calls.read++;
        return this.#call('cluster', () => api.objects.get(refKey(ref)));
      },
      dryRun: write => {
        this.calls.dryRun++;
        return this.#call('cluster', () => {
          api.check(write, true);
          return { object: write.after ? api.mutate(write.after) : write.before!, warnings: [] };
        });
      },
      write: write => {
        this.calls.write++;
        return this.#call('cluster', () => api.write(write));
      },
    };
  }

  #chat(): Chat {
    const { slack } = this.#shared;
    return {
      post: (place, view, key) => this.#call('chat', () => slack.post(place, view, key)),
      find: (place, key, since) => this.#call('chat', () => slack.find(place, key, since)),
      update: (posted, view) => this.#call('chat', () => slack.update(posted, view)),
      whisper: ({ channel }, person, view) =>
        this.#call('chat', () => {
          slack.whispers.push({ channel, person, view });
        }),
      person: id => this.#call('chat', () => slack.people.get(id)),
      groupMembers: group => this.#call('chat', () => slack.groups.get(group) ?? fail(`no_such_subteam ${group}`)),
    };
  }
}

function fail(message: string): never {
  throw new ChatError('refused', message);
}

function lostError(to: 'store' | 'cluster' | 'chat'): Error {
  return to === 'chat' ? new ChatError('unknown', 'no answer') : new ClusterError('unavailable', 'no answer');
}

function busyError(to: 'store' | 'cluster' | 'chat', retryAfter: number): Error {
  return to === 'chat'
    ? new ChatError('limited', 'ratelimited', { retryAfter })
    : new ClusterError('busy', 'too many requests', { retryAfter });
}
