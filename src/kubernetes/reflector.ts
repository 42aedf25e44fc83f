/**
 * Keeps a mirror of one collection: lists it in pages, watches it from there, and does so again whenever the watch ends.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
import { setImmediate } from 'node:timers/promises';
import type { KubeObject } from '../object.ts';
import { type Clock, ClusterError, type Log, type Random } from '../ports.ts';
import type { KubeClient } from './client.ts';
import { ApiError } from './errors.ts';
import { listed } from './list.ts';
import { keyOf, Mirror, type MirrorListener } from './mirror.ts';
import { collectionPath, type Resource } from './paths.ts';
import { Interned, trim } from './trim.ts';
import { versionOf } from './versions.ts';
import { watchEvents } from './watch.ts';

export type ReflectorState =
  /** Not yet listed once. */
  | 'listing'
  /** Listed, and watching or about to watch again. */
  | 'synced'
  /** The API server does not know the kind. It is asked again each minute. */
  | 'missing'
  /** Listed before, or never; the last try failed. */
  | 'failing';

/** All in ms. */
export interface Timing {
  /** How long the server is asked to keep a watch open. */
  watch: number;
  /** A watch on which nothing at all arrived for so long is given up, and opened again from where it was. */
  silence: number;
  relist: number;
  firstBackoff: number;
  longestBackoff: number;
  missing: number;
}

const TIMING: Timing = {
  watch: 290_000,
  silence: 90_000,
  relist: 600_000,
  firstBackoff: 250,
  longestBackoff: 15_000,
  missing: 60_000,
};

export interface ReflectorOptions {
  client: KubeClient;
  clock: Clock;
  random: Random;
  log: Log;
  resource: Resource;
  /** undefined: all namespaces. */
  namespace: string | undefined;
  listener: MirrorListener;
  /** Called whenever the state, or the error of a failing one, changes. */
  onState?(state: ReflectorState, error?: ClusterError): void;
  interned?: Interned;
  /** Whether what was listed once is kept where the API server says that it does not know the kind (any more). */
  keeps?: boolean;
  timing?: Partial<Timing>;
}

/** Without a reason each abort would make an error, with its stack, that nobody reads. */
const OVER = 'over';
/** Objects handled between two looks at the event loop. */
const BATCH = 50;

export class Reflector {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly mirror: Mirror;
  readonly #options: ReflectorOptions;
  readonly #timing: Timing;
  readonly #interned: Interned;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #state: ReflectorState = 'listing';
  #version: string | undefined;
  #listedAt: number | undefined;
  #heardAt: number | undefined;
  #failures = 0;

  constructor(options: ReflectorOptions) {
    this.#options = options;
    this.resource = options.resource;
    this.namespace = options.namespace;
    this.#timing = { ...TIMING, ...options.timing };
    this.#interned = options.interned ?? new Interned();
    this.mirror = new Mirror(options.listener, (error, object) =>
      options.log.error({ err: error, object: keyOf(object), kind: options.resource.kind }, 'a watch listener failed'),
    );
  }

  get state(): ReflectorState {
    return this.#state;
  }

  /** Whether the whole collection was listed at least once. */
  get isListed(): boolean {
    return this.#listedAt !== undefined;
  }

  /** Epoch ms at which the API server was last heard on this collection; undefined: never. */
  get heardAt(): number | undefined {
    return this.#heardAt;
  }

