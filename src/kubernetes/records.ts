/** Custom resources of meshbot's own in one namespace: written by compare-and-swap, read from a cache that sees its own writes. */
import type { KubeObject } from '../object.ts';
import { type Clock, ClusterError, type Log, type OwnRecord, type Random, type RecordStore } from '../ports.ts';
import type { Call, KubeClient } from './client.ts';
import { FIELD_MANAGER } from './cluster.ts';
import { isHopeless } from './errors.ts';
import { addition, type Operation, statusPatch } from './json-patch.ts';
import { collectionPath, objectPath, type Resource } from './paths.ts';
import { Reflector, type ReflectorState, type Timing } from './reflector.ts';

export interface RecordsOptions {
  client: KubeClient;
  clock: Clock;
  random: Random;
  log: Log;
  /** Where the records live. */
  namespace: string;
  timing?: Partial<Timing>;
}

const QUERY = { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict' };

export class KubeRecords<R extends OwnRecord> implements RecordStore<R> {
  readonly #client: KubeClient;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #namespace: string;
  readonly #resource: Resource;
  readonly #order: (a: R, b: R) => number;
  readonly #reflector: Reflector;
  readonly #listeners = new Set<(record: R) => void>();
  readonly #waiting = new Set<() => void>();
  readonly #startedAt: number;
  #error: ClusterError | undefined;
  #sorted: R[] | undefined;

  /** `order`: of `list`; newest first unless told. */
  constructor(resource: Resource, options: RecordsOptions, order: (a: R, b: R) => number = newestFirst) {
    this.#client = options.client;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#namespace = options.namespace;
    this.#resource = resource;
    this.#order = order;
    this.#startedAt = options.clock.now();
    this.#reflector = new Reflector({
      ...options,
      resource,
      // An answer that is wrong for a moment must not thaw what is frozen, nor lose sight of what is under way.
      keeps: true,
      listener: {
        put: object => this.#moved(object),
        removed: object => {
          this.#sorted = undefined;
          this.removed(this.#as(object));
        },
      },
      onState: (state, error) => this.#state(state, error),
    });
  }

  start(): void {
    this.#reflector.start();
  }

  async stop(): Promise<void> {
    await this.#reflector.stop();
    for (const wake of this.#waiting) wake();
  }

  /** ms since the API server was last heard on the watch. */
  get age(): number {
    return this.#clock.now() - (this.#reflector.heardAt ?? this.#startedAt);
  }

  get isSynced(): boolean {
    return this.#reflector.isListed;
  }

  /**
   * Resolves when all records were listed once. Throws ClusterError where trying again is of no use: 'not-found' where
   * the kind is not installed, 'forbidden' where a right is missing.
   */
  async synced(signal?: AbortSignal): Promise<void> {
    while (!this.#reflector.isListed && !signal?.aborted) {
      if (this.#error?.kind === 'not-found') throw crdMissing([this.#resource.kind], this.#error);
      if (this.#error && isHopeless(this.#error)) throw this.#error;
      await new Promise<void>(wake => {
        this.#waiting.add(wake);
        signal?.addEventListener('abort', () => wake(), { once: true });
      });
      this.#waiting.clear();
    }
  }

  async create({ name, spec }: { name: string; spec: R['spec'] }): Promise<R> {
    const { apiVersion, kind } = this.#resource;
    const record = { apiVersion, kind, metadata: { name, namespace: this.#namespace }, spec };
    const path = collectionPath(this.#resource, this.#namespace);
    return this.#absorb(await this.#send({ method: 'POST', path, query: QUERY, body: record }, name));
  }

  async read(name: string): Promise<R | undefined> {
    try {
      return this.#absorb(await this.#send({ method: 'GET', path: this.#path(name) }, name));
    } catch (error) {
      if (error instanceof ClusterError && error.kind === 'not-found') return undefined;
      throw error;
    }
  }

  async saveSpec(record: R): Promise<R> {
    const before = this.#unmoved(record);
    const version = addition('/metadata/resourceVersion', before.metadata.resourceVersion);
    return this.#patch(record, '', [version, addition('/spec', record.spec)]);
  }

  async saveStatus(record: R): Promise<R> {
    return this.#patch(record, '/status', statusPatch(this.#unmoved(record), record));
  }

  /** Throws it away, if it is still this very version. */
  async remove({ metadata }: R): Promise<void> {
    const { name, uid, resourceVersion } = metadata;
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid, resourceVersion } };
    await this.#send({ method: 'DELETE', path: this.#path(name), body }, name);
  }

  list(): R[] {
    this.#sorted ??= [...this.#reflector.mirror.values()].map(object => this.#as(object)).sort(this.#order);
    return [...this.#sorted];
  }

  cached(name: string): R | undefined {
    const found = this.#reflector.mirror.get(this.#namespace, name);
    return found && this.#as(found);
  }

  watch(listener: (record: R) => void): () => void {
    // An own function, so that the same listener given twice is two listeners.
    const entry = (record: R) => listener(record);
    this.#listeners.add(entry);
    for (const record of this.list()) this.#tell(entry, record);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  /** Called with the last state of a record that is there no more, whoever deleted it. */
  protected removed(_record: R): void {}

  /** What is stored, as it was when `record` was read. Throws 'conflict', without asking, where it is known to have moved. */
  #unmoved({ metadata: { name, resourceVersion } }: R): R {
    const subject = this.#subject(name);
    if (!resourceVersion) throw new ClusterError('invalid', `${subject}: its resourceVersion is not known.`);
    const before = this.cached(name);
    if (before?.metadata.resourceVersion !== resourceVersion) {
      throw new ClusterError('conflict', `${subject} is no longer what it was when it was read.`);
    }
    return before;
  }

  async #patch({ metadata: { name } }: R, subresource: '' | '/status', body: Operation[]): Promise<R> {
    const path = `${this.#path(name)}${subresource}`;
    const contentType = 'application/json-patch+json';
    return this.#absorb(await this.#send({ method: 'PATCH', path, query: QUERY, contentType, body }, name));
  }

  async #send(call: Omit<Call, 'subject'>, name: string): Promise<unknown> {
    return (await this.#client.call({ ...call, subject: this.#subject(name) })).body;
  }

  #subject(name: string): string {
    return `${this.#resource.kind} ${name}`;
  }

  #path(name: string): string {
    return objectPath(this.#resource, { namespace: this.#namespace, name });
  }

  #absorb(body: unknown): R {
    return this.#as(this.#reflector.absorb(body as KubeObject));
  }

  /** The kind is right by the path that it was read from; what is in it is held by the CRD's schema. */
  #as(object: KubeObject): R {
    return object as unknown as R;
  }

  #moved(object: KubeObject): void {
    this.#sorted = undefined;
    for (const listener of [...this.#listeners]) this.#tell(listener, this.#as(object));
  }

  #tell(listener: (record: R) => void, record: R): void {
    try {
      listener(record);
    } catch (error) {
      const about = { err: error, kind: this.#resource.kind, name: record.metadata.name };
      this.#log.error(about, 'a listener to records failed');
    }
  }

  #state(_: ReflectorState, error: ClusterError | undefined): void {
    this.#error = error;
    for (const wake of [...this.#waiting]) wake();
  }
}

/** By creation, which is told in whole seconds; then by name, so that the order is one. */
export function newestFirst(a: OwnRecord, b: OwnRecord): number {
  const created = (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? '');
  return created !== 0 ? created : b.metadata.name.localeCompare(a.metadata.name);
}

/** What to do about a cluster without some of meshbot's own kinds. */
export function crdMissing(kinds: readonly string[], cause?: unknown): ClusterError {
  const names = kinds.map(kind => `${kind}s`);
  const last = names.pop();
  const all = names.length > 0 ? `${names.join(', ')} and ${last}` : last;
  const message = `The cluster does not know ${all} yet: run: kubectl apply -f deploy/crd.yaml`;
  return new ClusterError('not-found', message, { cause });
}
