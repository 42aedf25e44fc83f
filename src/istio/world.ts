/**
 * Everything that decides where a request goes, indexed for the questions that routing asks.
 * Watches feed it one object at a time; questions cost what they answer, not what the cluster holds.
 */
import type { JsonObject, KubeObject, ObjectRef } from '../object.ts';
import { refKey, refOf } from '../object.ts';
import { fullHost } from './hosts.ts';

/** The kinds that meshbot watches, as `resource` → group/version and kind. */
export const WATCHED = [
  { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', resource: 'virtualservices' },
  { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', resource: 'destinationrules' },
  { apiVersion: 'networking.istio.io/v1', kind: 'Gateway', resource: 'gateways' },
  { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', resource: 'serviceentries' },
  { apiVersion: 'networking.istio.io/v1', kind: 'Sidecar', resource: 'sidecars' },
  { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', resource: 'authorizationpolicies' },
  { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', resource: 'peerauthentications' },
  { apiVersion: 'v1', kind: 'Service', resource: 'services' },
  { apiVersion: 'v1', kind: 'Pod', resource: 'pods' },
] as const;

type Bucket = Map<string, KubeObject>;
type Index = Map<string, Bucket>;

export class World {
  /** Where mesh-wide configuration lives. */
  readonly rootNamespace: string;
  #objects: Bucket = new Map();
  /** kind/namespace → key → object. */
  #byNamespace: Index = new Map();
  /** kind/host → key → object, for the kinds that name hosts. */
  #byHost: Index = new Map();
  /** namespace/label=value → key → pod. */
  #byLabel: Index = new Map();
  /** Buckets that no copy of this world shares, so that they may be changed in place. */
  #own = new WeakSet<Bucket>();

  constructor(objects: Iterable<KubeObject> = [], rootNamespace = 'istio-system') {
    this.rootNamespace = rootNamespace;
    for (const object of objects) this.put(object);
  }

  put(object: KubeObject): void {
    const key = refKey(refOf(object));
    if (this.#objects.has(key)) this.#forget(key);
    this.#objects.set(key, object);
    this.#into(this.#byNamespace, `${object.kind}/${object.metadata.namespace ?? ''}`, key, object);
    for (const host of hostsNamed(object)) this.#into(this.#byHost, `${object.kind}/${host}`, key, object);
    for (const label of labelsOf(object)) this.#into(this.#byLabel, label, key, object);
  }

  delete(ref: ObjectRef): void {
    this.#forget(refKey(ref));
  }

  get(kind: string, namespace: string, name: string): KubeObject | undefined {
    return this.#objects.get(`${kind}/${namespace}/${name}`);
  }

  /** All objects of a kind in one namespace. */
  inNamespace(kind: string, namespace: string): KubeObject[] {
    return [...(this.#byNamespace.get(`${kind}/${namespace}`)?.values() ?? [])];
  }

  /** All objects of a kind. */
  all(kind: string): KubeObject[] {
    return [...this.#byNamespace]
      .filter(([key]) => key.startsWith(`${kind}/`))
      .flatMap(([, found]) => [...found.values()]);
  }

  /**
   * VirtualServices, DestinationRules or ServiceEntries that name this fully qualified host or a wildcard that covers it,
   * the exact ones first, then the longer wildcards. Says nothing about visibility (exportTo, Sidecar).
   */
  forHost(kind: 'VirtualService' | 'DestinationRule' | 'ServiceEntry', host: string): KubeObject[] {
    const found = new Set<KubeObject>();
    for (const pattern of coveringHosts(host)) {
      for (const object of this.#byHost.get(`${kind}/${pattern}`)?.values() ?? []) found.add(object);
    }
    return [...found];
  }

  /** Pods of a namespace that carry all these labels. An empty selector selects none, as for a Service. */
  pods(namespace: string, selector: Record<string, string>): KubeObject[] {
    const wanted = Object.entries(selector);
    const buckets = wanted.map(([label, value]) => this.#byLabel.get(`${namespace}/${label}=${value}`));
    const [first, ...rest] = buckets.sort((a, b) => (a?.size ?? 0) - (b?.size ?? 0));
    if (!first) return [];
    return [...first].filter(([key]) => rest.every(bucket => bucket?.has(key))).map(([, pod]) => pod);
  }

  get size(): number {
    return this.#objects.size;
  }

  /**
   * A copy in which these objects are as given, for looking at what a change would make. The two share what neither
   * changes afterwards, so a copy costs no new indexing.
   */
  with(changes: { ref: ObjectRef; after?: KubeObject }[]): World {
    const next = new World([], this.rootNamespace);
    next.#objects = new Map(this.#objects);
    next.#byNamespace = new Map(this.#byNamespace);
    next.#byHost = new Map(this.#byHost);
    next.#byLabel = new Map(this.#byLabel);
    this.#own = new WeakSet();
    for (const { ref, after } of changes) after ? next.put(after) : next.delete(ref);
    return next;
  }

  #forget(key: string): void {
    const object = this.#objects.get(key);
    if (!object) return;
    this.#objects.delete(key);
    this.#outOf(this.#byNamespace, `${object.kind}/${object.metadata.namespace ?? ''}`, key);
    for (const host of hostsNamed(object)) this.#outOf(this.#byHost, `${object.kind}/${host}`, key);
    for (const label of labelsOf(object)) this.#outOf(this.#byLabel, label, key);
  }

  #into(index: Index, name: string, key: string, object: KubeObject): void {
    this.#bucket(index, name).set(key, object);
  }

  #outOf(index: Index, name: string, key: string): void {
    if (!index.has(name)) return;
    const bucket = this.#bucket(index, name);
    bucket.delete(key);
    if (bucket.size === 0) index.delete(name);
  }

  /** The bucket to change: a copy of it where another world may share it. */
  #bucket(index: Index, name: string): Bucket {
    const found = index.get(name);
    if (found && this.#own.has(found)) return found;
    const bucket: Bucket = new Map(found);
    this.#own.add(bucket);
    index.set(name, bucket);
    return bucket;
  }
}

/** A pod that a Service sends requests to: Ready and not going away. */
export function isReady(pod: KubeObject): boolean {
  if (pod.metadata.deletionTimestamp) return false;
  const conditions = (pod.status?.conditions ?? []) as { type: string; status: string }[];
  return conditions.some(condition => condition.type === 'Ready' && condition.status === 'True');
}

/** Hosts that an object names, fully qualified. */
function hostsNamed(object: KubeObject): string[] {
  const namespace = object.metadata.namespace ?? '';
  const spec: JsonObject = object.spec ?? {};
  if (object.kind === 'DestinationRule') return typeof spec.host === 'string' ? [fullHost(spec.host, namespace)] : [];
  if (object.kind !== 'VirtualService' && object.kind !== 'ServiceEntry') return [];
  const hosts = Array.isArray(spec.hosts) ? spec.hosts : [];
  return hosts.filter(host => typeof host === 'string').map(host => fullHost(host, namespace));
}

/** Where the label index keeps a pod. */
function labelsOf(object: KubeObject): string[] {
  if (object.kind !== 'Pod') return [];
  const namespace = object.metadata.namespace ?? '';
  return Object.entries(object.metadata.labels ?? {}).map(([label, value]) => `${namespace}/${label}=${value}`);
}

/** `a.b.c` → `a.b.c`, `*.b.c`, `*.c`, `*`: the most specific first, as Istio ranks them. */
function coveringHosts(host: string): string[] {
  const labels = host.split('.');
  const wildcards = labels.slice(1).map((_, index) => `*.${labels.slice(index + 1).join('.')}`);
  return [host, ...wildcards, ...(host === '*' ? [] : ['*'])];
}
