/** A mesh to test: Bookinfo in a cluster that is a map, chance that repeats, time that runs when nobody works. */
import { createHash } from 'node:crypto';
import { load } from 'js-yaml';
import { afterEach } from 'vitest';
import type { KubeObject } from '../../../src/object.ts';
import type { Clock, Random } from '../../../src/ports.ts';
import { bookinfoManifests } from '../../../src/sandbox/bookinfo/manifests.ts';
import type { LocalMesh, MeshOptions } from '../../../src/sandbox/mesh/mesh.ts';
import { startMesh } from '../../../src/sandbox/mesh/mesh.ts';

export class MapCluster {
  readonly #objects = new Map<string, KubeObject>();
  readonly #listeners = new Set<(type: string, object: KubeObject) => void>();

  constructor() {
    for (const object of bookinfoManifests()) this.put(object);
  }

  list(kind: string): KubeObject[] {
    return [...this.#objects.values()].filter(object => object.kind === kind);
  }

  onChange(listener: (type: string, object: KubeObject) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  put(given: KubeObject | string): void {
    const object = typeof given === 'string' ? (load(given) as KubeObject) : given;
    const type = this.#objects.has(keyOf(object)) ? 'MODIFIED' : 'ADDED';
    this.#objects.set(keyOf(object), object);
    for (const listener of this.#listeners) listener(type, object);
  }

  delete(kind: string, name: string): void {
    const object = this.list(kind).find(each => each.metadata.name === name)!;
    this.#objects.delete(keyOf(object));
    for (const listener of this.#listeners) listener('DELETED', object);
  }

  /** Of the default namespace unless told otherwise. */
  pod(app: string, version?: string, namespace = 'default'): string {
    const found = this.list('Pod').find(({ metadata }) => {
      const { labels = {} } = metadata;
      return metadata.namespace === namespace && labels.app === app && (version ?? labels.version) === labels.version;
    });
    return found!.metadata.name;
  }

  /** Replaces `spec.http` of VirtualService `host`, for which one is made where there is none. */
  route(host: string, http: string): void {
    this.put({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: host, namespace: 'default' },
      spec: { hosts: [host], http: load(http) as never },
    });
  }
}

function keyOf(object: KubeObject): string {
  return `${object.kind}/${object.metadata.namespace}/${object.metadata.name}`;
}

/** Sleeps end in the order of their times, each once the event loop has nothing else to do. */
class IdleClock implements Clock {
  #now = Date.parse('2026-01-01T00:00:00Z');
  #sleepers: { at: number; wake: () => void }[] = [];
  #running = false;

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise(resolve => {
      const sleeper = { at: this.#now + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter(each => each !== sleeper);
        resolve();
      });
      if (!this.#running) this.#run();
    });
  }

  #run(): void {
    this.#running = true;
    setImmediate(() => {
      const next = this.#sleepers.toSorted((a, b) => a.at - b.at)[0];
      this.#running = false;
      if (!next) return;
      this.#sleepers = this.#sleepers.filter(each => each !== next);
      this.#now = Math.max(this.#now, next.at);
      next.wake();
      if (this.#sleepers.length > 0) this.#run();
    });
  }
}

/** The same numbers each time. */
function repeating(seed: string): Random {
  let count = 0;
  return {
    hex: bytes => {
      count += 1;
      return createHash('sha256')
        .update(`${seed}${count}`)
        .digest('hex')
        .slice(0, 2 * bytes);
    },
  };
}

export interface Local {
  cluster: MapCluster;
  mesh: LocalMesh;
  clock: Clock;
  /** The product page's text. */
  page(headers?: Record<string, string>): Promise<string>;
  /** From the curl pod, with its sidecar. */
  curl(...words: string[]): ReturnType<LocalMesh['exec']>;
  query(promql: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]>;
}

const open: LocalMesh[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map(mesh => mesh.close()));
});

export async function local(options: Omit<MeshOptions, 'kubernetes'> = {}): Promise<Local> {
  const cluster = new MapCluster();
  const clock = new IdleClock();
  const mesh = await startMesh({ clock, random: repeating('chance'), ...options, kubernetes: cluster });
  open.push(mesh);
  return {
    cluster,
    mesh,
    clock,
    page: async headers => (await fetch(mesh.shopUrl, { headers: headers ?? {} })).text(),
    curl: (...words) => mesh.exec({ namespace: 'default', pod: cluster.pod('curl'), command: ['curl', ...words] }),
    query: async promql => {
      const response = await fetch(`${mesh.prometheusUrl}/api/v1/query?query=${encodeURIComponent(promql)}`);
      const answered = (await response.json()) as { data?: { result: never }; error?: string };
      if (!answered.data) throw new Error(answered.error);
      return answered.data.result;
    },
  };
}

/** Which version of reviews made a page: by its stars. */
export function version(page: string): string {
  return /data-version="(\w+)"/.exec(page)?.[1] ?? 'no page';
}
