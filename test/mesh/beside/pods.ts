/** The pods and Services of the cluster, looked up by name and address. */
import type { KubeClient } from '../../../src/kubernetes/client.ts';
import type { KubeObject } from '../../../src/object.ts';
import { type Workload, workloadOf } from '../../../src/sandbox/mesh/proxy/workload.ts';

export interface PodName {
  namespace: string;
  name: string;
}

export class Pods {
  readonly #client: KubeClient;
  /** Pods that are gone are kept: their last requests are still in their logs. */
  readonly #byName = new Map<string, Workload>();
  readonly #byAddress = new Map<string, Workload>();
  #services: KubeObject[] = [];

  constructor(client: KubeClient) {
    this.#client = client;
  }

  get services(): readonly KubeObject[] {
    return this.#services;
  }

  async refresh(): Promise<void> {
    const [pods, services] = await Promise.all([listOf(this.#client, 'pods'), listOf(this.#client, 'services')]);
    this.#services = services;
    for (const pod of pods) {
      const workload = workloadOf(pod);
      this.#byName.set(`${workload.namespace}/${workload.pod}`, workload);
      if (workload.address !== '0.0.0.0') this.#byAddress.set(workload.address, workload);
    }
  }

  named({ namespace, name }: PodName): Workload | undefined {
    return this.#byName.get(`${namespace}/${name}`);
  }

  at(address: string): Workload | undefined {
    return this.#byAddress.get(address);
  }

  /** Fully qualified name of the first Service that selects the pod, or 'unknown'. */
  serviceOf({ namespace, labels }: Workload): string {
    const found = this.#services.find(({ metadata, spec }) => {
      const selector = Object.entries((spec?.selector ?? {}) as Record<string, string>);
      return metadata.namespace === namespace && selector.length > 0 && selector.every(([k, v]) => labels[k] === v);
    });
    return found ? `${found.metadata.name}.${namespace}.svc.cluster.local` : 'unknown';
  }
}

async function listOf(client: KubeClient, resource: 'pods' | 'services'): Promise<KubeObject[]> {
  const { body } = await client.call({ method: 'GET', path: `/api/v1/${resource}`, subject: resource });
  return (body as { items: KubeObject[] }).items;
}
