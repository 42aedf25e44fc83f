/** The surroundings in a real mesh: made once, used by every batch, and taken away at the end. */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { isReady } from '../../../src/istio/world.ts';
import type { JsonObject, KubeObject } from '../../../src/object.ts';
import { CLIENTS, NAMESPACES, SIDECARS } from '../case.ts';
import { bystanding, CONTROL_PORT, GUARD, namespaces, OURS, object, pods, quiet, services } from '../surroundings.ts';
import { AccessLogs, logging } from './access-log.ts';
import { Api } from './api.ts';
import { lastingOneRequest } from './connections.ts';

/** Any image with Node; this one is there wherever Bookinfo's stand-ins are. */
const IMAGE = process.env.TRUTH_NODE_IMAGE ?? 'registry.istio.io/release/examples-bookinfo-reviews-v1:1.20.3';
/** Namespaces whose proxies are kept out of it, which takes half the work off the lab. Nobody's but the lab's. */
const BYSTANDERS = (process.env.TRUTH_BYSTANDERS ?? '').split(',').filter(each => each !== '');
const LABELLED = Object.entries(OURS)
  .map(([name, value]) => `${name}=${value}`)
  .join();

export interface Lab {
  api: Api;
  logs: AccessLogs;
  /** Pods and Services as the cluster has them. */
  standing: KubeObject[];
  addresses: { landing: string; gate: string };
  close(): Promise<void>;
}

export async function startLab(slots: number): Promise<Lab> {
  const api = new Api();
  await goneThatGo(api);
  for (const namespace of namespaces()) await madeOrThere(api, namespace);
  const script = (name: string) => stripTypeScriptTypes(readFileSync(new URL(`./${name}.ts`, import.meta.url), 'utf8'));
  const scripts = { 'echo.mjs': script('echo'), 'send.mjs': script('send') };
  const filters = Object.values(NAMESPACES)
    .filter(each => each !== NAMESPACES.root)
    .flatMap(each => (each === NAMESPACES.c ? [logging(each), lastingOneRequest(each)] : [logging(each)]));
  const apart = BYSTANDERS.map(bystanding);
  await inLanes([...apart, ...filters, ...pods({ node: IMAGE }, scripts), ...services(slots), ...quiet()], 8, each =>
    madeOrThere(api, each),
  );
  const running = await ready(api);
  const logs = new AccessLogs();
  for (const name of SIDECARS) logs.follow(api, CLIENTS[name].namespace, name);
  logs.follow(api, NAMESPACES.gate, 'gate');
  const found = (await api.list('v1', 'Service')).filter(
    each => each.metadata.labels?.['meshbot.test/truth'] === 'yes',
  );
  const address = (name: string) => String(found.find(each => each.metadata.name === name)?.spec?.clusterIP);
  return {
    api,
    logs,
    standing: [...running, ...found],
    addresses: { landing: address('landing'), gate: address('gate') },
    close: async () => {
      logs.close();
      await api.close();
    },
  };
}

/** Takes away everything that was made, in any namespace. */
export async function removeLab(): Promise<void> {
  const api = new Api();
  await clearConfiguration(api);
  for (const each of [...BYSTANDERS.map(bystanding), ...namespaces()]) await api.deleteObject(each);
  await api.close();
}

const ENVOY_FILTER = 'networking.istio.io/v1alpha3';

const CONFIGURATION = [
  ['networking.istio.io/v1', 'VirtualService'],
  ['networking.istio.io/v1', 'DestinationRule'],
  ['networking.istio.io/v1', 'Gateway'],
  ['networking.istio.io/v1', 'ServiceEntry'],
  ['networking.istio.io/v1', 'Sidecar'],
  ['security.istio.io/v1', 'AuthorizationPolicy'],
  ['security.istio.io/v1', 'PeerAuthentication'],
] as const;

/** Label of all configuration that is there for one batch. */
export const BATCH = 'meshbot.test/batch';

