/** What a cloud does for Services of type LoadBalancer: gives each an address. kube-proxy sees to the rest. */
import type { KubeClient } from '../../../src/kubernetes/client.ts';
import type { KubeObject } from '../../../src/object.ts';
import { BALANCERS } from '../places.ts';

/** The first address that is given out ends so. */
const FIRST = 10;

interface LoadBalancer {
  ingress?: { ip?: string }[];
}

export async function balance(client: KubeClient, all: readonly KubeObject[]): Promise<void> {
  const services = all.filter(({ spec }) => spec?.type === 'LoadBalancer');
  const addresses = services.map(({ status }) => (status?.loadBalancer as LoadBalancer | undefined)?.ingress?.[0]?.ip);
  for (const [index, { metadata }] of services.entries()) {
    if (addresses[index] !== undefined) continue;
    const ip = nextFree(addresses);
    addresses[index] = ip;
    await client.call({
      method: 'PATCH',
      path: `/api/v1/namespaces/${metadata.namespace}/services/${metadata.name}/status`,
      contentType: 'application/merge-patch+json',
      body: { status: { loadBalancer: { ingress: [{ ip }] } } },
      subject: `Service ${metadata.namespace}/${metadata.name}`,
    });
  }
}

function nextFree(taken: (string | undefined)[]): string {
  let last = FIRST;
  while (taken.includes(`${BALANCERS}${last}`)) last += 1;
  return `${BALANCERS}${last}`;
}
