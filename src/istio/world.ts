/**
 * Everything that decides where a request goes, indexed for the questions that routing asks.
 * Watches feed it one object at a time; questions cost what they answer, not what the cluster holds.
 */
import type { KubeObject, ObjectRef } from '../object.ts';
import { refKey, refOf } from '../object.ts';
import { covering, coveringKeys, delegateKey, destinationKey, hostKeys, labelKeys, leadKeys } from './keys.ts';

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
  /** Destination or delegate → key → VirtualService of a gateway, or a delegate. */
  #byLead: Index = new Map();
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
    for (const host of hostKeys(object)) this.#into(this.#byHost, `${object.kind}/${host}`, key, object);
    for (const lead of leadKeys(object)) this.#into(this.#byLead, lead, key, object);
    for (const label of labelKeys(object)) this.#into(this.#byLabel, label, key, object);
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
    for (const key of coveringKeys(host)) {
      const kept = this.#byHost.get(`${kind}/${key}`);
      for (const object of kept ? covering(kept.values(), key, host) : []) found.add(object);
    }
    return [...found];
  }

  /**
   * VirtualServices that name this fully qualified host as a destination and are bound to a gateway, or are delegates,
   * which have no hosts. Says nothing about visibility (exportTo).
   */
  leadingTo(host: string): KubeObject[] {
    return [...(this.#byLead.get(destinationKey(host))?.values() ?? [])];
  }

  /** VirtualServices bound to a gateway that have a route which delegates to this one. */
  delegatingTo(namespace: string, name: string): KubeObject[] {
    return [...(this.#byLead.get(delegateKey(namespace, name))?.values() ?? [])];
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
    next.#byLead = new Map(this.#byLead);
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
    for (const host of hostKeys(object)) this.#outOf(this.#byHost, `${object.kind}/${host}`, key);
    for (const lead of leadKeys(object)) this.#outOf(this.#byLead, lead, key);
    for (const label of labelKeys(object)) this.#outOf(this.#byLabel, label, key);
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
