/**
 * A real cluster to measure in: the one that MESHBOT_TEST_KUBECONFIG names, or the lab around this process, as
 * `npm run mesh -- npm run bench` has it. What is measured lives in a namespace of its own, which is removed in the end.
 */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadAll } from 'js-yaml';
import { connect, type KubeClient } from '../src/kubernetes/client.ts';
import { ApiError } from '../src/kubernetes/errors.ts';
import { collectionPath, KNOWN, MESH_CHANGES, type Resource } from '../src/kubernetes/paths.ts';
import { watchEvents } from '../src/kubernetes/watch.ts';
import type { KubeObject } from '../src/object.ts';
import { systemClock } from '../src/system.ts';
import { KUBECONFIG } from '../test/mesh/places.ts';
import { type Crowd, crowd, OWN } from './crowd.ts';
import type { Ground } from './ground.ts';

const NAMESPACE = 'bench';
const AT_ONCE = 16;
const CRD = new URL('../deploy/crd.yaml', import.meta.url);
const VIRTUAL_SERVICES = KNOWN.find(({ kind }) => kind === 'VirtualService')!;
const MORE: Resource[] = [
  {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    resource: 'customresourcedefinitions',
    namespaced: false,
  },
];

/** Path of its kubeconfig; undefined: there is none here. */
export function realCluster(): string | undefined {
  const { MESHBOT_TEST_KUBECONFIG: named, KUBECONFIG: around } = process.env;
  if (named) return named;
  return around === KUBECONFIG && existsSync(KUBECONFIG) ? KUBECONFIG : undefined;
}

export interface RealGround extends Ground {
  /** Sets v2's weight by a bare PATCH. */
  shift(name: string, weight: number): Promise<void>;
  /** Cluster address of a Service. */
  addressOf(namespace: string, service: string): Promise<string>;
}

export async function realGround(kubeconfig: string, size: Crowd): Promise<RealGround> {
  const client = connect({ kind: 'kubeconfig', path: kubeconfig }, { clock: systemClock });
  await remove(client, NAMESPACE);
  for (const object of loadAll(readFileSync(CRD, 'utf8')) as KubeObject[]) await create(client, object);
  for (const name of [OWN, NAMESPACE]) await create(client, namespaceNamed(name));
  // What an earlier run left undecided is nobody's any more.
  const left = collectionPath(MESH_CHANGES, OWN);
  await client.call({ method: 'DELETE', path: left, subject: 'changes of an earlier run' });
  await accountThere(client);
  const objects = crowd(size).map(object => placed(object));
  const open = [...objects];
  const work = async () => {
    for (let object = open.shift(); object; object = open.shift()) await create(client, object);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));

  const over = new AbortController();
  const heard = new Set<(object: KubeObject) => void>();
  void follow(client, over.signal, object => {
    for (const hear of heard) hear(object);
  });
  return {
    cluster: { kind: 'kubeconfig', path: kubeconfig },
    namespace: NAMESPACE,
    kubeconfig: () => readFileSync(kubeconfig, 'utf8'),
    async live(name) {
      const path = `${collectionPath(VIRTUAL_SERVICES, NAMESPACE)}/${name}`;
      return (await client.call({ method: 'GET', path, subject: name })).body as KubeObject;
    },
    async shift(name, weight) {
      const path = `${collectionPath(VIRTUAL_SERVICES, NAMESPACE)}/${name}`;
      const to = (subset: string, part: number) => ({ destination: { host: name, subset }, weight: part });
      const body = { spec: { http: [{ route: [to('v1', 100 - weight), to('v2', weight)] }] } };
      await client.call({ method: 'PATCH', path, body, contentType: 'application/merge-patch+json', subject: name });
    },
    async addressOf(namespace, service) {
      const path = `/api/v1/namespaces/${namespace}/services/${service}`;
      const { body } = await client.call({ method: 'GET', path, subject: service });
      return (body as { spec: { clusterIP: string } }).spec.clusterIP;
    },
    written: name =>
      new Promise(resolve => {
        const hear = ({ metadata }: KubeObject) => {
          if (metadata.name !== name) return;
          heard.delete(hear);
          resolve(performance.now());
        };
        heard.add(hear);
      }),
    async close() {
      over.abort();
      await remove(client, NAMESPACE);
      await client.close();
    },
  };
}

/** Nobody runs these pods: their status is written as a kubelet would, so that versions count as ready. */
function placed(object: KubeObject): KubeObject {
  const moved = { ...object, metadata: { ...object.metadata, namespace: NAMESPACE } };
  if (object.kind !== 'Pod') return moved;
  return { ...moved, spec: { ...object.spec, schedulerName: 'nobody' } };
}

async function create(client: KubeClient, object: KubeObject): Promise<void> {
  const { apiVersion, kind, metadata, status } = object;
  const resource = [...KNOWN, ...MORE].find(each => each.apiVersion === apiVersion && each.kind === kind);
  if (!resource) throw new Error(`the benchmark does not know where ${kind} lives`);
  const path = collectionPath(resource, resource.namespaced ? metadata.namespace : undefined);
  const subject = `${kind} ${metadata.name}`;
  try {
    await client.call({ method: 'POST', path, body: object, subject });
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== 'AlreadyExists') throw error;
  }
  if (kind !== 'Pod') return;
  const contentType = 'application/merge-patch+json';
  await client.call({
    method: 'PATCH',
    path: `${path}/${metadata.name}/status`,
    body: { status },
    contentType,
    subject,
  });
}

/** Pods are taken once their namespace has its account. */
async function accountThere(client: KubeClient): Promise<void> {
  const path = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/default`;
  for (;;) {
    const found = await client.call({ method: 'GET', path, subject: 'the account' }).catch(() => undefined);
    if (found) return;
    await sleep(100);
  }
}

async function remove(client: KubeClient, namespace: string): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}`;
  await client.call({ method: 'DELETE', path, subject: namespace }).catch(() => undefined);
  for (;;) {
    const found = await client.call({ method: 'GET', path, subject: namespace }).catch(() => undefined);
    if (!found) return;
    await sleep(250);
  }
}

async function follow(client: KubeClient, signal: AbortSignal, hear: (object: KubeObject) => void): Promise<void> {
  const path = collectionPath(VIRTUAL_SERVICES, NAMESPACE);
  const { body } = await client.call({ method: 'GET', path, subject: 'VirtualServices' });
  const { resourceVersion } = (body as { metadata: { resourceVersion: string } }).metadata;
  const from = { resourceVersion, timeoutSeconds: 3_000 };
  try {
    for await (const event of watchEvents(client, VIRTUAL_SERVICES, path, from, signal, () => {})) {
      if (event.type === 'put') hear(event.object);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function namespaceNamed(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}
