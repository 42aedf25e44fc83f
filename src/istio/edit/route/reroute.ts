/** The edit of one VirtualService that gives some requests a route: a new one, or another destination for theirs. */
import type { JsonObject, KubeObject } from '../../../object.ts';
import { refKey, refOf } from '../../../object.ts';
import type { Phrase } from '../../../view.ts';
import { shortHost } from '../../hosts.ts';
import type { World } from '../../world.ts';
import { type Choose, type Nothing, type Refused, refuse } from '../outcome.ts';
import { type Place, pathOf } from '../place/places.ts';
import { objectOf, objectsOf } from '../read.ts';
import { entryOf, type Needed, type Service } from '../service/service.ts';
import { addressOf, newcomer, sameAddress } from '../share/address.ts';
import { moveShare } from '../share/move.ts';
import type { Part } from '../share/spread.ts';
import { sharesOf } from '../share/weights.ts';
import type { Aim } from './aim.ts';
import { freeRouteName } from './names.ts';
import type { RouteRequest } from './request.ts';

export interface Edited {
  kind: 'edited';
  object: KubeObject;
  spec: JsonObject;
  /** Of the route that the requests have then. */
  match: JsonObject[];
  needs: Needed[];
  notes: Phrase[];
}

/** The route is there: another destination, and all else as it is. */
export function redirect(
  world: World,
  service: Service,
  request: RouteRequest,
  place: Place,
): Edited | Choose | Refused | Nothing {
  const path = pathOf(place);
  if (place.leads !== 'destinations') {
    return refuse(
      'route-has-no-destination',
      path,
      `The route for ${place.says} sends nothing anywhere: it redirects, answers by itself or delegates.`,
      'Take it away first: `route … --remove`.',
    );
  }
  const namespace = place.object.metadata.namespace ?? '';
  const context = { world, service, namespace, path, reader: request.reader };
  const listed = objectsOf(place.route.route);
  const parts = partsOf(listed, namespace);
  const target = addressOf(request.version, parts, context);
  if ('kind' in target) return target;
  const [only, ...others] = parts;
  const spec = (route: JsonObject[]) =>
    withHttp(place.object, routes => routes.with(place.index, { ...routes[place.index], route }));
  const match = objectsOf(place.effective.match);
  if (only && others.length === 0) {
    if (sameAddress(only, target)) return already(request, place.says);
    const { destination } = newcomer(parts, target, context).json;
    const route = [{ ...only.json, destination: destination! }];
    return {
      kind: 'edited',
      object: place.object,
      spec: spec(route),
      match,
      needs: target.needs ? [target.needs] : [],
      notes: [],
    };
  }
  const moved = moveShare(listed, { version: request.version, percent: 100 }, context);
  if (moved.kind !== 'moved') return moved;
  if (!moved.changed) return already(request, place.says);
  return {
    kind: 'edited',
    object: place.object,
    spec: spec(moved.route),
    match,
    needs: moved.needs,
    notes: moved.notes,
  };
}

/** A route that differs from the one it stands before in its match and its destination only. */
export function add(
  world: World,
  service: Service,
  request: RouteRequest,
  to: Extract<Aim, { kind: 'new' }>,
  all: Place[],
): Edited | Refused {
  const { object, index, match, near } = to;
  const namespace = object.metadata.namespace ?? '';
  const context = {
    world,
    service,
    namespace,
    path: `${refKey(refOf(object))} spec.http[${index}]`,
    reader: request.reader,
  };
  const listed = near?.leads === 'destinations' ? [near] : all;
  const parts = listed.flatMap(place => partsOf(objectsOf(place.route.route), place.object.metadata.namespace ?? ''));
  const target = addressOf(request.version, parts, context);
  if ('kind' in target) return target;
  const kept = keptOf(near, object);
  const route: JsonObject = {
    name: freeRouteName(all, match),
    match,
    ...kept,
    route: [newcomer(parts, target, context).json],
  };
  const named = Object.keys(kept);
  return {
    kind: 'edited',
    object,
    spec: withHttp(object, routes => routes.toSpliced(index, 0, route)),
    match,
    needs: target.needs ? [target.needs] : [],
    notes:
      near && named.length > 0
        ? [[`It has what the route for ${near.says} has: `, { code: named.join(', ') }, '.']]
        : [],
  };
}

/** What a new route takes over from the one that had its requests: everything but which requests, and where to. */
function keptOf(near: Place | undefined, object: KubeObject): JsonObject {
  if (near?.leads !== 'destinations') return {};
  const from = near.object === object ? near.route : near.effective;
  const { name: _, match: __, route: ___, ...kept } = from;
  return structuredClone(kept);
}

export function partsOf(listed: JsonObject[], namespace: string): Part[] {
  const entries = listed.map(json => entryOf(json, namespace));
  const shares = sharesOf(entries.map(entry => entry.weight));
  return entries.map((entry, index) => ({ ...entry, share: shares[index]!, isNew: false }));
}

/** The spec with other HTTP routes. */
export function withHttp(object: KubeObject, change: (routes: JsonObject[]) => JsonObject[]): JsonObject {
  const spec = objectOf(object.spec);
  return { ...spec, http: change(Array.isArray(spec.http) ? (spec.http as JsonObject[]) : []) };
}

function already(request: RouteRequest, says: string): Nothing {
  const name = shortHost(request.fqdn, request.reader);
  return {
    kind: 'nothing',
    why: ['All requests of ', { code: name }, ` where ${says} go to ${request.version} already.`],
  };
}