/** Of all namespaces; `labelled`: what carries the label alone. */
export async function configuration(api: Api, labelled?: string): Promise<KubeObject[]> {
  const lists = await Promise.all(CONFIGURATION.map(([apiVersion, kind]) => api.list(apiVersion, kind, labelled)));
  return lists.flat();
}

/** Takes away the configuration of the batch before, until nothing of it is listed; what stands stays. */
export async function clearConfiguration(api: Api): Promise<void> {
  for (let left = 10; ; left -= 1) {
    const found = await configuration(api, BATCH);
    if (found.length === 0) return;
    if (left === 0) throw new Error(`${found.length} objects of the batch before do not go`);
    await inLanes(found, 10, each => api.deleteThis(each));
  }
}

/**
 * Makes istiod tell all proxies everything, and not what changed alone: an EnvoyFilter that does nothing comes and goes.
 * Of what is deleted it now and then leaves a cluster behind (docs/truth.md).
 */
export async function toldAnew(api: Api): Promise<void> {
  const nothing = {
    applyTo: 'CLUSTER',
    match: { cluster: { name: 'nobody' } },
    patch: { operation: 'MERGE', value: {} },
  };
  const filters = Object.values(NAMESPACES)
    .filter(each => each !== NAMESPACES.root)
    .map(each => object(ENVOY_FILTER, 'EnvoyFilter', 'anew', each, {}, { spec: { configPatches: [nothing] } }));
  for (const each of filters) await madeOrThere(api, each);
  await sleep(3_000);
  for (const each of filters) await api.deleteObject(each);
  await sleep(3_000);
}

async function madeOrThere(api: Api, object: KubeObject): Promise<void> {
  const made = await api.create(object).catch(error => {
    if ((error as { kind?: string }).kind === 'already-exists') return undefined;
    throw error;
  });
  if (made && 'refused' in made) throw new Error(`${object.kind} ${object.metadata.name}: ${made.refused}`);
}

/** What a run before took away may take its time to go. */
async function goneThatGo(api: Api): Promise<void> {
  for (let left = 300; left > 0; left -= 1) {
    const all = await api.list('v1', 'Namespace', LABELLED);
    if (all.every(({ metadata }) => metadata.deletionTimestamp === undefined)) return;
    await sleep(200);
  }
}

/** All pods but the one that is never Ready. */
async function ready(api: Api): Promise<KubeObject[]> {
  for (let left = 1500; ; left -= 1) {
    const all = await api.list('v1', 'Pod', LABELLED);
    const late = all.filter(pod => pod.metadata.labels?.version !== 'v4' && !isReady(pod));
    if (late.length === 0) return all;
    if (left === 0) throw new Error(`not Ready: ${late.map(pod => `${pod.metadata.namespace}/${pod.metadata.name}`)}`);
    await sleep(200);
  }
}

export async function inLanes<T, R>(list: T[], lanes: number, work: (each: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  let next = 0;
  const lane = async () => {
    while (next < list.length) {
      const index = next;
      next += 1;
      done[index] = await work(list[index]!);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return done;
}

export interface Seen {
  id: string;
  nonce: string;
  namespace: string;
  version: string;
  port: number;
  path: string;
  authority: string;
  headers: Record<string, string>;
}

/** What the echoes saw since they were asked last. */
export async function arrivals(lab: Lab): Promise<Seen[]> {
  const echoes = lab.standing.filter(
    each => each.kind === 'Pod' && ['echo', GUARD].includes(each.metadata.labels?.app ?? '') && isReady(each),
  );
  const all = await inLanes(echoes, 3, each => lab.api.ask(each.metadata.namespace!, each.metadata.name, CONTROL_PORT));
  return all.flat() as Seen[];
}

export interface Back {
  id: string;
  status: number;
  headers: Record<string, string>;
  body: string;
  took: number;
  error?: string;
}

export async function send(
  lab: Lab,
  client: keyof typeof CLIENTS,
  orders: JsonObject[],
  lanes: number,
): Promise<Back[]> {
  const { namespace } = CLIENTS[client];
  return (await lab.api.ask(namespace, client, CONTROL_PORT, { orders, lanes })) as Back[];
}
