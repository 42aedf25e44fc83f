/** Where the requests of each route go in one world, and where copies of them go. */
import { type JsonObject, type KubeObject, type ObjectRef, refKey, refOf } from '../../../object.ts';
import { shortHost } from '../../hosts.ts';
import { routesOf, versionOf } from '../../route/describe.ts';
import { hostsOf } from '../../route/mesh.ts';
import type { World } from '../../world.ts';
import { mirrorsOf } from '../mirror/mirrors.ts';
import { type Place, placesOf } from '../place/places.ts';
import { objectsOf } from '../read.ts';
import { entryOf, labelOf, type Service, serviceFor, versionOfHost } from '../service/service.ts';
import { sharesOf } from '../share/weights.ts';

export interface Flow {
  match: string;
  catchAll: boolean;
  /** Alternatives of its match; one empty one where it takes everything, none where they are not known. */
  blocks: JsonObject[];
  /** Destination in words → percent. */
  shares: Map<string, number>;
  /** Version → percent; only destinations that stand for a version of the service. */
  versions: Map<string, number>;
  /** Percent that goes to the service without saying which version. */
  spread: number;
  /** Destination in words → percent of the requests that are copied to it. */
  copies: Map<string, number>;
  /** The same by version of the service. */
  copied: Map<string, number>;
}

/** `root`: the VirtualService meant; without one the Service itself routes, or its host's VirtualService in the mesh. */
export function flowsOf(world: World, fqdn: string, reader: string, root: KubeObject | undefined): Flow[] {
  const service = serviceFor(world, fqdn);
  // The mesh's HTTP routing is asked of the one function that decides it; gateways' and TCP routes are read off.
  const rows = routesOf(world, fqdn);
  const isDelegate = root !== undefined && hostsOf(root).length === 0;
  const isHttp = root?.spec?.tcp === undefined && root?.spec?.tls === undefined;
  const decides =
    isHttp && rows.some(row => row.virtualService && root && refKey(row.virtualService) === refKey(refOf(root)));
  if (root === undefined || isDelegate || decides) {
    const places = placesIn(world, rows[0]?.virtualService);
    return rows
      .filter(row => row.dead === undefined)
      .map(row => flow(row, places.get(row.match), row.destinations, { world, service, fqdn, reader }));
  }
  return placesOf(world, root)
    .filter(place => place.reachable)
    .map(place => {
      const entries = objectsOf(place.route.route).map(json => entryOf(json, place.object.metadata.namespace ?? ''));
      const shares = sharesOf(entries.map(entry => entry.weight));
      const destinations = entries.map(({ host, subset }, index) => {
        const version = versionOf(world, host, subset);
        return { host, share: shares[index]!, ...(version !== undefined && { version }) };
      });
      const instead = place.leads === 'destinations' ? undefined : place.leads;
      const row = { match: place.says, catchAll: place.catchAll, ...(instead !== undefined && { instead }) };
      return flow(row, place, destinations, { world, service, fqdn, reader });
    });
}

/** The HTTP routes that are reached, by their matches in words. */
function placesIn(world: World, ref: ObjectRef | undefined): Map<string, Place> {
  const object = ref && world.get(ref.kind, ref.namespace, ref.name);
  const places = object ? placesOf(world, object) : [];
  const live = places.filter(place => place.reachable && place.section === 'http');
  return new Map(live.map((place): [string, Place] => [place.says, place]).reverse());
}

function flow(
  { match, catchAll, instead }: { match: string; catchAll: boolean; instead?: string },
  place: Place | undefined,
  destinations: { host: string; subset?: string; version?: string; share: number }[],
  { world, service, fqdn, reader }: { world: World; service: Service | undefined; fqdn: string; reader: string },
): Flow {
  const found: Flow = {
    match,
    catchAll,
    blocks: catchAll ? [{}] : objectsOf(place?.effective.match),
    shares: new Map(),
    versions: new Map(),
    spread: 0,
    copies: new Map(),
    copied: new Map(),
  };
  if (instead !== undefined) add(found.shares, instead, 100);
  for (const { host, subset, version, share } of destinations) {
    const name = shortHost(host, reader);
    const own = host === fqdn;
    const label = own ? `${name} ${version ?? subset ?? '(any version)'}` : subset ? `${name} ${subset}` : name;
    add(found.shares, label, share);
    const its = own ? version : service && versionOfHost(world, service, host);
    if (its !== undefined) add(found.versions, own ? its : (version ?? its), share);
    else if (own) found.spread += share;
  }
  for (const { entry, percent } of place ? mirrorsOf(place) : []) {
    const own = entry.host === fqdn;
    const its = own ? versionOf(world, entry.host, entry.subset) : service && versionOfHost(world, service, entry.host);
    const name = shortHost(entry.host, reader);
    add(found.copies, own ? `${name} ${its ?? entry.subset ?? '(any version)'}` : labelOf(entry, reader), percent);
    if (its !== undefined) add(found.copied, its, percent);
  }
  return found;
}

function add(map: Map<string, number>, key: string, share: number): void {
  map.set(key, (map.get(key) ?? 0) + Math.round(share * 10) / 10);
}
