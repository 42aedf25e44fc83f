/** Envoys that tell what they hold, each of another state of a VirtualService if need be. */
import { World } from '../../../src/istio/world.ts';
import type { JsonObject, KubeObject } from '../../../src/object.ts';
import type { MeshProxy, Proxies, Write } from '../../../src/ports.ts';
import { type Askable, type Asking, convergence } from '../../../src/proof/held/convergence.ts';
import { configDump } from '../../../src/sandbox/mesh/admin/config-dump.ts';
import { workloadOf } from '../../../src/sandbox/mesh/proxy/workload.ts';

export const NAME = { namespace: 'default', name: 'reviews' };
export const to = (subset: string, weight?: number): JsonObject => ({
  destination: { host: 'reviews', subset },
  ...(weight !== undefined && { weight }),
});

export function virtualService(http: JsonObject[], spec: JsonObject = {}): KubeObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { ...NAME },
    spec: { hosts: ['reviews'], http, ...spec },
  };
}

export const BEFORE = virtualService([
  { match: [{ headers: { 'end-user': { exact: 'jason' } } }], route: [to('v2')] },
  { route: [to('v1')] },
]);
export const AFTER = virtualService([
  { match: [{ headers: { 'end-user': { exact: 'jason' } } }], route: [to('v2')] },
  { route: [to('v1', 50), to('v3', 50)] },
]);

export const WRITE: Write = {
  ref: { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', ...NAME },
  before: BEFORE,
  after: AFTER,
};

/** Envoys by name; each tells the object that is given for the moment, `undefined`: no route of it. */
export class Town implements Proxies {
  now = 0;
  readonly asked: string[] = [];
  readonly #tell: (pod: string, now: number) => KubeObject | undefined;
  readonly #pods: string[];

  constructor(pods: string[], tell: (pod: string, now: number) => KubeObject | undefined) {
    this.#pods = pods;
    this.#tell = tell;
  }

  clock = {
    now: () => this.now,
    sleep: async (ms: number) => {
      this.now += ms;
    },
  };

  leave(pod: string): void {
    this.#pods.splice(this.#pods.indexOf(pod), 1);
  }

  list(): MeshProxy[] {
    return this.#pods.map(pod => ({ namespace: 'default', pod, labels: { app: pod }, gateway: false }));
  }

  async routes({ namespace, pod }: Pick<MeshProxy, 'namespace' | 'pod'>): Promise<JsonObject[]> {
    this.asked.push(pod);
    const object = this.#tell(pod, this.now);
    const service: KubeObject = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { ...NAME },
      spec: { ports: [{ port: 9080 }] },
    };
    const self: KubeObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace, name: pod, labels: { app: pod } },
      spec: { containers: [{ name: 'app' }, { name: 'istio-proxy' }] },
    };
    const world = new World(object ? [service, object] : [service]);
    const dump = configDump(world, workloadOf(self)) as { configs: { route_config: JsonObject }[] };
    return dump.configs.map(each => each.route_config);
  }

  ask(write = WRITE, more: Partial<Asking> & Pick<Askable, 'isMeantFor'> = {}) {
    const { isMeantFor, ...asking } = more;
    const given = { write, since: 0, patience: 20_000, ...asking };
    return convergence({ proxies: this, clock: this.clock, isMeantFor }, given);
  }
}
