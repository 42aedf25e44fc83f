/** Where objects are kept: once each, in the storage version, under one global resourceVersion with a bounded history. */
import type { KubeObject } from '../../object.ts';
import type { Resource } from './resources.ts';
import { apiVersion, resourceKey } from './resources.ts';

/** One version of one object. Never changed once committed. */
export interface Entry {
  readonly object: KubeObject;
  readonly version: number;
  /** Its JSON after apiVersion and kind, made once when first sent. */
  text?: string;
}

export interface StoreEvent {
  version: number;
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  resource: string;
  /** For DELETED: the last state, with the version of the deletion. */
  entry: Entry;
  before?: Entry;
}

/** `namespace/name`; '/name' for cluster-scoped objects. Sorted like etcd's keys. */
export function objectKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/** How many past events a watch can start from. */
const HISTORY = 20_000;

class Collection {
  readonly entries = new Map<string, Entry>();
  #sorted: string[] | undefined;

  set(key: string, entry: Entry): void {
    if (!this.entries.has(key)) this.#sorted = undefined;
    this.entries.set(key, entry);
  }

  delete(key: string): void {
    if (this.entries.delete(key)) this.#sorted = undefined;
  }

  get sorted(): string[] {
    this.#sorted ??= [...this.entries.keys()].sort();
    return this.#sorted;
  }
}

export class Store {
  #version = 1;
  readonly #collections = new Map<string, Collection>();
  #history: StoreEvent[] = [];
  /** Events up to and including this version are forgotten. */
  #floor = 1;
  readonly #listeners = new Set<(event: StoreEvent) => void>();

  /** The newest resourceVersion given. */
  get version(): number {
    return this.#version;
  }

  get floor(): number {
    return this.#floor;
  }

  get(resource: Resource, key: string): Entry | undefined {
    return this.#collections.get(resourceKey(resource))?.entries.get(key);
  }

  /** Keeps an object under the next resourceVersion, which is written into it. */
  put(resource: Resource, key: string, object: KubeObject): Entry {
    const before = this.get(resource, key);
    const entry = this.#next(object);
    const collection = this.#collections.get(resourceKey(resource)) ?? new Collection();
    this.#collections.set(resourceKey(resource), collection);
    collection.set(key, entry);
    this.#record({
      version: entry.version,
      type: before ? 'MODIFIED' : 'ADDED',
      resource: resourceKey(resource),
      entry,
      ...(before ? { before } : {}),
    });
    return entry;
  }

  /** `last`: the object as its final update made it. */
  delete(resource: Resource, key: string, last?: KubeObject): void {
    const before = this.get(resource, key);
    if (!before) return;
    const object = last ?? before.object;
    const entry = this.#next({ ...object, metadata: { ...object.metadata } });
    this.#collections.get(resourceKey(resource))?.delete(key);
    this.#record({ version: entry.version, type: 'DELETED', resource: resourceKey(resource), entry, before });
  }

  /**
   * Entries of a resource in key order as they were at `version` (now, when left out), from the key after `after`.
   * undefined: that version is forgotten.
   */
  list(resource: Resource, options: { namespace?: string; after?: string; version?: number }): Entry[] | undefined {
    const collection = this.#collections.get(resourceKey(resource)) ?? new Collection();
    const past = this.#past(resource, options.version ?? this.#version);
    if (!past) return undefined;
    const prefix = options.namespace ? `${options.namespace}/` : '';
    const wanted = (key: string) => key.startsWith(prefix) && (options.after === undefined || key > options.after);
    if (past.size === 0) {
      const keys = collection.sorted;
      const found: Entry[] = [];
      const from = options.after !== undefined && options.after > prefix ? options.after : prefix;
      for (let index = firstAtLeast(keys, from); index < keys.length; index++) {
        const key = keys[index]!;
        if (!key.startsWith(prefix)) break;
        if (wanted(key)) found.push(collection.entries.get(key)!);
      }
      return found;
    }
    const then = new Map<string, Entry | undefined>([...collection.entries, ...past]);
    return [...then]
      .filter((pair): pair is [string, Entry] => pair[1] !== undefined && wanted(pair[0]))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, entry]) => entry);
  }

  /** Events of a resource after `version`; undefined: some of them are forgotten. */
  since(resource: Resource, version: number): StoreEvent[] | undefined {
    if (version < this.#floor) return undefined;
    const wanted = resourceKey(resource);
    return this.#history.slice(this.#indexAfter(version)).filter(event => event.resource === wanted);
  }

  subscribe(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets every past version, as etcd's compaction does. */
  compact(): void {
    this.#history = [];
    this.#floor = this.#version;
  }

  #next(object: KubeObject): Entry {
    this.#version += 1;
    object.metadata.resourceVersion = String(this.#version);
    return { object, version: this.#version };
  }

  #record(event: StoreEvent): void {
    this.#history.push(event);
    if (this.#history.length > 2 * HISTORY) {
      this.#floor = this.#history[HISTORY - 1]!.version;
      this.#history = this.#history.slice(HISTORY);
    }
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** What was different at `version`: key → the entry then, undefined where there was none. */
  #past(resource: Resource, version: number): Map<string, Entry | undefined> | undefined {
    if (version === this.#version) return new Map();
    const events = this.since(resource, version);
    if (!events) return undefined;
    const past = new Map<string, Entry | undefined>();
    for (const { entry, before } of events) {
      const key = objectKey(entry.object.metadata.namespace ?? '', entry.object.metadata.name);
      if (!past.has(key)) past.set(key, before);
    }
    return past;
  }

  #indexAfter(version: number): number {
    let [low, high] = [0, this.#history.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#history[middle]!.version > version) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function firstAtLeast(keys: string[], wanted: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keys[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** An entry as JSON in one of the versions that its resource serves. `bare`: without apiVersion and kind. */
export function entryText(entry: Entry, resource: Resource, version: string, bare = false): string {
  entry.text ??= rest(entry.object);
  if (bare) return `{${entry.text}`;
  return `{"apiVersion":"${apiVersion(resource.group, version)}","kind":"${resource.kind}",${entry.text}`;
}

function rest(object: KubeObject): string {
  const { apiVersion: _version, kind: _kind, ...others } = object;
  return JSON.stringify(others).slice(1);
}

/** The same object as its resource serves it under another version. */
export function inVersion(object: KubeObject, resource: Resource, version: string): KubeObject {
  const { apiVersion: _version, kind: _kind, ...others } = object;
  return { apiVersion: apiVersion(resource.group, version), kind: resource.kind, ...others };
}
