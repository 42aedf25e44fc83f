/** Where among the routes of a VirtualService a new one must stand, so that it gets the requests that are meant. */

import type { JsonObject, KubeObject } from '../../../object.ts';
import { refKey, refOf } from '../../../object.ts';
import type { Finding } from '../../../plan.ts';
import type { World } from '../../world.ts';
import { type Refused, refuse } from '../outcome.ts';
import { both, covers, excludes, sameMatch } from '../place/cover.ts';
import { type Lane, serves } from '../place/pick.ts';
import { keyOf, type Place, pathOf } from '../place/places.ts';
import { objectOf, objectsOf, stringOf } from '../read.ts';
import type { Service } from '../service/service.ts';

export type Aim =
  /** A route for exactly these requests is there. */
  | { kind: 'there'; place: Place }
  /** Before `near`, which takes them now; at the end of `object`, where none does. */
  | { kind: 'new'; object: KubeObject; index: number; match: JsonObject[]; near?: Place; findings: Finding[] };

/** `all`: the HTTP places of the lane's VirtualService. `block`: what is meant, as one block of a match. */
export function aim(
  world: World,
  service: Service,
  lane: Lane & { root: KubeObject },
  all: Place[],
  block: JsonObject,
): Aim | Refused {
  const open = all.filter(place => place.reachable);
  const near = open.find(place => takesAll(place, block));
  if (near) return before(near, [block], open);
  // No route takes all of them: where one sends some of them to the service, those are meant.
  const some = open.filter(place => !near && isShared(world, service, place, block));
  const [only, ...others] = some;
  if (others.length > 0) {
    const keys = some.map(place => `"${keyOf(place, all)}"`).join(', ');
    return refuse(
      'route-ambiguous',
      refKey(refOf(lane.root)),
      `More than one route takes some of these requests: ${keys}.`,
      'Say more of them, so that they fall under one: a --path, for example.',
    );
  }
  if (only) {
    const match = blocksOf(only).flatMap((each): JsonObject[] => {
      const joined = both(each, block);
      return joined ? [joined] : [];
    });
    return before(only, match, open);
  }
  if (lane.gateway) {
    return refuse(
      'route-not-open',
      refKey(refOf(lane.root)),
      'No route of it takes such requests, so a new one would open the service to the outside.',
      'Say requests that are let in already.',
    );
  }
  return {
    kind: 'new',
    object: lane.root,
    index: objectsOf(lane.root.spec?.http).length,
    match: [block],
    findings: [],
  };
}

/** Alternatives of a place's match; one that takes everything has a single empty one. */
export function blocksOf(place: Place): JsonObject[] {
  return place.catchAll ? [{}] : objectsOf(place.effective.match);
}

function takesAll(place: Place, block: JsonObject): boolean {
  return blocksOf(place).some(each => covers(each, block));
}

function isShared(world: World, service: Service, place: Place, block: JsonObject): boolean {
  if (place.leads !== 'destinations' || !serves(world, service, place)) return false;
  const blocks = blocksOf(place);
  // One that is narrower than what is meant keeps what it has.
  return !blocks.every(each => covers(block, each)) && blocks.some(each => both(each, block) !== undefined);
}

function before(near: Place, match: JsonObject[], open: Place[]): Aim {
  const there = open.find(place => !place.catchAll && isFor(place, match));
  if (there && open.indexOf(there) <= open.indexOf(near)) return { kind: 'there', place: there };
  return { kind: 'new', ...homeOf(near), match, near, findings: overlaps(near, match, open) };
}

/** Whether it is for these requests and no others, in whatever words: an alternative that another covers adds none. */
function isFor(place: Place, match: JsonObject[]): boolean {
  const blocks = blocksOf(place);
  if (sameMatch(blocks, match)) return true;
  const within = (inner: JsonObject[], outer: JsonObject[]) =>
    inner.every(each => outer.some(wide => covers(wide, each)));
  return within(blocks, match) && within(match, blocks);
}

/** In a delegate only where its parent asks for nothing: else the new match would have to fit under the parent's. */
function homeOf(near: Place): { object: KubeObject; index: number } {
  if (near.object === near.root) return { object: near.root, index: near.index };
  const parents = objectsOf(near.root.spec?.http);
  const { name, namespace } = near.object.metadata;
  const at = parents.findIndex(({ delegate }) => {
    const { name: named, namespace: of } = objectOf(delegate);
    return named === name && (stringOf(of) ?? near.root.metadata.namespace) === namespace;
  });
  if (objectsOf(parents[at]?.match).length === 0) return { object: near.object, index: near.index };
  return { object: near.root, index: at };
}

/** Routes before it that take some of its requests and are not simply narrower: nobody may expect that. */
function overlaps(near: Place, match: JsonObject[], open: Place[]): Finding[] {
  return open
    .slice(0, open.indexOf(near))
    .filter(place => {
      const blocks = blocksOf(place);
      const isNarrower = blocks.every(each => match.some(block => covers(block, each)));
      return !isNarrower && blocks.some(each => match.some(block => !excludes(each, block)));
    })
    .map(place => ({
      code: 'route-overlap',
      severity: 'warning' as const,
      path: pathOf(place),
      message: `Of these requests, those that also meet ${place.says} stay with the route before it.`,
      fix: 'Change that route too, if they are meant as well.',
    }));
}
