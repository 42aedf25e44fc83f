/** The question everything is built on: given the World, where does this request go? */
import type { World } from '../world.ts';
import { act, plain } from './action.ts';
import type { Decision } from './decision.ts';
import { egressOf } from './egress.ts';
import { routeAtGateway } from './gateway.ts';
import { matchable, matches } from './match.ts';
import type { MeshRequest, SidecarClient } from './request.ts';
import type { MeshService } from './services.ts';
import { findService } from './services.ts';
import { spokenFor } from './virtual-host.ts';

/**
 * Pure. What the proxy of `request.from` does with the request: the VirtualService that wins, its first matching
 * route, the clusters that route names. Policies on who may call whom (AuthorizationPolicy, mTLS) are not asked.
 */
export function route(world: World, request: MeshRequest): Decision {
  const { from } = request;
  return from.kind === 'gateway' ? routeAtGateway(world, request, from) : routeInMesh(world, request, from);
}

function routeInMesh(world: World, request: MeshRequest, client: SidecarClient): Decision {
  const egress = egressOf(world, client, request.port);
  const { host, service, virtualService, entries } = spokenFor(world, client, request.host, request.port, egress);
  if (virtualService) {
    const seen = matchable(request);
    const taken = entries.find(({ match }) => !match || matches(match, seen));
    if (taken) return act(world, taken, request, request.port);
    const { namespace, name } = virtualService.metadata;
    const why = `no route of VirtualService ${namespace}/${name} matches ${request.path}`;
    return { kind: 'none', status: 404, flag: 'NR', why };
  }
  if (service) return plain(world, service, request);
  return unknownHost(request, host, findService(world, host, client.namespace), egress.unknown);
}

function unknownHost(
  request: MeshRequest,
  host: string,
  service: MeshService | undefined,
  mode: 'ALLOW_ANY' | 'REGISTRY_ONLY',
): Decision {
  const port = request.port;
  const why = !service
    ? `${host} is not known to the mesh`
    : service.ports.some(each => each.number === port)
      ? `a Sidecar keeps ${host} from this client`
      : `${host} has no port ${port}`;
  if (mode === 'ALLOW_ANY')
    return { kind: 'passthrough', host, port, why: `${why}, and unknown hosts are let through` };
  return { kind: 'none', status: 502, flag: '-', why: `${why}, and only known hosts may be called (REGISTRY_ONLY)` };
}
