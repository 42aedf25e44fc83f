/** `route`: requests that meet some conditions to one version, by a route of their own before the one that takes them now. */

import { type JsonObject, type KubeObject, refKey, refOf } from '../../../object.ts';
import type { Finding } from '../../../plan.ts';
import type { Write } from '../../../ports.ts';
import { Overlay } from '../../overlay.ts';
import { matchWords } from '../../route/words.ts';
import type { World } from '../../world.ts';
import { type Edit, finish, finishFirst, type Seen } from '../finish.ts';
import { type Choose, type Nothing, type Refused, refuse } from '../outcome.ts';
import { sameMatch } from '../place/cover.ts';
import { hopOf } from '../place/hop.ts';
import { type Lane, pickLane } from '../place/pick.ts';
import { placesOf } from '../place/places.ts';
import { sampleOf } from '../place/sample.ts';
import { objectsOf } from '../read.ts';
import { findHttp } from '../service/found.ts';
import type { Service } from '../service/service.ts';
import { addressOf, newcomer } from '../share/address.ts';
import { changed, created, freeName, type Manifests } from '../writes.ts';
import { aim } from './aim.ts';
import { freeRouteName } from './names.ts';
import type { RouteRequest } from './request.ts';
import { add, partsOf, redirect, withHttp } from './reroute.ts';

/** An edit, and what of it people should think about. */
export interface Routed extends Edit {
  findings: Finding[];
}

export function planRoute(
  world: World,
  templates: Manifests,
  request: RouteRequest,
): Routed | Choose | Refused | Nothing {
  const found = findHttp(world, request.fqdn, 'routed by what is in its requests');
  if (found.kind !== 'found') return found;
  const { service } = found;
  const lane = pickLane(world, service, request.in);
  if (lane.kind !== 'lane') return lane;
  const { root } = lane;
  if (!root) return create(world, templates, service, request, lane);
  const all = placesOf(world, root).filter(place => place.section === 'http');
  if (all.length === 0) {
    const path = refKey(refOf(root));
    return refuse('route-not-http', path, `${path} has no HTTP route.`, 'Give it an `http` section first.');
  }
  if (lane.gateway && request.block.sourceLabels !== undefined) {
    const path = refKey(refOf(root));
    const message = 'Requests that come through a gateway are not told apart by the workload that sent them.';
    return refuse('source-at-gateway', path, message, 'Leave --from out, or route a service behind the gateway.');
  }
  const aimed = aim(world, service, { ...lane, root }, all, request.block);
  if (aimed.kind === 'refused') return aimed;
  const edited =
    aimed.kind === 'there' ? redirect(world, service, request, aimed.place) : add(world, service, request, aimed, all);
  if (edited.kind !== 'edited') return edited;

  const write = changed(edited.object, edited.spec);
  const there = aimed.kind === 'there' ? aimed.place : undefined;
  const made = finish(
    { world, templates, service, lane: { ...lane, root }, reader: request.reader },
    {
      ...{ object: edited.object, spec: edited.spec, needs: edited.needs, notes: edited.notes, all },
      ...{ near: aimed.kind === 'new' ? aimed.near : there, meant: there, theirs: 'move as well' },
      seen: seen(world, write, root, edited.match),
    },
  );
  return made.kind === 'edit' ? { ...made, findings: aimed.kind === 'new' ? aimed.findings : [] } : made;
}

/** Nothing routes the service yet: a VirtualService of its own does, which leaves all other requests to the Service. */
function create(
  world: World,
  templates: Manifests,
  service: Service,
  request: RouteRequest,
  lane: Lane,
): Routed | Refused {
  const path = `Service/${service.namespace}/${service.name}`;
  const context = { world, service, namespace: service.namespace, path, reader: request.reader };
  const rest: JsonObject = { destination: { host: service.name } };
  const parts = partsOf([rest], service.namespace);
  const target = addressOf(request.version, parts, context);
  if ('kind' in target) return target;
  const object = templates.fill('virtual-service', {
    name: freeName(world, 'VirtualService', service.namespace, service.name),
    namespace: service.namespace,
    host: service.name,
    route: [rest],
  });
  const match = [request.block];
  const route = { name: freeRouteName([], match), match, route: [newcomer(parts, target, context).json] };
  const made = { ...object, spec: withHttp(object, routes => [route, ...routes]) };
  const first = finishFirst(
    { world, templates, service, lane, reader: request.reader },
    {
      object: made,
      needs: target.needs ? [target.needs] : [],
      notes: [],
      rest: 'All other requests stay with the Service.',
      seen: seen(world, created(made), made, match),
    },
  );
  return { ...first, findings: [] };
}

/** The route as clients will see it: in words, and what a probe must carry. */
function seen(world: World, write: Write, root: KubeObject, match: JsonObject[]): Seen {
  const after = new Overlay(world, [write]);
  const { kind, metadata } = root;
  const all = placesOf(after, after.get(kind, metadata.namespace ?? '', metadata.name) ?? root);
  const place = all.find(each => each.reachable && sameMatch(objectsOf(each.effective.match), match));
  return {
    says: place?.says ?? matchWords({ match }) ?? '',
    sample: place && sampleOf(place, all),
    hop: place && hopOf(place, all),
  };
}
