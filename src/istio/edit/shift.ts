/** `shift`: a share of a service's requests to one version. Edits what is there, and creates what is missing. */
import type { JsonObject } from '../../object.ts';
import { shortHost } from '../hosts.ts';
import type { World } from '../world.ts';
import { ALL_REQUESTS, type Edit, finish, finishFirst } from './finish.ts';
import { type Choose, type Nothing, type Refused, refuse } from './outcome.ts';
import { hopOf } from './place/hop.ts';
import { type Lane, pickLane, pickPlace } from './place/pick.ts';
import { type Place, pathOf } from './place/places.ts';
import { sampleOf } from './place/sample.ts';
import { objectOf, objectsOf, stringOf } from './read.ts';
import { type Service, serviceFor } from './service/service.ts';
import { isLayer4 } from './service/versions.ts';
import { moveShare, type Wish } from './share/move.ts';
import type { Manifests } from './writes.ts';
import { freeName } from './writes.ts';

export interface ShiftRequest extends Wish {
  fqdn: string;
  /** Name of a route, or what `keyOf` gives for one without. */
  route?: string | undefined;
  /** A condition of the route's match, in words: `end-user = jason`, `/products`. */
  match?: string | undefined;
  /** The VirtualService meant, where several route the service. */
  in?: string | undefined;
  /** Names without a namespace are read by somebody of this one. */
  reader: string;
}

export function planShift(
  world: World,
  templates: Manifests,
  request: ShiftRequest,
): Edit | Choose | Refused | Nothing {
  const service = serviceFor(world, request.fqdn);
  if (!service) {
    return refuse(
      'service-missing',
      request.fqdn,
      `There is no Service ${request.fqdn}.`,
      'Check its name and namespace.',
    );
  }
  const lane = pickLane(world, service, request.in);
  if (lane.kind !== 'lane') return lane;
  const { root } = lane;
  if (!root) return create(world, templates, service, request, lane);
  const picked = pickPlace(world, service, { ...lane, root }, request);
  if (picked.kind !== 'place') return picked;
  return edit(world, templates, service, request, lane, picked.place, picked.all);
}

function edit(
  world: World,
  templates: Manifests,
  service: Service,
  request: ShiftRequest,
  lane: Lane,
  place: Place,
  all: Place[],
): Edit | Choose | Refused | Nothing {
  const refused = mustNot(place);
  if (refused) return refused;
  const namespace = place.object.metadata.namespace ?? '';
  const path = pathOf(place);
  const context = { world, service, namespace, path, reader: request.reader };
  const listed = objectsOf(place.route.route);
  const moved = moveShare(listed, request, context);
  if (moved.kind !== 'moved') return moved;
  if (!moved.changed) return nothing(request, service, place);
  return finish(
    { world, templates, service, lane: { ...lane, root: place.root }, reader: request.reader },
    {
      object: place.object,
      spec: withRoute(place, moved.route),
      ...{ needs: moved.needs, notes: moved.notes, near: place, meant: place, all, theirs: 'move as well' },
      seen: { says: place.says, sample: sampleOf(place, all), hop: hopOf(place, all) },
    },
  );
}

/** Nothing routes the service yet: from now on a VirtualService of its own does, with the rest on subsets too. */
function create(
  world: World,
  templates: Manifests,
  service: Service,
  request: ShiftRequest,
  lane: Lane,
): Edit | Choose | Refused {
  const path = `Service/${service.namespace}/${service.name}`;
  const context = { world, service, namespace: service.namespace, path, reader: request.reader };
  const moved = moveShare([{ destination: { host: service.name } }], request, context);
  if (moved.kind !== 'moved') return moved;
  const object = templates.fill(isLayer4(world, service.fqdn) ? 'virtual-service-tcp' : 'virtual-service', {
    name: freeName(world, 'VirtualService', service.namespace, service.name),
    namespace: service.namespace,
    host: service.name,
    route: moved.route,
  });
  const { needs, notes } = moved;
  return finishFirst(
    { world, templates, service, lane, reader: request.reader },
    { object, needs, notes, seen: ALL_REQUESTS },
  );
}

/** Redirects and direct answers send nothing anywhere; a delegate that Istio does not follow is not followed here either. */
function mustNot(place: Place): Refused | undefined {
  const path = pathOf(place);
  if (place.leads === 'redirect' || place.leads === 'directResponse') {
    const does = place.leads === 'redirect' ? 'redirects' : 'answers by itself';
    return refuse(
      'route-has-no-destination',
      path,
      `The route for ${place.says} ${does}: there is no traffic to shift.`,
      'Choose another route with --route, or give this one destinations first.',
    );
  }
  if (place.leads === 'delegate') {
    const { name, namespace } = objectOf(place.route.delegate);
    const child = `${stringOf(namespace) ?? place.object.metadata.namespace ?? ''}/${stringOf(name) ?? '?'}`;
    return refuse(
      'delegate-missing',
      path,
      `The route for ${place.says} is delegated to VirtualService ${child}, which is not there, or names hosts, or is not exported to it: Istio drops the route.`,
      `Create VirtualService ${child} without hosts, or choose another route with --route.`,
    );
  }
  return undefined;
}

function withRoute(place: Place, route: JsonObject[]): JsonObject {
  const spec = objectOf(place.object.spec);
  const routes = Array.isArray(spec[place.section]) ? (spec[place.section] as JsonObject[]) : [];
  return { ...spec, [place.section]: routes.map((each, index) => (index === place.index ? { ...each, route } : each)) };
}

function nothing(request: ShiftRequest, service: Service, place: Place): Nothing {
  const name = shortHost(service.fqdn, request.reader);
  return {
    kind: 'nothing',
    why: [`${request.version} of `, { code: name }, ` already gets ${request.percent} % of ${place.says}.`],
  };
}
