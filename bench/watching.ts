/** A process that serves many VirtualServices, or one that holds them in step and says what that took. */
import { setImmediate as turn } from 'node:timers/promises';
import { CustomObjectsApi, makeInformer } from '@kubernetes/client-node';
import { World } from '../src/istio/world.ts';
import { KubeClient } from '../src/kubernetes/client.ts';
import { loadConfig } from '../src/kubernetes/config.ts';
import { Reflector } from '../src/kubernetes/reflector.ts';
import { type KubeObject, refOf } from '../src/object.ts';
import type { Log } from '../src/ports.ts';
import { startKubernetes } from '../src/sandbox/kubernetes/kubernetes.ts';
import { systemClock as clock, systemRandom as random } from '../src/system.ts';

export interface Holding {
  objects: number;
  /** Bytes that the process grew by, garbage not counted. */
  resident: number;
  heap: number;
  /** ms for which nothing else could run. */
  block: number;
}

/** Starts to hold the objects; answers how many, once all are there. */
type Hold = (server: string) => Promise<() => number>;

const PATH = '/apis/networking.istio.io/v1/virtualservices';
const QUIET: Log = { info() {}, warn() {}, error() {} };

const holds: Record<string, Hold> = {
  async informer(server) {
    const config = loadConfig({ kind: 'server', server });
    const api = config.makeApiClient(CustomObjectsApi);
    const list = () =>
      api.listClusterCustomObject({ group: 'networking.istio.io', version: 'v1', plural: 'virtualservices' });
    const informer = makeInformer(config, PATH, list);
    await informer.start();
    return () => informer.list().length;
  },
  mirror: server => reflected(server, undefined),
  world: server => reflected(server, new World()),
};

async function reflected(server: string, world: World | undefined): Promise<() => number> {
  const client = new KubeClient(loadConfig({ kind: 'server', server }), { clock });
  const resource = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    resource: 'virtualservices',
    namespaced: true,
  };
  await new Promise<void>(resolve => {
    const reflector: Reflector = new Reflector({
      ...{ client, clock, random, log: QUIET, resource, namespace: undefined },
      listener: { put: object => world?.put(object), removed: object => world?.delete(refOf(object)) },
      onState: state => state === 'synced' && resolve(),
    });
    reflector.start();
    kept = reflector;
  });
  return () => world?.size ?? (kept as Reflector).mirror.size;
}

/** So that nothing that is measured is garbage. */
let kept: unknown;

async function hold(what: string, server: string): Promise<Holding> {
  await clock.sleep(300);
  const before = memory();
  const watch = watchTurns();
  const count = await holds[what]!(server);
  // Into the idle time after it: the watch opens, the last garbage goes.
  await clock.sleep(1_500);
  const block = watch();
  const after = memory();
  return {
    objects: count(),
    resident: after.resident - before.resident,
    heap: after.heap - before.heap,
    block,
  };
}

/** As V8 leaves it by itself after some idle seconds: without garbage and without room kept for it. */
function memory(): { resident: number; heap: number } {
  for (let time = 0; time < 3; time++) gc!({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  const { rss, heapUsed } = process.memoryUsage();
  return { resident: rss, heap: heapUsed };
}

/** The returned function ends it and answers the longest turn of the event loop, in ms. */
function watchTurns(): () => number {
  let longest = 0;
  let on = true;
  void (async () => {
    for (let last = performance.now(); on; ) {
      await turn();
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
    }
  })();
  return () => {
    on = false;
    return longest;
  };
}

/** As a team has it: full names, a canary for one user, a split, a timeout and retries. */
function teams(index: number): KubeObject {
  const [name, namespace] = [`service-${index}`, `team-${index % 50}`];
  const host = `${name}.${namespace}.svc.cluster.local`;
  const to = (subset: string) => ({ host, subset, port: { number: 8080 } });
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace, labels: { app: name, 'app.kubernetes.io/part-of': namespace } },
    spec: {
      hosts: [host],
      http: [
        {
          name: 'canary',
          match: [{ headers: { 'end-user': { exact: 'jason' } } }],
          route: [{ destination: to('v2') }],
        },
        {
          name: 'default',
          timeout: '5s',
          retries: { attempts: 3, perTryTimeout: '2s', retryOn: '5xx,reset,connect-failure' },
          route: [
            { destination: to('v1'), weight: 90 },
            { destination: to('v2'), weight: 10 },
          ],
        },
      ],
    },
  };
}

/** As `kubectl apply` leaves objects: with its copy of what was applied, and with managed fields. */
async function serve(count: number): Promise<string> {
  const kubernetes = await startKubernetes();
  kubernetes.requests.record(false);
  for (let index = 0; index < Math.min(count, 50); index++) {
    kubernetes.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: `team-${index}` } });
  }
  for (let index = 0; index < count; index++) {
    const object = teams(index);
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify(object)}\n` };
    kubernetes.apply({ ...object, metadata: { ...object.metadata, annotations } });
  }
  return kubernetes.url;
}

const [what, word] = process.argv.slice(2) as [string, string];
process.on('SIGTERM', () => process.exit(0));
process.send!(what === 'serve' ? await serve(Number(word)) : await hold(what, word), () => {
  if (what !== 'serve') process.exit(0);
});
