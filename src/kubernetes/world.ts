/** The mesh's world as watches have it: one reflector for each watched kind, and for each namespace where rights are namespaced. */
import { WATCHED, World } from '../istio/world.ts';
import { type KubeObject, refOf } from '../object.ts';
import { type Clock, ClusterError, type Log, type Random } from '../ports.ts';
import type { KubeClient } from './client.ts';
import { isHopeless } from './errors.ts';
import type { Resource } from './paths.ts';
import { Reflector, type ReflectorState, type Timing } from './reflector.ts';
import { Interned } from './trim.ts';

export interface WorldOptions {
  client: KubeClient;
  clock: Clock;
  random: Random;
  log: Log;
  /** Watched namespaces; undefined: all, which needs cluster-wide rights. */
  namespaces: string[] | undefined;
  /** Where mesh-wide configuration lives; 'istio-system' unless told. */
  rootNamespace?: string;
  timing?: Partial<Timing>;
}

export interface Progress {
  /** Collections listed so far, of `total`. */
  done: number;
  total: number;
  objects: number;
}

/** Without these there is nothing that meshbot could do. */
const NEEDED: ReadonlySet<string> = new Set(['VirtualService', 'DestinationRule']);

export class WatchedWorld {
  readonly world: World;
  readonly #options: WorldOptions;
  readonly #reflectors: Reflector[];
  readonly #errors = new Map<Reflector, ClusterError>();
  readonly #waiting = new Set<() => void>();
  #startedAt: number;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.#startedAt = options.clock.now();
    this.world = new World([], options.rootNamespace);
    const interned = new Interned();
    const places = options.namespaces === undefined ? [undefined] : [...new Set(options.namespaces)];
    this.#reflectors = places.flatMap(namespace =>
      WATCHED.map(kind => this.#reflector({ ...kind, namespaced: true }, namespace, interned)),
    );
  }

  start(): void {
    this.#startedAt = this.#options.clock.now();
    for (const reflector of this.#reflectors) reflector.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#reflectors.map(reflector => reflector.stop()));
    for (const wake of this.#waiting) wake();
  }

  /** Takes an object from the answer to a request of our own. Nothing happens to what is not watched. */
  absorb(object: KubeObject): void {
    const { namespace } = object.metadata;
    const reflector = this.#reflectors.find(
      ({ resource, namespace: place, isListed }) =>
        isListed &&
        resource.kind === object.kind &&
        resource.apiVersion === object.apiVersion &&
        (place === undefined || place === namespace),
    );
    reflector?.absorb(object);
  }

  /** ms since that watch was last heard of which one heard least lately. Up to 50 s is normal for a quiet watch. */
  get age(): number {
    const watching = this.#reflectors.filter(({ state }) => state !== 'missing');
    const heard = watching.map(({ heardAt }) => heardAt ?? this.#startedAt);
    return heard.length === 0 ? 0 : Math.max(0, this.#options.clock.now() - Math.min(...heard));
  }

  /** Kinds that this cluster does not know. */
  get missing(): string[] {
    return this.#inState('missing').map(({ resource }) => resource.kind);
  }

  /** Why each watch that fails now does, one sentence each. */
  get failing(): string[] {
    return this.#inState('failing').map(reflector => this.#errors.get(reflector)!.message);
  }

  get isSynced(): boolean {
    return this.#reflectors.every(({ isListed, state }) => isListed || state === 'missing');
  }

  /**
   * Resolves when everything was listed once. Failures are tried again for as long as it takes, except those that time
   * does not heal: throws ClusterError 'not-found' where the cluster has no Istio, 'forbidden' where a right is missing.
   */
  async synced(progress: (progress: Progress) => void = () => {}, signal?: AbortSignal): Promise<void> {
    for (;;) {
      const listed = this.#reflectors.filter(({ isListed, state }) => isListed || state === 'missing');
      progress({ done: listed.length, total: this.#reflectors.length, objects: this.world.size });
      this.#refuseHopeless();
      if (listed.length === this.#reflectors.length || signal?.aborted) return;
      await new Promise<void>(wake => {
        this.#waiting.add(wake);
        signal?.addEventListener('abort', () => wake(), { once: true });
      }).finally(() => this.#waiting.clear());
    }
  }

  #refuseHopeless(): void {
    const absent = this.#inState('missing').filter(({ resource }) => NEEDED.has(resource.kind));
    if (absent.length > 0) {
      const kinds = [...new Set(absent.map(({ resource }) => resource.kind))].join(' and ');
      throw new ClusterError(
        'not-found',
        `The cluster at ${this.#options.client.server} knows no ${kinds} of networking.istio.io/v1: ` +
          'install Istio 1.22 or later there, or choose another context.',
        { cause: this.#errors.get(absent[0]!) },
      );
    }
    for (const [reflector, error] of this.#errors) {
      if (isHopeless(error) && !reflector.isListed) throw error;
    }
  }

  #inState(state: ReflectorState): Reflector[] {
    return this.#reflectors.filter(reflector => reflector.state === state);
  }

  #reflector(resource: Resource, namespace: string | undefined, interned: Interned): Reflector {
    const { client, clock, random, log, timing } = this.#options;
    const reflector: Reflector = new Reflector({
      client,
      clock,
      random,
      log,
      resource,
      namespace,
      interned,
      ...(timing ? { timing } : {}),
      listener: {
        put: object => this.world.put(object),
        removed: object => this.world.delete(refOf(object)),
      },
      onState: (_, error) => {
        if (error) this.#errors.set(reflector, error);
        else this.#errors.delete(reflector);
        for (const wake of [...this.#waiting]) wake();
      },
    });
    return reflector;
  }
}
