/** The local Kubernetes API: an API server in memory, over real HTTP, that kubectl and client-node can talk to. */
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { dump } from 'js-yaml';
import type { Json, KubeObject, ObjectRef } from '../../object.ts';
import { admitIstio } from './admission.ts';
import { builtinResources } from './builtin-kinds.ts';
import { crdStatus, resourceOf } from './crd.ts';
import { decode } from './decode.ts';
import type { ExecHandler } from './exec.ts';
import type { Faults } from './faults.ts';
import { FaultBook } from './faults.ts';
import { istioCrds } from './istio-kinds.ts';
import { istioRules } from './istio-rules.ts';
import type { Target } from './objects.ts';
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

export type { LoggedRequest } from './request-log.ts';

export interface KubernetesOptions {
  /** 0, the default: any free one. */
  port?: number;
  /** Epoch ms. */
  now?: () => number;
}

export interface RequestHistory {
  (): LoggedRequest[];
  clear(): void;
  /** false: nothing is recorded from now on. */
  record(on: boolean): void;
}

export interface LocalKubernetes {
  url: string;
  port: number;
  /** YAML text for kubectl and client-node. */
  kubeconfig(): string;
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
  /** Ends all connections and watches at once. */
  close(): Promise<void>;
}

const NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** On 127.0.0.1 only. Throws when the port is taken, with the system's error as cause. */
export async function startKubernetes(options: KubernetesOptions = {}): Promise<LocalKubernetes> {
  const now = options.now ?? Date.now;
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

  const api = new ApiServer({ catalog, objects, rights, faults, log, now, exec: () => exec });
  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => void api.handle(request, response));
  server.on('upgrade', (request, socket, head) => api.upgrade(request, socket, head));
  const sockets = new Set<Socket>();
  server.on('connection', socket => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.once('close', () => sockets.delete(socket));
  });
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;

  const requests: RequestHistory = Object.assign(() => log.all(), {
    clear: () => log.clear(),
    record: (on: boolean) => log.record(on),
  });

  return {
    url,
    port,
    kubeconfig: () => kubeconfigText(url),
    apply: seed,
    get: ref => {
      const { group } = groupVersion(ref.apiVersion);
      const resource = catalog.ofKind(group, ref.kind);
      const entry = resource && store.get(resource, objectKey(resource.namespaced ? ref.namespace : '', ref.name));
      return entry ? structuredClone(entry.object) : undefined;
    },
    list: (kind, namespace) => {
      const resource = catalog.named(kind);
      const entries = resource ? (store.list(resource, namespace ? { namespace } : {}) ?? []) : [];
      return entries.map(({ object }) => structuredClone(object));
    },
    delete: ref => {
      const target = targetOf(catalog, ref.apiVersion, ref.kind, ref.namespace);
      if (objects.get(target, ref.name)) objects.delete(target, ref.name, { dryRun: false, preconditions: {} });
    },
    onChange: listener => store.subscribe(({ type, entry }) => listener(type, structuredClone(entry.object))),
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
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        api.close();
        for (const socket of sockets) socket.destroy();
      }),
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
    return structuredClone(objects.create(target, decoded, options).object);
  }
  // A replacement is meant, whatever was read before.
  delete decoded.metadata.resourceVersion;
  delete decoded.metadata.uid;
  return structuredClone(objects.update(target, name, decoded, { ...options, unconditional: true }).object);
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

function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      const why = taken ? `Port ${port} is taken; choose another one, or 0 for any that is free.` : cause.message;
      reject(new Error(`The local Kubernetes API cannot listen on 127.0.0.1:${port}. ${why}`, { cause }));
    });
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

function kubeconfigText(url: string): string {
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'local', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'local', user: {} }],
    contexts: [{ name: 'local', context: { cluster: 'local', user: 'local', namespace: 'default' } }],
    'current-context': 'local',
  });
}
