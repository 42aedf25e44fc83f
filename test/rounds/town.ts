/** Replicas that post health in virtual time, each with a clock of its own, all of whose calls may kill them or be lost. */
import { ChatError, type Clock, ClusterError, type RecordStore } from '../../src/ports.ts';
import type { HealthSchedule, HealthScheduleSpec } from '../../src/records/health-schedule.ts';
import { type Rounds, startRounds } from '../../src/rounds/rounds.ts';
import { frozen, Simulation } from '../change/world/simulation.ts';
import { Slack } from '../change/world/slack.ts';

/** Probabilities per call. */
export interface Faults {
  kill: number;
  lost: number;
  busy: number;
  slow: number;
}

/** The API server's side: compare-and-swap under one resourceVersion, and watches that lag. */
class Api {
  readonly records = new Map<string, HealthSchedule>();
  readonly watchers = new Set<(name: string, record: HealthSchedule | undefined) => void>();
  #version = 100;

  put(record: HealthSchedule): HealthSchedule {
    const { name } = record.metadata;
    const metadata = { ...record.metadata, resourceVersion: String(++this.#version) };
    const stored = frozen({ ...structuredClone(record), metadata });
    this.records.set(name, stored);
    for (const watcher of this.watchers) watcher(name, stored);
    return stored;
  }

  save(record: HealthSchedule): HealthSchedule {
    const { name, resourceVersion } = record.metadata;
    const known = this.records.get(name);
    if (!known) throw new ClusterError('not-found', name);
    if (known.metadata.resourceVersion !== resourceVersion) throw new ClusterError('conflict', name);
    return this.put({ ...known, ...(record.status && { status: record.status }) });
  }

  remove(name: string): void {
    this.records.delete(name);
    for (const watcher of this.watchers) watcher(name, undefined);
  }
}

export class Town {
  readonly sim: Simulation;
  readonly slack: Slack;
  readonly api = new Api();
  faults: Faults = { kill: 0, lost: 0, busy: 0, slow: 0 };
  readonly replicas: Replica[] = [];
  /** Virtual ms until somebody takes the place of a replica that was killed. undefined: nobody does. */
  restart: (() => number) | undefined = () => 1_000;
  /** Virtual ms between two looks at what is due. */
  pace = 2_000;
  #count = 0;

  constructor(seed: number, start: number) {
    this.sim = new Simulation(seed, start);
    this.slack = new Slack(this.sim);
  }

  schedule(name: string, spec: HealthScheduleSpec): void {
    const creationTimestamp = new Date(Math.floor(this.sim.now / 1_000) * 1_000).toISOString();
    const metadata = { name, namespace: 'meshbot', uid: name, creationTimestamp };
    this.api.put({ apiVersion: 'meshbot.dev/v1alpha1', kind: 'HealthSchedule', metadata, spec });
  }

  /** `skew`: how far ahead of the true time its clock is, ms. */
  start(skew: number): Replica {
    const replica = new Replica(this, `replica-${this.#count++}`, skew);
    this.replicas.push(replica);
    return replica;
  }

  died(replica: Replica): void {
    this.replicas.splice(this.replicas.indexOf(replica), 1);
    const after = this.restart?.();
    if (after !== undefined) this.sim.after(after, () => this.start(replica.skew));
  }

  async until(moment: number): Promise<void> {
    this.sim.after(moment - this.sim.now, () => {});
    await this.sim.run(Number.POSITIVE_INFINITY, () => this.sim.now >= moment);
  }

  /** Slots of the posts that can be seen, in order of time. */
  posts(name: string): number[] {
    const own = this.slack.messages.filter(({ key, deleted }) => key.change === name && !deleted);
    return own.map(({ key }) => Number(key.slot.replace('health@', '')));
  }
}

export class Replica {
  readonly skew: number;
  dead = false;
  readonly #town: Town;
  readonly #rounds: Rounds;
  #unwatch = (): void => {};

  constructor(town: Town, name: string, skew: number) {
    this.#town = town;
    this.skew = skew;
    const { sim, slack } = town;
    const clock = this.#clock();
    const unused = (): never => {
      throw new Error('a round does not do this');
    };
    this.#rounds = startRounds({
      store: this.#store(),
      clock,
      holder: name,
      random: { hex: bytes => sim.dice.hex(bytes) },
      log: { info: () => {}, warn: () => {}, error: () => {} },
      chat: {
        post: (place, view, key) => this.#call('chat', () => slack.post(place, view, key)),
        find: (place, key, since) => this.#call('chat', () => slack.find(place, key, since)),
        whisper: ({ channel }, person, view) =>
          this.#call('chat', () => void slack.whispers.push({ channel, person, view })),
        update: unused,
        person: unused,
        groupMembers: unused,
      },
      look: (schedule, turn) =>
        this.#slowly(() => {
          const before = schedule.status?.last?.memory;
          const view = { text: JSON.stringify({ after: before, missed: turn.missed, slot: turn.slot }), parts: [] };
          return { view, memory: `memory of ${turn.slot}` };
        }),
    });
    const tick = (): void => {
      if (this.dead) return;
      this.#rounds.tick();
      sim.after(town.pace, tick);
    };
    sim.after(sim.dice.between(0, 2_000), tick);
  }

  kill(): void {
    if (this.dead) return;
    this.dead = true;
    this.#unwatch();
    this.#town.died(this);
  }

  /** A look at a large mesh may take longer than a turn may stand still. */
  async #slowly<T>(look: () => T): Promise<T> {
    const { sim, faults } = this.#town;
    await this.#clock().sleep(sim.dice.chance(faults.slow) ? sim.dice.between(2_000, 40_000) : 50);
    return this.#call('store', look);
  }

  /** Of a killed replica it never returns, though what was on its way may still arrive. */
  #call<T>(to: 'store' | 'chat', effect: () => T): Promise<T> {
    const { sim, faults } = this.#town;
    const { dice } = sim;
    const failed = (): Error =>
      to === 'chat' ? new ChatError('unknown', 'no answer') : new ClusterError('unavailable', 'no answer');
    const busy = (): Error =>
      to === 'chat'
        ? new ChatError('limited', 'ratelimited', { retryAfter: 1_000 })
        : new ClusterError('busy', 'too many requests', { retryAfter: 1_000 });
    return new Promise((resolve, reject) => {
      if (this.dead) return;
      const fate = dice.next();
      const dies = fate < faults.kill;
      const loses = !dies && fate < faults.kill + faults.lost;
      const refuses = !dies && !loses && fate < faults.kill + faults.lost + faults.busy;
      const happens = !(dies || loses) || dice.chance(0.5);
      const arrivesLate = dice.chance(0.5);
      const way = (): number => (dice.chance(faults.slow) ? dice.between(200, 2_500) : dice.between(1, 30));
      sim.after(way(), () => {
        if (this.dead && !arrivesLate) return;
        if (refuses) return void sim.after(way(), () => this.dead || reject(busy()));
        let answer = (): void => reject(failed());
        if (happens) {
          try {
            const result = effect();
            if (!loses) answer = () => resolve(result);
          } catch (error) {
            if (!loses) answer = () => reject(error);
          }
        }
        if (dies) return this.kill();
        sim.after(way(), () => this.dead || answer());
      });
    });
  }

  #clock(): Clock {
    const { sim } = this.#town;
    return {
      now: () => Math.round(sim.now) + this.skew,
      sleep: (ms, signal) =>
        new Promise(resolve => {
          if (signal?.aborted) return resolve();
          signal?.addEventListener('abort', () => resolve(), { once: true });
          sim.after(ms, () => this.dead || resolve());
        }),
    };
  }

  /** Its cache sees its own writes at once, those of others when the watch tells. */
  #store(): RecordStore<HealthSchedule> {
    const { api, sim } = this.#town;
    const cache = new Map<string, HealthSchedule>(api.records);
    const listeners = new Set<(record: HealthSchedule) => void>();
    const absorb = (record: HealthSchedule): HealthSchedule => {
      const known = cache.get(record.metadata.name);
      if (known && Number(known.metadata.resourceVersion) >= Number(record.metadata.resourceVersion)) return record;
      cache.set(record.metadata.name, record);
      for (const listener of listeners) listener(record);
      return record;
    };
    let last = 0;
    const hear = (name: string, record: HealthSchedule | undefined): void => {
      const { faults } = this.#town;
      last = Math.max(last, sim.now + (sim.dice.chance(faults.slow) ? sim.dice.between(200, 4_000) : 20));
      sim.after(last - sim.now, () => {
        if (this.dead) return;
        if (record) absorb(record);
        else cache.delete(name);
      });
    };
    api.watchers.add(hear);
    this.#unwatch = () => api.watchers.delete(hear);
    const unused = (): never => {
      throw new Error('a round does not do this');
    };
    return {
      create: unused,
      saveSpec: unused,
      remove: unused,
      read: async name => {
        const found = await this.#call('store', () => api.records.get(name));
        return found && absorb(found);
      },
      saveStatus: async record => {
        const known = cache.get(record.metadata.name);
        if (known?.metadata.resourceVersion !== record.metadata.resourceVersion) {
          throw new ClusterError('conflict', 'it moved');
        }
        return absorb(await this.#call('store', () => api.save(record)));
      },
      list: () => [...cache.values()],
      cached: name => cache.get(name),
      watch: listener => {
        listeners.add(listener);
        for (const record of cache.values()) listener(record);
        return () => listeners.delete(listener);
      },
    };
  }
}
