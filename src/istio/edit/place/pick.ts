/** Which VirtualService, and which of its routes, a person means. What is not clear is asked, never guessed. */
import type { KubeObject } from '../../../object.ts';
import { refKey, refOf } from '../../../object.ts';
import type { Phrase } from '../../../view.ts';
import { gatewaysOf } from '../../route/mesh.ts';
import type { World } from '../../world.ts';
import { type Choose, type Refused, refuse } from '../outcome.ts';
import { objectsOf } from '../read.ts';
import { type Service, versionOfHost } from '../service/service.ts';
import { destinationHost, gatewayRouting, meshRouting } from './inforce.ts';
import { saysMatch } from './match.ts';
import { keyOf, type Place, pathOf, placesOf } from './places.ts';

export interface Lane {
  kind: 'lane';
  /** Absent: no VirtualService routes the service yet. */
  root?: KubeObject;
  /** Only requests that come through a gateway. */
  gateway: boolean;
  notes: Phrase[];
}

/** `wanted`: the name, or `name.namespace`, of the VirtualService that is meant. */
export function pickLane(world: World, service: Service, wanted: string | undefined): Lane | Choose | Refused {
  const mesh = meshRouting(world, service.fqdn);
  const inMesh = [mesh.inForce, mesh.elsewhere].filter(object => object !== undefined);
  const atGateways = gatewayRouting(world, service.fqdn).filter(object => !inMesh.includes(object));
  const all = [...inMesh, ...atGateways];
  const notes: Phrase[] = [
    ...mesh.shadowed.map(object => [code(object), ' names the same host but is not in force.']),
    ...mesh.privately.map(object => ['Clients for whom ', code(object), ' is private go by that one and do not move.']),
  ];
  const lane = (root: KubeObject): Lane => ({
    kind: 'lane',
    root,
    gateway: atGateways.includes(root),
    notes: [
      ...notes,
      ...atGateways
        .filter(object => object !== root)
        .map(object => ['Requests that come through a gateway by ', code(object), ' do not move.']),
      ...(atGateways.includes(root) ? ['Requests from inside the mesh do not move.'] : []),
    ],
  });
  if (wanted !== undefined) {
    const exactly = all.filter(object => nameOf(object) === wanted);
    const found = exactly.length > 0 ? exactly : all.filter(object => object.metadata.name === wanted);
    if (found.length > 1) return which(service, found);
    if (found[0]) return lane(found[0]);
    const names = all.map(nameOf).join(', ');
    return refuse(
      'virtual-service-unknown',
      `Service/${service.namespace}/${service.name}`,
      `No VirtualService ${wanted} is in force for ${service.name}.`,
      names === '' ? 'Leave --in out: one will be created.' : `Say --in with one of: ${names}.`,
    );
  }
  if (all.length === 0) return { kind: 'lane', gateway: false, notes };
  if (all.length === 1) return lane(all[0]!);
  return which(service, all);
}

function which(service: Service, all: KubeObject[]): Choose {
  return {
    kind: 'choose',
    argument: 'in',
    question: [`More than one VirtualService routes ${service.name}. Which one is meant?`],
    choices: all.map(object => ({ value: nameOf(object), label: `${nameOf(object)}: ${reachOf(object)}` })),
  };
}

/** The one that is named or matched; else the catch-all; else the only one that sends to the service. */
export function pickPlace(
  world: World,
  service: Service,
  lane: Lane & { root: KubeObject },
  wanted: { route?: string | undefined; match?: string | undefined },
): { kind: 'place'; place: Place; all: Place[] } | Choose | Refused {
  const all = placesOf(world, lane.root);
  const path = refKey(refOf(lane.root));
  if (wanted.route !== undefined) {
    const { route } = wanted;
    const named = all.filter(place => place.name === route);
    const found = named.length > 0 ? named : all.filter(place => keyOf(place, all) === route);
    return one(found, all, path, `No route of it is called ${route}.`);
  }
  if (wanted.match !== undefined) {
    const { match } = wanted;
    const found = all.filter(place => saysMatch(place.effective, place.section, match));
    return one(found, all, path, `No route of it matches on ${match}.`);
  }
  const reached = all.filter(place => place.reachable);
  const serving = reached.filter(place => place.leads === 'destinations' && serves(world, service, place));
  // A gateway's VirtualService, and one for many hosts, have routes that are not this service's business.
  const meant = serving.length > 0 ? serving : reached.filter(place => place.leads === 'destinations');
  const scope = lane.gateway ? serving : reached;
  const catchAlls = scope.filter(place => place.catchAll);
  if (catchAlls.length === 1) return { kind: 'place', place: catchAlls[0]!, all };
  if (catchAlls.length > 1) return one(catchAlls, all, path, '');
  return one(meant, all, path, 'None of its routes sends requests to a destination.');
}

function one(found: Place[], all: Place[], path: string, none: string): ReturnType<typeof pickPlace> {
  if (found.length === 1) {
    const place = found[0]!;
    return place.reachable ? { kind: 'place', place, all } : unreachable(place);
  }
  if (found.length === 0) {
    const keys = all.filter(place => place.leads === 'destinations').map(place => `"${keyOf(place, all)}"`);
    return refuse(
      'route-unknown',
      path,
      none,
      keys.length > 0 ? `Its routes: ${keys.join(', ')}. Say which with --route.` : 'Give it a route first.',
    );
  }
  return {
    kind: 'choose',
    argument: 'route',
    question: ['More than one route could be meant. Which one?'],
    choices: found.map(place => {
      const key = keyOf(place, all);
      return { value: key, label: key === place.says ? key : `${key}: ${place.says}` };
    }),
  };
}

function unreachable(place: Place): Refused {
  return refuse(
    'route-unreachable',
    pathOf(place),
    `No request ever reaches the route for ${place.says}: a route before it takes every request.`,
    'Move it before the catch-all first.',
  );
}

/** Whether it sends to the service, by whichever host. */
export function serves(world: World, service: Service, place: Place): boolean {
  return objectsOf(place.route.route).some(entry => {
    const host = destinationHost(entry, place.object.metadata.namespace ?? '');
    return host === service.fqdn || versionOfHost(world, service, host) !== undefined;
  });
}

function reachOf(object: KubeObject): string {
  const gateways = gatewaysOf(object);
  const outside = gateways.filter(gateway => gateway !== 'mesh').map(gateway => gateway.split('/').pop());
  const inside = gateways.includes('mesh') ? ['requests from inside the mesh'] : [];
  return [...inside, ...(outside.length > 0 ? [`requests through ${outside.join(', ')}`] : [])].join(' and ');
}

function nameOf(object: KubeObject): string {
  return `${object.metadata.name}.${object.metadata.namespace ?? ''}`;
}

function code(object: KubeObject): { code: string } {
  return { code: refKey(refOf(object)) };
}
