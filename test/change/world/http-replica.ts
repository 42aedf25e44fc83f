/** A replica over the real adapters and HTTP, whose calls may kill it before or after they had their effect. */
import { type Reconciler, startReconciler } from '../../../src/change/reconciler.ts';
import { KubeChanges } from '../../../src/kubernetes/changes.ts';
import { connect, type KubeClient } from '../../../src/kubernetes/client.ts';
import { KubeCluster } from '../../../src/kubernetes/cluster.ts';
import { WatchedWorld } from '../../../src/kubernetes/world.ts';
import { type ChangeStore, type Chat, ChatError, type Clock, type Cluster, type Log } from '../../../src/ports.ts';
import { planner, prover } from './plans.ts';
import type { Dice } from './simulation.ts';
import type { Slack } from './slack.ts';
import { POLICY } from './town.ts';

export interface HttpWorld {
  server: string;
  /** Of the changes, and of the mesh. */
  namespaces: { own: string; mesh: string };
  clock: Clock;
  dice: Dice;
  slack: Slack;
  /** Chance per call to be killed by it. */
  kill(): number;
  killed(replica: HttpReplica): void;
}

const QUIET: Log = { info: () => {}, warn: () => {}, error: () => {} };
/** The clock runs fast, but the server's watches do not: what is measured by them is given the time that it needs. */
const LONG = 3_600_000;
const TIMING = { firstBackoff: 50, longestBackoff: 500, watch: 290_000, silence: LONG, relist: LONG };

export class HttpReplica {
  dead = false;
  readonly name: string;
  readonly store: ChangeStore;
  readonly #world: HttpWorld;
  readonly #client: KubeClient;
  readonly #changes: KubeChanges;
  readonly #watched: WatchedWorld;
  readonly #underWay = new Set<string>();
  #reconciler: Reconciler | undefined;

  constructor(world: HttpWorld, name: string) {
    this.name = name;
    this.#world = world;
    const { clock, namespaces, server, dice } = world;
    const random = { hex: (bytes: number) => dice.hex(bytes) };
    this.#client = connect({ kind: 'server', server }, { clock });
    const options = { client: this.#client, clock, random, log: QUIET, timing: TIMING };
    this.#changes = new KubeChanges({ ...options, namespace: namespaces.own });
    this.#watched = new WatchedWorld({ ...options, namespaces: [namespaces.mesh] });
    this.store = this.#mortal(this.#changes, ['create', 'read', 'saveStatus']);
  }

  async start(): Promise<void> {
    const { clock, dice } = this.#world;
    this.#changes.start();
    this.#watched.start();
    await Promise.all([this.#changes.synced(), this.#watched.synced()]);
    if (this.dead) return;
    const cluster: Cluster = new KubeCluster(this.#client, this.#watched);
    const namespace = this.#world.namespaces.mesh;
    this.#reconciler = startReconciler({
      store: this.store,
      cluster: this.#mortal(cluster, ['read', 'dryRun', 'write']),
      chat: this.#mortal(this.#chat(), ['post', 'find', 'update', 'whisper', 'person', 'groupMembers']),
      planner: (change, world) => planner(change, world, namespace),
      prover: change => Promise.resolve(prover(change, { dice, now: clock.now() })),
      policy: () => POLICY,
      clock: this.#mortal(clock, ['sleep']),
      random: { hex: bytes => dice.hex(bytes) },
      log: QUIET,
      holder: this.name,
      home: 'T1',
      timing: { worldAge: LONG },
    });
  }

  /** As by SIGKILL: nothing that runs comes to an end, but requests on the wire still arrive. */
  kill(): void {
    if (this.dead) return;
    this.dead = true;
    this.#world.killed(this);
  }

  /** What it knows and is at, for a schedule that does not end. */
  summary(): string {
    const seen = this.#watched.world
      .all('VirtualService')
      .map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`);
    return `${this.name} sees ${seen.join(' ')}, under way: ${[...this.#underWay].join(', ') || 'nothing'}`;
  }

  /** Ends watches and connections of a replica that is dead, or no longer needed. */
  async close(): Promise<void> {
    if (!this.dead) await this.#reconciler?.stop();
    this.dead = true;
    await Promise.all([this.#changes.stop(), this.#watched.stop()]);
    await this.#client.close();
  }

  /** The same object, of whose methods these may never return. */
  #mortal<T extends object>(port: T, methods: (keyof T & string)[]): T {
    const names = new Set<string>(methods);
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        if (typeof name !== 'string' || !names.has(name)) return member.bind(target);
        return (...given: unknown[]) => this.#survive(name, () => Promise.resolve(member.apply(target, given)));
      },
    });
  }

  #survive<T>(name: string, call: () => Promise<T>): Promise<T> {
    const { dice, kill } = this.#world;
    const never = new Promise<T>(() => {});
    if (this.dead) return never;
    const dies = dice.chance(kill());
    if (dies && dice.chance(0.5)) {
      this.kill();
      return never;
    }
    const label = `${name} since ${Math.round(this.#world.clock.now() / 1000)}`;
    this.#underWay.add(label);
    return new Promise((resolve, reject) => {
      const unlessDead = (then: () => void): void => {
        this.#underWay.delete(label);
        if (dies) this.kill();
        if (!this.dead) then();
      };
      call().then(
        value => unlessDead(() => resolve(value)),
        error => unlessDead(() => reject(error)),
      );
    });
  }

  #chat(): Chat {
    const { slack, dice } = this.#world;
    const soon = <T>(effect: () => T): Promise<T> =>
      new Promise((resolve, reject) => {
        setTimeout(
          () => {
            const lost = dice.chance(0.02 * Math.sign(this.#world.kill()));
            try {
              const answer = effect();
              lost ? reject(new ChatError('unknown', 'no answer')) : resolve(answer);
            } catch (error) {
              reject(error);
            }
          },
          dice.between(0, 5),
        );
      });
    return {
      post: (place, view, key) => soon(() => slack.post(place, view, key)),
      find: (place, key, since) => soon(() => slack.find(place, key, since)),
      update: (posted, view) => soon(() => slack.update(posted, view)),
      whisper: ({ channel }, person, view) => soon(() => void slack.whispers.push({ channel, person, view })),
      person: id => soon(() => slack.people.get(id)),
      groupMembers: group => soon(() => slack.groups.get(group) ?? []),
    };
  }
}
