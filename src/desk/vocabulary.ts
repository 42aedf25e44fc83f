/** The names that are live in the cluster now, for completion, menus and 'did you mean'. Read only when asked for. */
import type { Vocabulary } from '../grammar/parameters.ts';
import { nameOf as gatewayName } from '../istio/edit/gateway/meant.ts';
import { hostMeant, serviceFor } from '../istio/edit/service/service.ts';
import { serviceOf } from '../istio/hosts.ts';
import type { World } from '../istio/world.ts';
import type { KubeObject } from '../object.ts';

export function vocabularyOf(world: World, namespace: string, verbs: string[], changes: () => string[]): Vocabulary {
  return {
    verbs,
    get services() {
      const names = world
        .all('Service')
        .filter(service => !isControlPlane(service, world.rootNamespace))
        .map(service => nameOf(service, namespace));
      // Own names first. By code points: there may be thousands, and each command asks.
      return [...names.filter(isOwn).sort(), ...names.filter(name => !isOwn(name)).sort()];
    },
    hasService(name) {
      const named = serviceOf(hostMeant(name, namespace));
      const service = named && world.get('Service', named.namespace, named.name);
      return service !== undefined && !isControlPlane(service, world.rootNamespace);
    },
    versions: service => versionsOf(world, hostMeant(service, namespace)),
    get changes() {
      return changes();
    },
    get gateways() {
      const own = world.all('Gateway').map(gateway => gatewayName(gateway, namespace));
      return own.sort((a, b) => Number(a.includes('/')) - Number(b.includes('/')) || (a < b ? -1 : 1));
    },
  };
}

/** Subsets that the service's own namespace obeys, and the versions that its pods' labels tell: what `shift` can plan. */
function versionsOf(world: World, host: string): string[] {
  const service = serviceFor(world, host);
  if (!service) return [];
  const names = [...service.subsets.map(({ name }) => name), ...service.versions.map(({ version }) => version)];
  return [...new Set(names)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** A service's name has no dot. */
function isOwn(name: string): boolean {
  return !name.includes('.');
}

function nameOf(object: KubeObject, namespace: string): string {
  const of = object.metadata.namespace ?? '';
  return of === namespace ? object.metadata.name : `${object.metadata.name}.${of}`;
}

/** istiod, the gateways and Kubernetes itself are no services whose traffic one shifts. */
function isControlPlane(service: KubeObject, rootNamespace: string): boolean {
  const { name, namespace } = service.metadata;
  return (
    namespace === rootNamespace || namespace === 'kube-system' || (namespace === 'default' && name === 'kubernetes')
  );
}
