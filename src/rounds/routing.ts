/** Where each service's requests go, in a form short enough to be remembered, and what of it moved since. */
import { fullHost, shortHost } from '../istio/hosts.ts';
import { type RouteRow, routesOf } from '../istio/route/describe.ts';
import type { World } from '../istio/world.ts';
import { inSlices, type Pause } from './slices.ts';

/** By host, then by which requests: `{ 'all requests': 'v1 50 %, v3 50 %' }`. Services without a route are left out. */
export type Routing = Record<string, Record<string, string>>;

export interface Moved {
  host: string;
  /** Which requests; undefined: all of the service's routes came or went. */
  match?: string;
  before?: string;
  after?: string;
  /** Who else wrote to its routing since, where that was asked. */
  hands?: { manager: string; at?: number }[];
}

/** Characters of JSON; an object of the cluster holds little more than a million, and other things too. */
const MOST = 120_000;

/** `partial`: there were too many to be remembered; the services that come last are left out. */
export async function routingOf(world: World, pause: Pause): Promise<{ routing: Routing; partial: boolean }> {
  let size = 0;
  const told = await inSlices(hostsOf(world), pause, hosts =>
    size > MOST
      ? []
      : hosts.flatMap(host => {
          const rows = routesOf(world, host).filter(row => row.dead === undefined && row.virtualService !== undefined);
          if (rows.length === 0) return [];
          const goes = Object.fromEntries(rows.map(row => [row.match, wordsOf(row, host)]));
          size += host.length + JSON.stringify(goes).length + 4;
          return size > MOST ? [] : [[host, goes] as const];
        }),
  );
  return { routing: Object.fromEntries(told), partial: size > MOST };
}

/** What goes another way than it did. Where only a part is remembered, what is not is not compared. */
export function movedSince(before: Routing, after: Routing, partial = false): Moved[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((host): Moved[] => {
    const was = before[host];
    const is = after[host];
    if (!was || !is) return partial ? [] : [{ host, ...(is ? { after: summary(is) } : { before: summary(was!) }) }];
    return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((match): Moved[] => {
      if (was[match] === is[match]) return [];
      return [
        {
          host,
          match,
          ...(was[match] !== undefined && { before: was[match] }),
          ...(is[match] !== undefined && { after: is[match] }),
        },
      ];
    });
  });
}

function hostsOf(world: World): string[] {
  return world
    .all('Service')
    .map(({ metadata }) => fullHost(metadata.name, metadata.namespace ?? ''))
    .sort();
}

function summary(rows: Record<string, string>): string {
  const told = Object.entries(rows).map(([match, goes]) => (/^all /.test(match) ? goes : `${match}: ${goes}`));
  return told.join('; ');
}

function wordsOf({ destinations, instead }: RouteRow, host: string): string {
  if (instead !== undefined) return instead;
  const named = destinations.filter(({ share }) => share > 0);
  const told = named.map(each => {
    const version = each.version ?? each.subset;
    const label =
      each.host === host ? (version ?? 'any version') : [shortHost(each.host), version].filter(Boolean).join(' ');
    return named.length === 1 ? label : `${label} ${Math.round(each.share * 10) / 10} %`;
  });
  return told.join(', ') || 'nowhere';
}
