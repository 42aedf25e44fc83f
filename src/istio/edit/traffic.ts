/** Who goes where before and after some writes, match by match: the table of a card, and what the proof must see. */
import type { TrafficRow } from '../../change/plan.ts';
import { type JsonObject, type KubeObject, refKey, refOf } from '../../object.ts';
import type { Write } from '../../ports.ts';
import { shortHost } from '../hosts.ts';
import { routesOf, versionOf } from '../route/describe.ts';
import { hostsOf } from '../route/mesh.ts';
import type { World } from '../world.ts';
import { SECTIONS } from './inforce.ts';
import { placesOf } from './places.ts';
import { objectOf, objectsOf } from './read.ts';
import { entryOf } from './service.ts';
import { sharesOf } from './weights.ts';

interface Flow {
  match: string;
  /** Destination in words → percent. */
  shares: Map<string, number>;
  /** Version → percent; only destinations of the service whose version is known. */
  versions: Map<string, number>;
}

export interface Traffic {
  rows: TrafficRow[];
  /** Shares by version after, of the first match that changes. */
  shares: Record<string, number>;
}

/** `root`: the VirtualService meant; without one the Service itself routes, or its host's VirtualService in the mesh. */
export function trafficOf(
  before: World,
  after: World,
  fqdn: string,
  reader: string,
  root: { before?: KubeObject | undefined; after?: KubeObject | undefined },
): Traffic {
  const then = flowsOf(before, fqdn, reader, root.before);
  const now = flowsOf(after, fqdn, reader, root.after);
  const rows: TrafficRow[] = [];
  const matches = [...new Set([...now, ...then].map(flow => flow.match))];
  for (const match of matches) {
    const from = then.find(flow => flow.match === match)?.shares ?? new Map<string, number>();
    const to = now.find(flow => flow.match === match)?.shares ?? new Map<string, number>();
    for (const destination of new Set([...from.keys(), ...to.keys()])) {
      rows.push({ match, destination, before: from.get(destination) ?? 0, after: to.get(destination) ?? 0 });
    }
  }
  const moved = rows.find(row => row.before !== row.after)?.match;
  const flow = now.find(each => each.match === moved) ?? now.at(-1);
  return { rows, shares: Object.fromEntries(flow?.versions ?? []) };
}

function flowsOf(world: World, fqdn: string, reader: string, root: KubeObject | undefined): Flow[] {
  // The mesh's HTTP routing is asked of the one function that decides it; gateways' and TCP routes are read off.
  const rows = routesOf(world, fqdn);
  const isDelegate = root !== undefined && hostsOf(root).length === 0;
  const isHttp = root?.spec?.tcp === undefined && root?.spec?.tls === undefined;
  const decides =
    isHttp && rows.some(row => row.virtualService && root && refKey(row.virtualService) === refKey(refOf(root)));
  if (root === undefined || isDelegate || decides) {
    return rows
      .filter(row => row.dead === undefined)
      .map(row => flow(row.match, row.instead, row.destinations, fqdn, reader));
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
      return flow(place.says, instead, destinations, fqdn, reader);
    });
}

function flow(
  match: string,
  instead: string | undefined,
  destinations: { host: string; subset?: string; version?: string; share: number }[],
  fqdn: string,
  reader: string,
): Flow {
  const found: Flow = { match, shares: new Map(), versions: new Map() };
  if (instead !== undefined) add(found.shares, instead, 100);
  for (const { host, subset, version, share } of destinations) {
    const name = shortHost(host, reader);
    const own = host === fqdn;
    const label = own ? `${name} ${version ?? subset ?? '(any version)'}` : subset ? `${name} ${subset}` : name;
    add(found.shares, label, share);
    const counted = version ?? (own ? undefined : name);
    if (counted !== undefined) add(found.versions, counted, share);
  }
  return found;
}

function add(map: Map<string, number>, key: string, share: number): void {
  map.set(key, (map.get(key) ?? 0) + Math.round(share * 10) / 10);
}

/** The VirtualService of a write's kind and name, as it is in `world`. */
export function virtualServiceIn(world: World, object: KubeObject): KubeObject | undefined {
  return world.get('VirtualService', object.metadata.namespace ?? '', object.metadata.name);
}

export function hasFault(route: unknown): boolean {
  return objectOf(route).fault !== undefined;
}

/** All routes that the VirtualServices of some writes will have. */
export function routesOfWrites(writes: Write[]): JsonObject[] {
  return writes.flatMap(({ after }) => SECTIONS.flatMap(section => objectsOf(after?.spec?.[section])));
}
