/** Keeps a World from the local Kubernetes' objects, and an old one for proxies that are frozen. */
import { WATCHED, World } from '../../istio/world.ts';
import type { KubeObject } from '../../object.ts';
import { refOf } from '../../object.ts';

/** What the mesh needs of the local Kubernetes. */
export interface Kubernetes {
  list(kind: string, namespace?: string): KubeObject[] | Promise<KubeObject[]>;
  /** `type` is ADDED, MODIFIED or DELETED. What it returns, if a function, ends it. */
  onChange(listener: (type: string, object: KubeObject) => void): unknown;
}

/** ConfigMaps for the mesh's own settings, EndpointSlices for Services without a selector. */
const KINDS: ReadonlySet<string> = new Set([...WATCHED.map(each => each.kind), 'ConfigMap', 'EndpointSlice']);

export class LiveWorld {
  readonly world = new World();
  readonly #frozen = new Map<string, World>();
  readonly #listeners = new Set<() => void>();
  #stop: unknown;

  static async follow(kubernetes: Kubernetes): Promise<LiveWorld> {
    const live = new LiveWorld();
    // Changes are heard before the list is read: one that comes in between is newer than what the list says.
    const heard = new Set<string>();
    live.#stop = kubernetes.onChange((type, object) => {
      if (!KINDS.has(object.kind)) return;
      heard.add(keyOf(object));
      if (type === 'DELETED') live.world.delete(refOf(object));
      else live.world.put(object);
      live.#tell();
    });
    for (const kind of KINDS) {
      for (const object of await kubernetes.list(kind)) if (!heard.has(keyOf(object))) live.world.put(object);
    }
    return live;
  }

  /** As the proxy of this pod has it. */
  configOf(namespace: string, pod: string): World {
    return this.#frozen.get(`${namespace}/${pod}`) ?? this.#frozen.get('all') ?? this.world;
  }

  /** The proxy of this pod (`namespace/pod`), or 'all', no longer hears of changes. */
  freeze(pod: string): void {
    this.#frozen.set(pod, this.world.with([]));
    this.#tell();
  }

  thaw(pod: string): void {
    this.#frozen.delete(pod);
    this.#tell();
  }

  /** Called whenever what some proxy has may be another. */
  onMove(listener: () => void): void {
    this.#listeners.add(listener);
  }

  close(): void {
    if (typeof this.#stop === 'function') this.#stop();
    this.#listeners.clear();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function keyOf(object: KubeObject): string {
  return `${object.kind}/${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}
