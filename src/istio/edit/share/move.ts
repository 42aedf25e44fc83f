/** Gives one version a share of a route's requests: the weighted destinations before → after. All else stays as it is. */
import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../../object.ts';
import type { Phrase } from '../../../view.ts';
import { type Choose, type Refused, refuse } from '../outcome.ts';
import { entryOf, knownVersions, labelOf, type Needed } from '../service/service.ts';
import { type Address, addressOf, newcomer, type RouteContext, sameAddress } from './address.ts';
import { bareNewcomer, givers, normalised } from './givers.ts';
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

export function moveShare(route: JsonObject[], wish: Wish, context: RouteContext): Moved | Choose | Refused {
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
    notes: [
      ...split.notes,
      ...normalised(entries),
      ...givers(shared.parts, shared.weights, target, reader),
      ...bareNewcomer(after, target, reader),
    ],
    // One that the route listed without a share may never have had its subset.
    needs: after.flatMap((part, index) => {
      const needs = part.needs ?? (sameAddress(part, target) ? target.needs : undefined);
      return needs && weights[index]! > 0 ? [needs] : [];
    }),
  };
}

function keep(parts: Part[]): { kind: 'spread'; parts: Part[]; notes: Phrase[] } {
  return { kind: 'spread', parts, notes: [] };
}

/** The version's destination among the others, put at the end where the route has none. */
function place(parts: Part[], target: Address, percent: number, context: RouteContext): Part[] | Refused {
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

function shareRest(
  parts: Part[],
  target: Address,
  wish: Wish,
  context: RouteContext,
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
  context: RouteContext,
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
