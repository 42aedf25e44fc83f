/** Gives one version a share of a route's requests: the weighted destinations before → after. All else stays as it is. */
import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../object.ts';
import type { Phrase } from '../../view.ts';
import { shortHost } from '../hosts.ts';
import type { World } from '../world.ts';
import { type Choose, type Refused, refuse } from './outcome.ts';
import { objectOf } from './read.ts';
import {
  type Entry,
  entryOf,
  hostOfVersion,
  knownVersions,
  labelOf,
  type Needed,
  type Service,
  subsetOf,
  versionOfHost,
} from './service.ts';
import { type Part, reachesAll, spread } from './spread.ts';
import { apportion, sharesOf } from './weights.ts';

export interface Wish {
  version: string;
  /** 0–100, integer. */
  percent: number;
  /** The version that takes all the rest; without it the others keep their proportions. */
  rest?: string;
}

export interface Moved {
  kind: 'moved';
  route: JsonObject[];
  changed: boolean;
  notes: Phrase[];
  /** Subsets that the destinations name, those that no rule has yet among them. */
  needs: Needed[];
}

export interface MoveContext {
  world: World;
  service: Service;
  /** Where short host names of this route resolve. */
  namespace: string;
  /** Names the route, for findings. */
  path: string;
  /** Namespace of the reader, for names. */
  reader: string;
}

export function moveShare(route: JsonObject[], wish: Wish, context: MoveContext): Moved | Choose | Refused {
  const { service, path, reader } = context;
  const entries = route.map(json => entryOf(json, context.namespace));
  const shares = sharesOf(entries.map(entry => entry.weight));
  const listed = entries.map((entry, index): Part => ({ ...entry, share: shares[index]!, isNew: false }));
  const target = addressOf(wish.version, listed, context);
  if ('kind' in target) return target;

  const split = target.subset === undefined ? keep(listed) : spread(listed, service, path, reader);
  if (split.kind === 'refused') return split;
  const placed = place(split.parts, target, wish.percent, context);
  if ('kind' in placed) return placed;
  const shared = shareRest(placed, target, wish, context);
  if ('kind' in shared) return shared;

  const after = shared.parts.filter((part, index) => !part.isNew || shared.weights[index]! > 0);
  const weights = shared.weights.filter((weight, index) => !shared.parts[index]!.isNew || weight > 0);
  const written = after.map((part, index) => withWeight(part, weights[index]!, after.length));
  return {
    kind: 'moved',
    route: written,
    changed: !isDeepStrictEqual(written, route),
    notes: [...split.notes, ...normalised(entries), ...givers(shared.parts, shared.weights, target, reader)],
    needs: after.flatMap(part => part.needs ?? []),
  };
}

/** How a destination says the version: by subset, or by a host of its own. */
interface Address {
  host: string;
  subset?: string;
  needs?: Needed;
}

