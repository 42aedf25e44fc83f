/** What a sidecar with a Sidecar resource has a cluster of: what that lists, and where the routes lead that it imports. */
import type { JsonObject } from '../../object.ts';
import { fullHost } from '../hosts.ts';
import type { World } from '../world.ts';
import type { Target } from './decision.ts';
import { egressOf } from './egress.ts';
import type { HttpRoute } from './http-routes.ts';
import { httpRoutes } from './http-routes.ts';
import { number, object, objects, text } from './json.ts';
import { gatewaysOf, hostsOf } from './mesh.ts';
import type { MeshRequest, SidecarClient } from './request.ts';
import { visibility } from './visibility.ts';

/**
 * Where a route has a match for other source namespaces and none that names the client's, istiod takes it for theirs
 * alone and does not count its destinations, though another of its matches may take the client's requests. Measured;
 * virtualServiceDestinationsFilteredBySourceNamespace of istiod.
 */
export function isDependency({ spec }: HttpRoute, namespace: string): boolean {
  const named = objects(spec.match).flatMap(match => text(match.sourceNamespace) || []);
  return named.length === 0 || named.includes(namespace);
}

/** Whether the client has that cluster although the route does not count. */
export function isImported(world: World, client: SidecarClient, target: Target, request: MeshRequest): boolean {
  const egress = egressOf(world, client, request.port);
  if (egress.imports(target.namespace, [target.host])) return true;
  return world.all('VirtualService').some(virtualService => {
    const { namespace = '' } = virtualService.metadata;
    const hosts = hostsOf(virtualService);
    if (hosts.length === 0 || !gatewaysOf(virtualService).includes('mesh')) return false;
    if (visibility(virtualService, client.namespace) === undefined || !egress.imports(namespace, hosts)) return false;
    return httpRoutes(world, virtualService)
      .filter(route => isDependency(route, client.namespace))
      .some(route => leadsOf(route).some(each => leads(each, route.namespace, target)));
  });
}

function leadsOf({ spec }: HttpRoute): JsonObject[] {
  const found = [...objects(spec.route), ...objects(spec.mirrors)].map(each => object(each.destination));
  return [...found, object(spec.mirror)].filter(each => each !== undefined);
}

/** One that names no port stands for all of them. */
function leads(destination: JsonObject, namespace: string, { host, port }: Target): boolean {
  const named = number(object(destination.port)?.number);
  return fullHost(text(destination.host) ?? '', namespace) === host && (named === undefined || named === port);
}
