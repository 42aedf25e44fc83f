/** An API server in memory, without a door: its objects, its answers, its faults. Whoever has a connection hands it requests. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Json, KubeObject, ObjectRef } from '../../object.ts';
import type { Clock } from '../../ports.ts';
import { realClock } from '../clock.ts';
import { copy } from '../copy.ts';
import { admitIstio } from './admission.ts';
import { builtinResources } from './builtin-kinds.ts';
import { crdStatus, resourceOf } from './crd.ts';
import { decode } from './decode.ts';
import type { ExecHandler } from './exec.ts';
import type { Faults } from './faults.ts';
import { FaultBook } from './faults.ts';
import { istioCrds } from './istio-kinds.ts';
import { istioRules } from './istio-rules.ts';
import { Objects } from './objects.ts';
import type { LoggedRequest } from './request-log.ts';
import { RequestLog } from './request-log.ts';
import type { Resource } from './resources.ts';
import { Catalog, groupVersion, resourceKey } from './resources.ts';
import type { Rights } from './rights.ts';
import { RightsBook } from './rights.ts';
import { ApiServer } from './server.ts';
import type { StoreEvent } from './store.ts';
import { objectKey, Store } from './store.ts';
import type { Target } from './target.ts';

export interface RequestHistory {
  (): LoggedRequest[];
  clear(): void;
  /** false: nothing is recorded from now on. */
  record(on: boolean): void;
}

export interface KubernetesInMemory {
  /** Answers one request; for `createServer`, or for whoever has no sockets. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Of a connection that becomes a WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Creates or replaces, status included, through the same validation and watches. Throws ApiError. */
  apply(object: KubeObject): KubeObject;
  get(ref: ObjectRef): KubeObject | undefined;
  /** By kind, in the storage version, in the order of namespace and name. */
  list(kind: string, namespace?: string): KubeObject[];
  /** Nothing happens when it is not there. */
  delete(ref: ObjectRef): void;
  /** Every change of every object. The returned function ends it. */
  onChange(listener: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject) => void): () => void;
  /** Who runs commands in containers. The last one set is asked. */
  onExec(handler: ExecHandler): void;
  rights: Rights;
  faults: Faults;
  requests: RequestHistory;
  /** Ends what runs in containers. */
  close(): void;
}

const NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** `now` (epoch ms) tells another time than `clock`, which still does the waiting. */
export function newKubernetes(options: { now?: () => number; clock?: Clock } = {}): KubernetesInMemory {
  const given = options.clock ?? realClock;
  const now = options.now ?? given.now;
  const store = new Store();
  const catalog = new Catalog();
  const faults = new FaultBook();
  const rights = new RightsBook();
  const log = new RequestLog();
  const objects = new Objects(store, catalog, now, admitIstio);
  let exec: ExecHandler | undefined;

  for (const resource of builtinResources()) catalog.add(resource);
  serveCrds(store, catalog, now);
  const seed = (object: KubeObject) => put(objects, catalog, object);
  for (const name of NAMESPACES) seed({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  for (const crd of istioCrds()) seed(crd);

  const clock: Clock = { now, sleep: given.sleep };
  const api = new ApiServer({ catalog, objects, rights, faults, log, clock, exec: () => exec });
  const requests: RequestHistory = Object.assign(() => log.all(), {
    clear: () => log.clear(),
    record: (on: boolean) => log.record(on),
  });

  return {
    handle: (request, response) => void api.handle(request, response),
    upgrade: (request, socket, head) => api.upgrade(request, socket, head),
    apply: seed,
    get: ref => {
      const { group } = groupVersion(ref.apiVersion);
      const resource = catalog.ofKind(group, ref.kind);
      const entry = resource && store.get(resource, objectKey(resource.namespaced ? ref.namespace : '', ref.name));
      return entry ? copy(entry.object) : undefined;
    },
    list: (kind, namespace) => {
      const resource = catalog.named(kind);
      const entries = resource ? (store.list(resource, namespace ? { namespace } : {}) ?? []) : [];
      return entries.map(({ object }) => copy(object));
    },
    delete: ref => {
      const target = targetOf(catalog, ref.apiVersion, ref.kind, ref.namespace);
      if (objects.get(target, ref.name)) objects.delete(target, ref.name, { dryRun: false, preconditions: {} });
    },
    onChange: listener => store.subscribe(({ type, entry }) => listener(type, copy(entry.object))),
    onExec: handler => {
      exec = handler;
    },
    rights,
    faults: {
      inject: (fault, match) => faults.inject(fault, match),
      pending: () => faults.pending(),
      clear: () => faults.clear(),
      dropWatches: (how = 'end') => api.dropWatches(how),
      compact: () => store.compact(),
    },
    requests,
    close: () => api.close(),
  };
}

/** A CRD that is there is served; one that is deleted takes its objects with it. */
function serveCrds(store: Store, catalog: Catalog, now: () => number): void {
  const crds = catalog.find('apiextensions.k8s.io', 'v1', 'customresourcedefinitions')!;
  store.subscribe((event: StoreEvent) => {
    if (event.resource !== resourceKey(crds)) return;
    const crd = event.entry.object;
    const group = String(crd.spec?.group);
    const resource = resourceOf(crd, group.endsWith('.istio.io') ? istioRules : undefined);
    if (event.type === 'DELETED') {
      for (const { object } of store.list(resource, {}) ?? []) {
        store.delete(resource, objectKey(object.metadata.namespace ?? '', object.metadata.name));
      }
      catalog.remove(resource);
      return;
    }
    catalog.add(resource);
    if (crd.status) return;
    // kube-apiserver's own controller does this a moment after the creation.
    const status = crdStatus(crd, new Date(now()).toISOString().replace(/\.\d+Z$/, 'Z'));
    store.put(crds, objectKey('', crd.metadata.name), { ...crd, metadata: { ...crd.metadata }, status });
  });
}

function put(objects: Objects, catalog: Catalog, given: KubeObject): KubeObject {
  const object = JSON.parse(JSON.stringify(given)) as KubeObject;
  const target = targetOf(catalog, object.apiVersion, object.kind, object.metadata.namespace ?? '');
  const { resource, version } = target;
  const warnings: string[] = [];
  const decoded = decode(object as unknown as Json, { resource, version, validation: 'Strict', warnings });
  const options = { dryRun: false, manager: 'sandbox', warnings, part: 'all' as const };
  const { name } = decoded.metadata;
  if (!name || !objects.get(target, name)) {
    delete decoded.metadata.resourceVersion;
    return copy(objects.create(target, decoded, options).object);
  }
  // A replacement is meant, whatever was read before.
  delete decoded.metadata.resourceVersion;
  delete decoded.metadata.uid;
  return copy(objects.update(target, name, decoded, { ...options, unconditional: true }).object);
}

function targetOf(catalog: Catalog, apiVersion: string, kind: string, namespace: string): Target {
  const { group, version } = groupVersion(apiVersion);
  const resource: Resource | undefined = catalog.ofKind(group, kind);
  if (!resource?.versions.includes(version)) {
    throw new Error(
      `The local Kubernetes API serves no ${kind} in ${apiVersion}. Apply its CustomResourceDefinition first.`,
    );
  }
  return { resource, version, namespace: resource.namespaced ? namespace || 'default' : '' };
}