  start(): void {
    this.#running ??= this.#run(this.#stop.signal);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Takes an object from a list, the watch or the answer to a request of our own, whichever brings it first. */
  absorb(object: KubeObject): KubeObject {
    const known = this.mirror.get(object.metadata.namespace ?? '', object.metadata.name);
    if (known && versionOf(known) === versionOf(object)) return known;
    const slim = trim(object, this.#interned);
    this.mirror.put(slim);
    return slim;
  }

  async #run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      let wait: number;
      try {
        if (this.#version === undefined || this.#untilRelist() <= 0) await this.#list(stop);
        const worked = await this.#watch(stop);
        wait = this.#backoff(worked ? undefined : { retryAfter: undefined });
      } catch (error) {
        if (stop.aborted) return;
        wait = this.#failed(error);
      }
      await this.#options.clock.sleep(wait, stop);
    }
  }

  /** Returns ms to wait. */
  #failed(error: unknown): number {
    if (error instanceof ApiError && error.status === 410) {
      this.#version = undefined;
      return this.#backoff({ retryAfter: error.retryAfter });
    }
    const known =
      error instanceof ClusterError
        ? error
        : new ClusterError('unavailable', `${this.resource.resource}: ${(error as Error).message}`, { cause: error });
    if (known.kind === 'not-found') {
      this.#version = undefined;
      if (!this.#options.keeps) this.mirror.keepOnly(new Set(), undefined);
      this.#change('missing', known);
      return this.#timing.missing;
    }
    this.#change('failing', known);
    return this.#backoff({ retryAfter: known.retryAfter });
  }

  /** Doubles from failure to failure, half of it by chance, so that replicas do not return in step. */
  #backoff(failure: { retryAfter: number | undefined } | undefined): number {
    this.#failures = failure ? this.#failures + 1 : 0;
    const { firstBackoff, longestBackoff } = this.#timing;
    const most = Math.min(longestBackoff, firstBackoff * 2 ** Math.max(0, this.#failures - 1));
    return Math.max(failure?.retryAfter ?? 0, most * (0.5 + this.#chance() / 2));
  }

  #untilRelist(): number {
    return (this.#listedAt ?? 0) + this.#timing.relist - this.#options.clock.now();
  }

  /** 0 ≤ chance < 1. */
  #chance(): number {
    return Number.parseInt(this.#options.random.hex(4), 16) / 2 ** 32;
  }

  async #list(stop: AbortSignal): Promise<void> {
    const seen = new Set<string>();
    const path = collectionPath(this.resource, this.namespace);
    let version: string | undefined;
    for await (const part of listed(this.#options.client, this.resource, path, stop)) {
      this.#heard();
      if ('version' in part) {
        version = part.version;
        continue;
      }
      for (const object of part.objects) {
        seen.add(keyOf(object));
        this.absorb(object);
      }
      await setImmediate();
    }
    this.mirror.keepOnly(seen, version);
    this.#version = version;
    this.#listedAt = this.#options.clock.now();
    this.#change('synced');
  }

  /** Returns whether the watch did any good: it lasted, or something came. */
  async #watch(stop: AbortSignal): Promise<boolean> {
    const { clock, client } = this.#options;
    const opened = clock.now();
    const asked = Math.min(Math.max(1_000, this.#untilRelist()), this.#timing.watch * (0.9 + this.#chance() / 10));
    // Signals made of others (AbortSignal.any) live for as long as somebody listens to them, even where nobody else does.
    const ending = new AbortController();
    const stopped = (): void => ending.abort(stop.reason);
    stop.addEventListener('abort', stopped, { once: true });
    const over = new AbortController();
    let events = 0;
    this.#watchdog(ending, opened + asked, over.signal);
    try {
      stop.throwIfAborted();
      const query = { resourceVersion: this.#version, timeoutSeconds: Math.ceil(asked / 1_000) };
      const path = collectionPath(this.resource, this.namespace);
      for await (const event of watchEvents(client, this.resource, path, query, ending.signal, () => this.#heard())) {
        if (event.type === 'put') this.absorb(event.object);
        else if (event.type === 'removed') this.mirror.remove(event.object);
        if (event.version !== undefined) this.#version = event.version;
        this.#failures = 0;
        if (++events % BATCH === 0) await setImmediate();
      }
    } catch (error) {
      if (!ending.signal.aborted || stop.aborted) throw error;
      this.#options.log.warn({ kind: this.resource.kind }, 'a watch fell silent');
    } finally {
      stop.removeEventListener('abort', stopped);
      over.abort(OVER);
    }
    return events > 0 || clock.now() - opened >= 1_000;
  }

  /** Ends a watch that is half open (the other side is gone, and nobody said so), or outlived its time. */
  async #watchdog(watch: AbortController, until: number, over: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const began = clock.now();
    while (!over.aborted) {
      const quietUntil = Math.max(began, this.#heardAt ?? 0) + this.#timing.silence;
      const left = Math.min(quietUntil, until + 15_000) - clock.now();
      if (left <= 0) return watch.abort();
      await clock.sleep(left, over);
    }
  }

  #heard(): void {
    this.#heardAt = this.#options.clock.now();
    if (this.#state === 'failing' && this.#version !== undefined) this.#change('synced');
  }

  #change(state: ReflectorState, error?: ClusterError): void {
    const { log, onState } = this.#options;
    const about = { kind: this.resource.kind, namespace: this.namespace };
    if (state === 'failing') log.warn({ ...about, err: error }, 'a watch failed');
    else if (state === this.#state) return;
    else if (state === 'missing') log.warn(about, 'the cluster does not know a watched kind');
    else log.info({ ...about, objects: this.mirror.size }, 'a watch is in step');
    this.#state = state;
    onState?.(state, error);
  }
}
