/** The World as it would be after some writes, without a copy of it: costs what the writes are, not what the cluster is. */
import type { KubeObject, ObjectRef } from '../object.ts';
import { refKey, refOf } from '../object.ts';
import { fullHost } from './hosts.ts';
import { bestPattern, specificity } from './route/patterns.ts';
import { World } from './world.ts';

/** Reads through to `base`; writes to the overlay stay in it. */
export class Overlay extends World {
  readonly #base: World;
  /** Keys of what `base` no longer speaks for. */
  readonly #hidden = new Set<string>();

  constructor(base: World, changes: { ref: ObjectRef; after?: KubeObject }[] = []) {
    super([], base.rootNamespace);
    this.#base = base;
    for (const { ref, after } of changes) after ? this.put(after) : this.delete(ref);
  }

  override put(object: KubeObject): void {
    // World's own constructor puts nothing here: it runs before the base is set, with no objects.
    this.#hidden.add(refKey(refOf(object)));
    super.put(object);
  }

  override delete(ref: ObjectRef): void {
    this.#hidden.add(refKey(ref));
    super.delete(ref);
  }

  override get(kind: string, namespace: string, name: string): KubeObject | undefined {
    if (this.#hidden.has(`${kind}/${namespace}/${name}`)) return super.get(kind, namespace, name);
    return this.#base.get(kind, namespace, name);
  }

  override inNamespace(kind: string, namespace: string): KubeObject[] {
    return [...this.#shown(this.#base.inNamespace(kind, namespace)), ...super.inNamespace(kind, namespace)];
  }

  override all(kind: string): KubeObject[] {
    return [...this.#shown(this.#base.all(kind)), ...super.all(kind)];
  }

  override forHost(kind: 'VirtualService' | 'DestinationRule' | 'ServiceEntry', host: string): KubeObject[] {
    const own = super.forHost(kind, host);
    const theirs = this.#shown(this.#base.forHost(kind, host));
    if (own.length === 0) return theirs;
    return [...theirs, ...own].sort((a, b) => reach(b, host) - reach(a, host));
  }

  override leadingTo(host: string): KubeObject[] {
    return [...this.#shown(this.#base.leadingTo(host)), ...super.leadingTo(host)];
  }

  override delegatingTo(namespace: string, name: string): KubeObject[] {
    return [...this.#shown(this.#base.delegatingTo(namespace, name)), ...super.delegatingTo(namespace, name)];
  }

  override pods(namespace: string, selector: Record<string, string>): KubeObject[] {
    return [...this.#shown(this.#base.pods(namespace, selector)), ...super.pods(namespace, selector)];
  }

  override get size(): number {
    const gone = [...this.#hidden].filter(key => this.#base.get(...parts(key))).length;
    return this.#base.size - gone + super.size;
  }

  override with(changes: { ref: ObjectRef; after?: KubeObject }[]): World {
    return new Overlay(this, changes);
  }

  #shown(objects: KubeObject[]): KubeObject[] {
    return objects.filter(object => !this.#hidden.has(refKey(refOf(object))));
  }
}

/** How specific the best of an object's hosts is, as a finite number that can be subtracted. */
function reach(object: KubeObject, host: string): number {
  const spec = object.spec ?? {};
  const hosts = [...(Array.isArray(spec.hosts) ? spec.hosts : []), spec.host].filter(each => typeof each === 'string');
  const best = bestPattern(
    hosts.map(each => fullHost(each, object.metadata.namespace ?? '')),
    host,
  );
  return best === undefined ? -1 : Math.min(specificity(best), Number.MAX_SAFE_INTEGER);
}

function parts(key: string): [kind: string, namespace: string, name: string] {
  const [kind = '', namespace = '', name = ''] = key.split('/');
  return [kind, namespace, name];
}
