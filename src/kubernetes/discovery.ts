/** How the API server names a kind that meshbot has no entry for. */
import { ClusterError } from '../ports.ts';
import type { KubeClient } from './client.ts';
import { groupPath, type Resource } from './paths.ts';

interface ResourceList {
  resources?: { name: string; kind: string; namespaced: boolean }[];
}

/** One GET. Throws ClusterError 'not-found' where the cluster does not know the kind. */
export async function discover(client: KubeClient, apiVersion: string, kind: string): Promise<Resource> {
  const subject = `${kind} of ${apiVersion}`;
  if (!/^([a-z0-9.-]+\/)?[a-z0-9]+$/.test(apiVersion)) {
    throw new ClusterError('invalid', `'${apiVersion}' is no apiVersion.`);
  }
  const { body } = await client.call({ method: 'GET', path: groupPath(apiVersion), subject });
  // Subresources are listed too, as 'deployments/status'.
  const found = (body as ResourceList).resources?.find(entry => entry.kind === kind && !entry.name.includes('/'));
  if (!found) throw new ClusterError('not-found', `${subject}: the cluster does not know this kind.`);
  return { apiVersion, kind, resource: found.name, namespaced: found.namespaced };
}

/** Those of `resources`, all of one group and version, that the cluster does not serve. One GET. */
export async function unserved(client: KubeClient, resources: readonly Resource[]): Promise<Resource[]> {
  const { apiVersion } = resources[0]!;
  try {
    const { body } = await client.call({ method: 'GET', path: groupPath(apiVersion), subject: apiVersion });
    const served = new Set((body as ResourceList).resources?.map(({ name }) => name));
    return resources.filter(({ resource }) => !served.has(resource));
  } catch (error) {
    if (error instanceof ClusterError && error.kind === 'not-found') return [...resources];
    throw error;
  }
}
