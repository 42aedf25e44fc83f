/** The cluster: the mesh's own objects, and meshbot's records beside them. */
import type { World } from '../istio/world.ts';
import type { KubeObject, ObjectMeta, ObjectRef } from '../object.ts';

/** One object to be written. `before` undefined: create it. `after` undefined: delete it. */
export interface Write {
  ref: ObjectRef;
  /** As it was read when planned, with uid and resourceVersion. */
  before?: KubeObject;
  after?: KubeObject;
}

export interface Written {
  object: KubeObject;
  /** `Warning` headers of the API server, as sent. */
  warnings: string[];
}

/** Why the cluster did not do it. `kind` is what callers branch on; `message` is for people. */
export class ClusterError extends Error {
  override name = 'ClusterError';
  readonly kind: 'conflict' | 'already-exists' | 'not-found' | 'invalid' | 'forbidden' | 'busy' | 'unavailable';
  /** ms to wait before the next try, from Retry-After. */
  readonly retryAfter: number | undefined;
  /** What a person can do about it, where that is known: one sentence. Of 'unavailable': the API server itself did answer. */
  readonly advice: string | undefined;
  constructor(
    kind: ClusterError['kind'],
    message: string,
    options?: { cause?: unknown; retryAfter?: number; advice?: string },
  ) {
    super(message, options);
    this.kind = kind;
    this.retryAfter = options?.retryAfter;
    this.advice = options?.advice;
  }
}

/** The mesh's own objects. Throws ClusterError; 'unavailable' means the outcome is unknown: read and compare. */
export interface Cluster {
  /** The world as the watches have it. `age` is ms since the oldest of them was last in touch with the API server. */
  world(): { world: World; age: number };
  /** One object from the API server itself, not from a cache. */
  read(ref: ObjectRef): Promise<KubeObject | undefined>;
  /** Asks the API server what the write would give (dryRun=All, fieldValidation=Strict). Changes nothing. */
  dryRun(write: Write): Promise<Written>;
  /**
   * Writes `after` over exactly `before` (its resourceVersion), creates it where `before` is undefined, deletes
   * `before` (uid and resourceVersion as preconditions) where `after` is undefined.
   * 'conflict' means that the object is no longer the one planned.
   */
  write(write: Write): Promise<Written>;
}

/** A custom resource of meshbot's own. */
export interface OwnRecord {
  metadata: ObjectMeta;
  spec: object;
  status?: object;
}

/** The records of one kind: schedules, freezes. Whoever writes one comes with it as it was read. Throws ClusterError. */
export interface RecordStore<R extends OwnRecord> {
  /** 'already-exists' when a record of that name is there: the same command was delivered twice. */
  create(record: { name: string; spec: R['spec'] }): Promise<R>;
  /** From the API server itself. */
  read(name: string): Promise<R | undefined>;
  /** Compare-and-swap of `spec` by `metadata.resourceVersion`; 'conflict' when somebody was first. */
  saveSpec(record: R): Promise<R>;
  /** Compare-and-swap of `/status`, likewise. */
  saveStatus(record: R): Promise<R>;
  /** 'conflict' when it is no longer this very version, 'not-found' when it is gone. */
  remove(record: R): Promise<void>;
  /** From the watch's cache, newest first. */
  list(): R[];
  /** From the watch's cache. */
  cached(name: string): R | undefined;
  /** Called for each record that is there, comes or moves, until the returned function is called. */
  watch(listener: (record: R) => void): () => void;
}
