/** `route --remove`: takes one route away, and nothing else. Its requests fall to the next one that takes them. */
import { type JsonObject, type KubeObject, refKey, refOf } from '../../../object.ts';
import type { Phrase } from '../../../view.ts';
import type { World } from '../../world.ts';
import { type Choose, type Refused, refuse } from '../outcome.ts';
import { covers, sameBlock } from '../place/cover.ts';
import { hopOf } from '../place/hop.ts';
import { pickLane } from '../place/pick.ts';
import { keyOf, type Place, pathOf, placesOf } from '../place/places.ts';
import { sampleOf } from '../place/sample.ts';
import { staying } from '../place/staying.ts';
import { objectOf, objectsOf } from '../read.ts';
import { findHttp } from '../service/found.ts';
import { changed } from '../writes.ts';
import { blocksOf } from './aim.ts';
import type { Routed } from './route.ts';

export interface UnrouteRequest {
  fqdn: string;
  /** By what the requests must meet, or by the route's name. */
  by: { block: JsonObject } | { route: string };
  in?: string | undefined;
  reader: string;
}

export function planUnroute(world: World, request: UnrouteRequest): Routed | Choose | Refused {
  const found = findHttp(world, request.fqdn, 'routed by what is in its requests');
  if (found.kind !== 'found') return found;
  const lane = pickLane(world, found.service, request.in);
  if (lane.kind !== 'lane') return lane;
  const { root } = lane;
  const all = root ? placesOf(world, root).filter(place => place.section === 'http') : [];
  const meant = all.filter(place => isMeant(place, request));
  const [place, ...others] = meant;
  if (!root || !place) return unknown(root, all, request.fqdn);
  if (others.length > 0) {
    const path = refKey(refOf(root));
    return refuse('route-ambiguous', path, 'More than one route of it is that one.', 'Name one with --route.');
  }
  if (place.catchAll || place.object.spec?.http === undefined || objectsOf(place.object.spec.http).length < 2) {
    return refuse(
      'route-last',
      pathOf(place),
      `Without the route for ${place.says} its requests would have none.`,
      'Send them elsewhere with `shift`, or `undo` the change that made it.',
    );
  }
  const left = without(place, request);
  if (!left) {
    const message = `The route for ${place.says} takes other requests too, by the VirtualService that delegates to it.`;
    return refuse('route-delegated', pathOf(place), message, 'Name it with --route to take all of it away.');
  }
  const writes = [changed(place.object, left)];
  const next = all.find(
    each =>
      each !== place &&
      each.reachable &&
      blocksOf(place).every(block => blocksOf(each).some(wide => covers(wide, block))),
  );
  const notes: Phrase[] = next ? [] : [`No other route takes all requests where ${place.says}: some may get 404.`];
  return {
    kind: 'edit',
    writes,
    notes: [...notes, ...staying(place, all, request.reader), ...lane.notes],
    findings: [],
    says: place.says,
    // What fell under it shows where such requests go now.
    sample: sampleOf(place, all),
    hop: hopOf(place, all),
    root,
    route: place.route,
    alsoServes: [],
  };
}

function isMeant(place: Place, { by }: UnrouteRequest): boolean {
  if ('route' in by) return place.name === by.route;
  return !place.catchAll && blocksOf(place).some(block => sameBlock(block, by.block));
}

/** One alternative of several goes alone. undefined: it is the parent's, and stands for more in the delegate. */
function without(place: Place, { by }: UnrouteRequest): JsonObject | undefined {
  const spec = objectOf(place.object.spec);
  const routes = spec.http as JsonObject[];
  if ('route' in by || blocksOf(place).length === 1) return { ...spec, http: routes.toSpliced(place.index, 1) };
  const own = objectsOf(place.route.match);
  const match = own.filter(block => !sameBlock(block, by.block));
  if (match.length === 0 || match.length === own.length) return undefined;
  return { ...spec, http: routes.with(place.index, { ...place.route, match }) };
}

function unknown(root: KubeObject | undefined, all: Place[], fqdn: string): Refused {
  const keys = all.filter(place => !place.catchAll).map(place => `"${keyOf(place, all)}"`);
  return refuse(
    'route-unknown',
    root ? refKey(refOf(root)) : fqdn,
    'There is no such route.',
    keys.length > 0 ? `Routes with a match: ${keys.join(', ')}.` : 'It has no route with a match.',
  );
}
