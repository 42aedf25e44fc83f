/** How a route's destinations say a version, and how a new one is written beside them. */
import type { JsonObject } from '../../../object.ts';
import { shortHost } from '../../hosts.ts';
import type { World } from '../../world.ts';
import { type Refused, refuse } from '../outcome.ts';
import { objectOf } from '../read.ts';
import {
  type Entry,
  entryOf,
  hostOfVersion,
  knownVersions,
  type Needed,
  type Service,
  subsetOf,
  versionOfHost,
} from '../service/service.ts';
import type { Part } from './spread.ts';

export interface RouteContext {
  world: World;
  service: Service;
  /** Where short host names of this route resolve. */
  namespace: string;
  /** Names the route, for findings. */
  path: string;
  /** Namespace of the reader, for names. */
  reader: string;
}

/** How a destination says the version: by subset, or by a host of its own. */
export interface Address {
  host: string;
  subset?: string;
  needs?: Needed;
}

/** Follows the route's own manner: hosts per version where it has such, subsets elsewhere. */
export function addressOf(version: string, listed: Part[], context: RouteContext): Address | Refused {
  const { world, service, path } = context;
  const byHost = listed.find(entry => versionOfHost(world, service, entry.host) === version);
  if (byHost) return { host: byHost.host, ...(byHost.subset !== undefined && { subset: byHost.subset }) };
  if (listed.some(entry => versionOfHost(world, service, entry.host) !== undefined)) {
    const host = hostOfVersion(world, service, version);
    if (host) return { host };
  }
  const needs = subsetOf(service, version);
  if (needs) return { host: service.fqdn, subset: needs.name, needs };
  const known = knownVersions(service);
  return refuse(
    'version-unknown',
    path,
    `${service.name} has no version ${version}: no subset is called so and no pod carries it as its version label.`,
    known.length > 0 ? `Versions of ${service.name}: ${known.join(', ')}.` : `Deploy ${version} first.`,
  );
}

export function sameAddress(entry: Entry, address: Address): boolean {
  return entry.host === address.host && entry.subset === address.subset;
}

/** Spelled as its siblings are: host as they write it, the port that they name, and nothing else of theirs. */
export function newcomer(parts: Part[], target: Address, context: RouteContext): Part {
  const sibling = parts.find(part => part.host === target.host) ?? parts[0];
  const spelled = objectOf(sibling?.json.destination);
  const short = typeof spelled.host === 'string' && !spelled.host.includes('.');
  const host =
    sibling?.host === target.host && typeof spelled.host === 'string'
      ? spelled.host
      : short
        ? shortName(target.host, context.namespace)
        : target.host;
  const json: JsonObject = {
    destination: {
      host,
      ...(target.subset !== undefined && { subset: target.subset }),
      ...(spelled.port !== undefined && { port: spelled.port }),
    },
  };
  return {
    ...entryOf(json, context.namespace),
    share: 0,
    isNew: true,
    ...(target.needs && { needs: target.needs }),
  };
}

/** A name without dots is only short for its own namespace's service. */
function shortName(host: string, namespace: string): string {
  const short = shortHost(host, namespace);
  return short.includes('.') ? host : short;
}
