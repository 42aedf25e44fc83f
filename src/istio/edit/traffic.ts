/** Who goes where before and after some writes, match by match: the table of a card, and what the proof must see. */
import type { Expectation, TrafficRow } from '../../change/plan.ts';
import { type JsonObject, type KubeObject, refKey, refOf } from '../../object.ts';
import type { Write } from '../../ports.ts';
import { shortHost } from '../hosts.ts';
import { routesOf, versionOf } from '../route/describe.ts';
import { hostsOf } from '../route/mesh.ts';
import type { World } from '../world.ts';
import { SECTIONS } from './inforce.ts';
import { placesOf } from './places.ts';
import { objectOf, objectsOf } from './read.ts';
import { entryOf, type Service, serviceFor, versionOfHost } from './service.ts';
import { sharesOf } from './weights.ts';

interface Flow {
  match: string;
  /** Destination in words → percent. */
  shares: Map<string, number>;
  /** Version → percent; only destinations that stand for a version of the service. */
  versions: Map<string, number>;
  /** Percent that goes to the service without saying which version. */
  spread: number;
}

export interface Traffic {
  rows: TrafficRow[];
  /** What the first match that changes gives each version after, over all of its requests that reach the service. */
  expected: Pick<Expectation, 'shares' | 'spread'>;
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
  const [was, is] = [byMatch(then), byMatch(now)];
  for (const match of matches) {
    const from = was.get(match)?.shares ?? new Map<string, number>();
    const to = is.get(match)?.shares ?? new Map<string, number>();
    for (const destination of new Set([...from.keys(), ...to.keys()])) {
      rows.push({ match, destination, before: from.get(destination) ?? 0, after: to.get(destination) ?? 0 });
    }
  }
  const moved = rows.find(row => row.before !== row.after)?.match;
  const flow = now.find(each => each.match === moved) ?? now.at(-1);
  return { rows: kept(rows), expected: flow ? expectedOf(flow) : { shares: {} } };
}

/** Rows of matches where nothing moves, kept to be compared with; a plan is stored whole, so they must end somewhere. */
const STILL = 50;

function kept(rows: TrafficRow[]): TrafficRow[] {
  const moving = new Set(rows.filter(row => row.before !== row.after).map(row => row.match));
  let still = 0;
  return rows.filter(row => moving.has(row.match) || still++ < STILL);
}

/** The first of each, as routes are asked in order. */
function byMatch(flows: Flow[]): Map<string, Flow> {
  return new Map(flows.map((flow): [string, Flow] => [flow.match, flow]).reverse());
}

/** What goes to other services is seen by no proof, so the rest counts as the whole. */
function expectedOf({ versions, spread }: Flow): Traffic['expected'] {
  const here = [...versions.values()].reduce((sum, share) => sum + share, spread);
  // Rounded shares sum to 99.9 at times; that is no other service.
  const whole = here > 0 && here < 99 ? 100 / here : 1;
  return {
    shares: Object.fromEntries([...versions].map(([version, share]) => [version, share * whole])),
    ...(spread > 0 && { spread: spread * whole }),
  };
}

function flowsOf(world: World, fqdn: string, reader: string, root: KubeObject | undefined): Flow[] {
  const service = serviceFor(world, fqdn);
  // The mesh's HTTP routing is asked of the one function that decides it; gateways' and TCP routes are read off.
  const rows = routesOf(world, fqdn);
  const isDelegate = root !== undefined && hostsOf(root).length === 0;
  const isHttp = root?.spec?.tcp === undefined && root?.spec?.tls === undefined;
  const decides =
    isHttp && rows.some(row => row.virtualService && root && refKey(row.virtualService) === refKey(refOf(root)));
  if (root === undefined || isDelegate || decides) {
    return rows
      .filter(row => row.dead === undefined)
      .map(row => flow(row.match, row.instead, row.destinations, { world, service, fqdn, reader }));
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
      return flow(place.says, instead, destinations, { world, service, fqdn, reader });
    });
}

function flow(
  match: string,
  instead: string | undefined,
  destinations: { host: string; subset?: string; version?: string; share: number }[],
  { world, service, fqdn, reader }: { world: World; service: Service | undefined; fqdn: string; reader: string },
): Flow {
  const found: Flow = { match, shares: new Map(), versions: new Map(), spread: 0 };
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
