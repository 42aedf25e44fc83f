/**
 * Which VirtualServices route a service's requests: the one in force inside the mesh, and those that bring requests
 * from a gateway straight to it. Mesh VirtualServices for one host are not merged (IST0109, KIA1106).
 */
import type { JsonObject, KubeObject } from '../../../object.ts';
import { fullHost, serviceOf } from '../../hosts.ts';
import { gatewaysOf, hostsOf, meshVirtualServices } from '../../route/mesh.ts';
import { byAge, visibility } from '../../route/visibility.ts';
import type { World } from '../../world.ts';
import { objectOf, stringOf } from '../read.ts';
import { isSeenByGateway } from './gateways.ts';

export const SECTIONS = ['http', 'tls', 'tcp'] as const;
export type Section = (typeof SECTIONS)[number];

export interface MeshRouting {
  /** For clients of the service's own namespace; for all others too, unless `elsewhere` is set. */
  inForce?: KubeObject;
  /** Set when clients elsewhere see another one: then it is not clear which is meant. */
  elsewhere?: KubeObject;
  /** They name the host too, and nobody uses them. */
  shadowed: KubeObject[];
  /** Only clients of other, named namespaces see these, and use them instead. */
  privately: KubeObject[];
}

export function meshRouting(world: World, fqdn: string): MeshRouting {
  const home = serviceOf(fqdn)?.namespace ?? '';
  const own = meshVirtualServices(world, fqdn, home);
  // '' is a namespace that nothing is exported to by name: any other one.
  const abroad = meshVirtualServices(world, fqdn, '');
  const inForce = own[0] ?? abroad[0];
  const elsewhere = abroad[0] === inForce ? undefined : abroad[0];
  const privately = world
    .forHost('VirtualService', fqdn)
    .filter(object => gatewaysOf(object).includes('mesh') && visibility(object, '') === undefined)
    .filter(object => visibility(object, home) === undefined);
  return {
    ...(inForce && { inForce }),
    ...(elsewhere && { elsewhere }),
    shadowed: [...new Set([...own, ...abroad])].filter(object => object !== inForce && object !== elsewhere),
    privately,
  };
}

/**
 * VirtualServices that send a gateway's requests straight to it, by themselves or by a delegate, of whatever namespace,
 * the oldest first.
 */
export function gatewayRouting(world: World, fqdn: string): KubeObject[] {
  const roots = world
    .leadingTo(fqdn)
    .flatMap(object => (hostsOf(object).length > 0 ? [object] : delegating(world, object)));
  return [...new Set(roots)].filter(object => isSeenByGateway(world, object)).sort(byAge);
}

function delegating(world: World, child: KubeObject): KubeObject[] {
  const { name, namespace = '' } = child.metadata;
  return world
    .delegatingTo(namespace, name)
    .filter(root => hostsOf(root).length > 0 && visibility(child, root.metadata.namespace ?? '') !== undefined);
}

/** Fully qualified host of one weighted destination, '' where it has none. */
export function destinationHost(entry: JsonObject, namespace: string): string {
  return fullHost(stringOf(objectOf(entry.destination).host) ?? '', namespace);
}
