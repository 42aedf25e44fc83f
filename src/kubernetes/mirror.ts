/** The objects of one collection as they are known here. Never goes back to an older state of an object. */
import type { KubeObject } from '../object.ts';
import { olderThan, versionOf } from './versions.ts';

export interface MirrorListener {
  /** An object came or moved. */
  put(object: KubeObject): void;
  removed(object: KubeObject): void;
}

const GONE_KEPT = 1_000;

export class Mirror {
  readonly #objects = new Map<string, KubeObject>();
  /** Version at which an object was deleted, so that a late answer does not bring it back. */
  readonly #gone = new Map<string, string>();
  readonly #listener: MirrorListener;
  /** Told what a listener threw: one bad listener must not stop the others, nor the watch. */
  readonly #failed: (error: unknown, object: KubeObject) => void;

  constructor(listener: MirrorListener, failed: (error: unknown, object: KubeObject) => void) {
    this.#listener = listener;
    this.#failed = failed;
  }

  get size(): number {
    return this.#objects.size;
  }

  get(namespace: string, name: string): KubeObject | undefined {
    return this.#objects.get(`${namespace}/${name}`);
  }

  values(): Iterable<KubeObject> {
    return this.#objects.values();
  }

  /** Takes an object from a list, an event or the answer to a write. Ignores what is older than what is known. */
  put(object: KubeObject): void {
    const key = keyOf(object);
    const known = this.#objects.get(key);
    const version = versionOf(object);
    if (known && (versionOf(known) === version || olderThan(version, versionOf(known)))) return;
    if (olderThan(version, this.#gone.get(key))) return;
    this.#gone.delete(key);
    this.#objects.set(key, object);
    this.#tell(listener => listener.put(object), object);
  }

  /** `object` is its last state; its resourceVersion that of the deletion. */
  remove(object: KubeObject): void {
    const key = keyOf(object);
    const known = this.#objects.get(key);
    const version = versionOf(object);
    if (known && olderThan(version, versionOf(known))) return;
    if (version !== undefined) this.#bury(key, version);
    if (!known) return;
    this.#objects.delete(key);
    this.#tell(listener => listener.removed(known), known);
  }

  /** Removes what a complete list at `version` did not have, except what is newer than that list. */
  keepOnly(listed: ReadonlySet<string>, version: string | undefined): void {
    for (const [key, object] of this.#objects) {
      if (listed.has(key) || olderThan(version, versionOf(object))) continue;
      this.#objects.delete(key);
      if (version !== undefined) this.#bury(key, version);
      this.#tell(listener => listener.removed(object), object);
    }
  }

  #bury(key: string, version: string): void {
    if (this.#gone.size >= GONE_KEPT) this.#gone.delete(this.#gone.keys().next().value!);
    this.#gone.set(key, version);
  }

  #tell(call: (listener: MirrorListener) => void, object: KubeObject): void {
    try {
      call(this.#listener);
    } catch (error) {
      this.#failed(error, object);
    }
  }
}

export function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}
