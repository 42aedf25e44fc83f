/** The MeshChanges of one namespace: written by compare-and-swap, read from a cache that sees its own writes. */
import { API_VERSION, KIND, type MeshChange, type NewMeshChange } from '../change/meshchange.ts';
import type { KubeObject } from '../object.ts';
import { type ChangeStore, type Clock, ClusterError, type Log, type Random } from '../ports.ts';
import type { KubeClient } from './client.ts';
import { FIELD_MANAGER } from './cluster.ts';
import { collectionPath, MESH_CHANGES, objectPath } from './paths.ts';
import { Reflector, type ReflectorState, type Timing } from './reflector.ts';
import { statusPatch } from './status-patch.ts';

export interface ChangesOptions {
  client: KubeClient;
  clock: Clock;
  random: Random;
  log: Log;
  /** Where the MeshChanges live. */
  namespace: string;
  timing?: Partial<Timing>;
}

const QUERY = { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict' };

export class KubeChanges implements ChangeStore {
  readonly #client: KubeClient;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #namespace: string;
  readonly #reflector: Reflector;
  readonly #listeners = new Set<(change: MeshChange) => void>();
  readonly #waiting = new Set<() => void>();
  readonly #startedAt: number;
  #error: ClusterError | undefined;
  #sorted: MeshChange[] | undefined;

  constructor(options: ChangesOptions) {
    this.#client = options.client;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#namespace = options.namespace;
    this.#startedAt = options.clock.now();
    this.#reflector = new Reflector({
      ...options,
      resource: MESH_CHANGES,
      listener: {
        put: object => this.#moved(object),
        removed: () => {
          this.#sorted = undefined;
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
   * Resolves when all changes were listed once. Throws ClusterError where trying again is of no use: 'not-found' where
   * the MeshChange kind is not installed, 'forbidden' where a right is missing.
   */
  async synced(signal?: AbortSignal): Promise<void> {
    while (!this.#reflector.isListed && !signal?.aborted) {
      if (this.#error?.kind === 'not-found') throw crdMissing(this.#error);
      if (this.#error?.kind === 'forbidden') throw this.#error;
      await new Promise<void>(wake => {
        this.#waiting.add(wake);
        signal?.addEventListener('abort', () => wake(), { once: true });
      });
      this.#waiting.clear();
    }
  }

  async create({ name, namespace, spec }: NewMeshChange): Promise<MeshChange> {
    const change = { apiVersion: API_VERSION, kind: KIND, metadata: { name, namespace }, spec };
    const path = collectionPath(MESH_CHANGES, namespace);
    const subject = `MeshChange ${name}`;
    const { body } = await this.#client.call({ method: 'POST', path, query: QUERY, body: change, subject });
    return this.#absorb(body);
  }

  async read(name: string): Promise<MeshChange | undefined> {
    const path = objectPath(MESH_CHANGES, { namespace: this.#namespace, name });
    try {
      const { body } = await this.#client.call({ method: 'GET', path, subject: `MeshChange ${name}` });
      return this.#absorb(body);
    } catch (error) {
      if (error instanceof ClusterError && error.kind === 'not-found') return undefined;
      throw error;
    }
  }

  async saveStatus(change: MeshChange): Promise<MeshChange> {
    const { name, resourceVersion } = change.metadata;
    const subject = `MeshChange ${name}`;
    if (!resourceVersion) throw new ClusterError('invalid', `${subject}: its resourceVersion is not known.`);
    const before = this.cached(name);
    if (before?.metadata.resourceVersion !== resourceVersion) {
      throw new ClusterError('conflict', `${subject} is no longer what it was when it was read.`);
    }
    const { body } = await this.#client.call({
      method: 'PATCH',
      path: `${objectPath(MESH_CHANGES, { namespace: this.#namespace, name })}/status`,
      query: QUERY,
      contentType: 'application/json-patch+json',
      body: statusPatch(before, change),
      subject,
    });
    return this.#absorb(body);
  }

  /** Throws it away, if it is still this very version. */
  async remove({ metadata }: MeshChange): Promise<void> {
    const { name, uid, resourceVersion } = metadata;
    await this.#client.call({
      method: 'DELETE',
      path: objectPath(MESH_CHANGES, { namespace: this.#namespace, name }),
      body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid, resourceVersion } },
      subject: `MeshChange ${name}`,
    });
  }

  list(): MeshChange[] {
    this.#sorted ??= [...this.#reflector.mirror.values()].map(asChange).sort(newestFirst);
    return [...this.#sorted];
  }

  cached(name: string): MeshChange | undefined {
    const found = this.#reflector.mirror.get(this.#namespace, name);
    return found && asChange(found);
  }

  watch(listener: (change: MeshChange) => void): () => void {
    // An own function, so that the same listener given twice is two listeners.
    const entry = (change: MeshChange) => listener(change);
    this.#listeners.add(entry);
    for (const change of this.list()) this.#tell(entry, change);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  #absorb(body: unknown): MeshChange {
    return asChange(this.#reflector.absorb(body as KubeObject));
  }

  #moved(object: KubeObject): void {
    this.#sorted = undefined;
    for (const listener of [...this.#listeners]) this.#tell(listener, asChange(object));
  }

  #tell(listener: (change: MeshChange) => void, change: MeshChange): void {
    try {
      listener(change);
    } catch (error) {
      this.#log.error({ err: error, change_id: change.metadata.name }, 'a listener to changes failed');
    }
  }

  #state(_: ReflectorState, error: ClusterError | undefined): void {
    this.#error = error;
    for (const wake of [...this.#waiting]) wake();
  }
}

/** The kind is right by the path that it was read from; what is in it is held by the CRD's schema. */
function asChange(object: KubeObject): MeshChange {
  return object as unknown as MeshChange;
}

/** Creation times are whole seconds; within one, the first entry of the history decides. */
function newestFirst(a: MeshChange, b: MeshChange): number {
  const created = (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? '');
  if (created !== 0) return created;
  const began = (b.status?.history?.[0]?.at ?? 0) - (a.status?.history?.[0]?.at ?? 0);
  return began !== 0 ? began : b.metadata.name.localeCompare(a.metadata.name);
}

/** What to do about a cluster without the MeshChange kind. */
export function crdMissing(cause?: unknown): ClusterError {
  return new ClusterError(
    'not-found',
    'The cluster does not know MeshChanges yet: run: kubectl apply -f deploy/crd.yaml',
    {
      cause,
    },
  );
}
