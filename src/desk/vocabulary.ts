/** The names that are live in the cluster now, for completion, menus and 'did you mean'. Read only when asked for. */
import type { Vocabulary } from '../grammar/parameters.ts';
import { fullHost } from '../istio/hosts.ts';
import type { World } from '../istio/world.ts';
import type { KubeObject } from '../object.ts';

export function vocabularyOf(world: World, namespace: string, verbs: string[], changes: () => string[]): Vocabulary {
  return {
    verbs,
    get services() {
      return world
        .all('Service')
        .filter(service => !isControlPlane(service, world.rootNamespace))
        .map(service => nameOf(service, namespace))
        .sort((a, b) => a.split('.').length - b.split('.').length || a.localeCompare(b));
    },
    versions: service => versionsOf(world, fullHost(...splitName(service, namespace))),
    get changes() {
      return changes();
    },
    get gateways() {
      return world.all('Gateway').map(gateway => nameOf(gateway, namespace));
    },
  };
}

/** Subsets of the service's DestinationRules, and the `version` labels of its pods. */
function versionsOf(world: World, host: string): string[] {
  const subsets = world.forHost('DestinationRule', host).flatMap(rule => {
    const listed = rule.spec?.subsets;
    return Array.isArray(listed) ? listed.map(subset => (subset as { name?: unknown }).name) : [];
  });
  const [name, namespace] = host.split('.');
  const selector = (world.get('Service', namespace ?? '', name ?? '')?.spec?.selector ?? {}) as Record<string, string>;
  const labels = world.pods(namespace ?? '', selector).map(pod => pod.metadata.labels?.version);
  const names = [...subsets, ...labels].filter(version => typeof version === 'string');
  return [...new Set(names)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

function nameOf(object: KubeObject, namespace: string): string {
  const of = object.metadata.namespace ?? '';
  return of === namespace ? object.metadata.name : `${object.metadata.name}.${of}`;
}

function splitName(service: string, namespace: string): [host: string, namespace: string] {
  const [name, of] = service.split('.');
  return [name ?? '', of ?? namespace];
}

/** istiod, the gateways and Kubernetes itself are no services whose traffic one shifts. */
function isControlPlane(service: KubeObject, rootNamespace: string): boolean {
  const { name, namespace } = service.metadata;
  return (
    namespace === rootNamespace || namespace === 'kube-system' || (namespace === 'default' && name === 'kubernetes')
  );
}
