/**
 * Services that the VirtualService of one service routes too. A change of a route that takes their requests as well
 * would send these to pods of another service, so it is refused, except where the route does that already.
 */
import { isDeepStrictEqual } from 'node:util';
import { type JsonObject, type KubeObject, refKey, refOf } from '../../../object.ts';
import { fullHost, serviceOf, shortHost } from '../../hosts.ts';
import { hostsOf } from '../../route/mesh.ts';
import { covers as coversHost } from '../../route/patterns.ts';
import { findService } from '../../route/services.ts';
import type { World } from '../../world.ts';
import { type Refused, refuse } from '../outcome.ts';
import { objectsOf, stringOf, stringsOf } from '../read.ts';
import { blocksOf } from '../route/aim.ts';
import { entryOf, type Service, versionOfHost } from '../service/service.ts';
import { serviceAt } from '../service/versions.ts';
import { sharesOf } from '../share/weights.ts';
import { both, covers, excludes } from './cover.ts';
import { meshRouting } from './inforce.ts';
import { type Place, pathOf } from './places.ts';

/** Services that are named; nobody reads more. */
const NAMED = 5;

/** For a route of the mesh: what a gateway routes has hosts that are no services. `all`: places of the same root. */
export function refuseStrangers(
  world: World,
  service: Service,
  place: Place,
  all: Place[],
  reader: string,
): Refused | undefined {
  if (leadsHere(world, service, place)) return undefined;
  const { root } = place;
  const taken = candidates(world, root).filter(
    host => !isSame(world, service, host) && isInForce(world, root, host) && takes(world, place, all, host),
  );
  if (taken.length === 0) return undefined;
  const name = shortHost(service.fqdn, reader);
  const named = taken.slice(0, NAMED).map(host => shortHost(host, reader));
  const others = [...named, ...(taken.length > NAMED ? [`${taken.length - NAMED} more`] : [])].join(', ');
  const path = refKey(refOf(root));
  const listed = hostsOf(root).includes(service.fqdn) ? `, and take ${name} out of the hosts of ${path}` : '';
  return refuse(
    'hosts-shared',
    pathOf(place),
    `${path} routes ${others} too, and the route for ${place.says} takes their requests: these would go to ${name} as well.`,
    `Give ${name} a VirtualService of its own${listed}; then try again.`,
  );
}

/** Whether all its requests go to the service now, by whichever host: then those of others do, too. */
function leadsHere(world: World, service: Service, place: Place): boolean {
  const namespace = place.object.metadata.namespace ?? '';
  const entries = objectsOf(place.route.route).map(json => entryOf(json, namespace));
  const shares = sharesOf(entries.map(entry => entry.weight));
  return (
    entries.length > 0 &&
    entries.every(
      ({ host }, index) =>
        shares[index] === 0 || isSame(world, service, host) || versionOfHost(world, service, host) !== undefined,
    )
  );
}

/** Another name for the pods of the service: the same selector, or an ExternalName that leads to it. */
function isSame(world: World, service: Service, host: string): boolean {
  if (host === service.fqdn) return true;
  const [own, other] = [serviceAt(world, service.fqdn), serviceAt(world, host)];
  if (!own || !other) return false;
  const { spec, metadata } = other.object;
  if (spec?.type === 'ExternalName') {
    return fullHost(stringOf(spec.externalName) ?? '', metadata.namespace ?? '') === service.fqdn;
  }
  const hasPods = metadata.namespace === service.namespace && Object.keys(own.selector).length > 0;
  return hasPods && isDeepStrictEqual(own.selector, other.selector);
}

/** Hosts of the Services that its hosts name or cover. */
function candidates(world: World, root: KubeObject): string[] {
  const found = hostsOf(root).flatMap(host => (host.startsWith('*') ? covered(world, host) : [host]));
  return [...new Set(found)].filter(host => serviceAt(world, host) !== undefined);
}

function covered(world: World, pattern: string): string[] {
  // `*.shop.svc.cluster.local` is of one namespace; a shorter one may be of any.
  const namespace = serviceOf(pattern)?.namespace;
  const services = namespace === undefined ? world.all('Service') : world.inNamespace('Service', namespace);
  return services
    .map(({ metadata }) => fullHost(metadata.name, metadata.namespace ?? ''))
    .filter(host => coversHost(pattern, host));
}

function isInForce(world: World, root: KubeObject, host: string): boolean {
  const { inForce, elsewhere } = meshRouting(world, host);
  return [inForce, elsewhere].some(object => object && refKey(refOf(object)) === refKey(refOf(root)));
}

/** Whether some request to the host, under a name that clients use for it, falls under the route. */
function takes(world: World, place: Place, all: Place[], host: string): boolean {
  const ports = findService(world, host, serviceOf(host)?.namespace ?? '')?.ports ?? [];
  const before = all.slice(0, all.indexOf(place)).filter(each => each.section === place.section && each.reachable);
  return blocksOf(place).some(block => {
    if (typeof block.port === 'number' && !ports.some(({ number }) => number === block.port)) return false;
    if (place.section !== 'http') return place.section === 'tcp' || hasName(block, host);
    return namesOf(host).some(name => {
      const asked: JsonObject = { authority: { exact: name } };
      if (excludes(block, asked)) return false;
      const meant = both(block, asked) ?? { ...block, ...asked };
      return !before.some(each => blocksOf(each).some(wide => covers(wide, meant)));
    });
  });
}

/** https://istio.io/latest/docs/reference/config/networking/virtual-service/#TLSMatchAttributes */
function hasName(block: JsonObject, host: string): boolean {
  const wanted = stringsOf(block.sniHosts);
  return wanted.length === 0 || namesOf(host).some(name => wanted.some(each => coversHost(each.toLowerCase(), name)));
}

/** What clients may write for a Service. */
function namesOf(host: string): string[] {
  const { name = '', namespace = '' } = serviceOf(host) ?? {};
  return [name, `${name}.${namespace}`, `${name}.${namespace}.svc`, host];
}