/** Follows the route's own manner: hosts per version where it has such, subsets elsewhere. */
function addressOf(version: string, listed: Part[], context: MoveContext): Address | Refused {
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

function sameAddress(entry: Entry, address: Address): boolean {
  return entry.host === address.host && entry.subset === address.subset;
}

function keep(parts: Part[]): { kind: 'spread'; parts: Part[]; notes: Phrase[] } {
  return { kind: 'spread', parts, notes: [] };
}

/** The version's destination among the others, put at the end where the route has none. */
function place(parts: Part[], target: Address, percent: number, context: MoveContext): Part[] | Refused {
  const there = parts.filter(part => sameAddress(part, target));
  if (new Set(there.map(part => part.port)).size > 1) {
    return refuse(
      'destination-ambiguous',
      context.path,
      `The route sends to ${labelOf(there[0]!, context.reader)} on more than one port.`,
      'Give each port a route of its own, then shift that one with --route.',
    );
  }
  if (there.length > 0 || percent === 0) return parts;
  return [...parts, newcomer(parts, target, context)];
}

/** Spelled as its siblings are: host as they write it, the port that they name, and nothing else of theirs. */
function newcomer(parts: Part[], target: Address, context: MoveContext): Part {
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

function shareRest(
  parts: Part[],
  target: Address,
  wish: Wish,
  context: MoveContext,
): { parts: Part[]; weights: number[] } | Choose | Refused {
  const at = parts.findIndex(part => sameAddress(part, target));
  const left = 100 - wish.percent;
  const rest = restOf(parts, target, wish, context);
  if ('kind' in rest) return rest;
  const split = apportion(
    left,
    rest.parts.map((part, index) => (index === at || sameAddress(part, target) ? 0 : rest.shares[index]!)),
  );
  return { parts: rest.parts, weights: split.map((weight, index) => (index === at ? wish.percent : weight)) };
}

/** Who takes what the version does not: the others in proportion, or the one that was named, or the only one there is. */
function restOf(
  parts: Part[],
  target: Address,
  wish: Wish,
  context: MoveContext,
): { parts: Part[]; shares: number[] } | Choose | Refused {
  const { service, path } = context;
  const isOther = (part: Part) => !sameAddress(part, target);
  const shares = parts.map(part => (isOther(part) ? part.share : 0));
  const open = wish.percent < 100 && shares.every(share => share === 0);
  // A destination without a subset would send its part to the version as well.
  const takers = parts.filter(part => isOther(part) && !(reachesAll(part, service) && target.subset !== undefined));
  const only = takers.length === 1 && open && wish.rest === undefined ? takers[0] : undefined;
  if (only) return { parts, shares: parts.map(part => (part === only ? 1 : 0)) };
  if (wish.rest === undefined && !open) return { parts, shares };
  const others = knownVersions(service).filter(version => {
    const address = addressOf(version, parts, context);
    return !('kind' in address) && !(address.host === target.host && address.subset === target.subset);
  });
  const rest = wish.rest ?? (others.length === 1 ? others[0] : undefined);
  if (rest === undefined && others.length > 1) {
    return {
      kind: 'choose',
      argument: 'rest',
      question: [`${wish.version} has everything now. Who takes the other ${100 - wish.percent} %?`],
      choices: others.map(version => ({ value: version, label: version })),
    };
  }
  const address = rest === undefined ? undefined : addressOf(rest, parts, context);
  if (address && 'kind' in address) return address;
  if (!address || (address.host === target.host && address.subset === target.subset)) {
    return refuse(
      'nowhere-for-the-rest',
      path,
      `${wish.version} is the only version of ${service.name}, so the other ${100 - wish.percent} % have nowhere to go.`,
      'Deploy another version first, or shift 100 %.',
    );
  }
  const listed = parts.some(part => sameAddress(part, address)) ? parts : [...parts, newcomer(parts, address, context)];
  const first = listed.findIndex(part => sameAddress(part, address));
  return { parts: listed, shares: listed.map((_, index) => (index === first ? 1 : 0)) };
}

/** Touches the weight only where it says something else: an absent one is 0, and everything where it stands alone. */
function withWeight(part: Part, weight: number, of: number): JsonObject {
  const says = part.weight ?? (of === 1 ? 100 : 0);
  // One that gave all up says so: without a weight it would look as it did before.
  const isSilent = part.weight === undefined && of > 1 && part.share > 0;
  return says === weight && !isSilent ? part.json : { ...part.json, weight };
}

function normalised(entries: Entry[]): Phrase[] {
  const total = entries.reduce((all, entry) => all + (entry.weight ?? 0), 0);
  if (entries.length < 2 || total === 100) return [];
  return [`The weights summed to ${total}, which Istio reads as proportions; they now sum to 100.`];
}

/** Said where more than one destination gives way. */
function givers(parts: Part[], weights: number[], target: Address, reader: string): Phrase[] {
  const others = parts
    .map((part, index) => ({ part, weight: weights[index]! }))
    .filter(({ part, weight }) => !sameAddress(part, target) && (part.share > 0 || weight > 0));
  if (others.length < 2 || others.every(({ part, weight }) => part.share === weight)) return [];
  const said = others.map(({ part, weight }) => `${labelOf(part, reader)} ${percent(part.share)} → ${weight} %`);
  return [`The others share the rest in proportion: ${said.join(', ')}.`];
}

function percent(share: number): string {
  return `${Math.round(share * 10) / 10}`;
}
