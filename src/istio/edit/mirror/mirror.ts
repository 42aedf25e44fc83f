/** `mirror`: copies of a route's requests to one version, beside the answers that people get. Edits the form that is there. */
import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../../object.ts';
import type { Phrase } from '../../../view.ts';
import { shortHost } from '../../hosts.ts';
import type { World } from '../../world.ts';
import { ALL_REQUESTS, type Edit, finish, finishFirst } from '../finish.ts';
import { type Choose, type Nothing, type Refused, refuse } from '../outcome.ts';
import { hopOf } from '../place/hop.ts';
import { type Lane, pickLane, pickPlace } from '../place/pick.ts';
import { type Place, pathOf } from '../place/places.ts';
import { sampleOf } from '../place/sample.ts';
import { objectOf, objectsOf } from '../read.ts';
import { partsOf, withHttp } from '../route/reroute.ts';
import { findHttp } from '../service/found.ts';
import type { Needed, Service } from '../service/service.ts';
import { readyPods } from '../service/versions.ts';
import { addressOf, newcomer } from '../share/address.ts';
import type { Part } from '../share/spread.ts';
import { freeName, type Manifests } from '../writes.ts';
import { copiesOff, copiesTo } from './form.ts';

export interface MirrorRequest {
  fqdn: string;
  /** Absent: no copies any more. */
  to?: { version: string; percent: number };
  route?: string | undefined;
  match?: string | undefined;
  in?: string | undefined;
  /** Names without a namespace are read by somebody of this one. */
  reader: string;
}

export function planMirror(
  world: World,
  templates: Manifests,
  request: MirrorRequest,
): Edit | Choose | Refused | Nothing {
  const found = findHttp(world, request.fqdn, 'copied request by request');
  if (found.kind !== 'found') return found;
  const { service } = found;
  const lane = pickLane(world, service, request.in);
  if (lane.kind !== 'lane') return lane;
  const { root } = lane;
  if (!root) return create(world, templates, service, request, lane);
  const picked = pickPlace(world, service, { ...lane, root }, request);
  if (picked.kind !== 'place') return picked;
  const { place, all } = picked;
  if (place.section !== 'http' || place.leads !== 'destinations') {
    const message = `The route for ${place.says} sends no HTTP requests to a destination: there is nothing to copy.`;
    return refuse('route-has-no-destination', pathOf(place), message, 'Choose another route with --route.');
  }
  const namespace = place.object.metadata.namespace ?? '';
  const parts = partsOf(objectsOf(place.route.route), namespace);
  const made = edited(world, service, request, {
    route: place.route,
    effective: place.effective,
    parts,
    namespace,
    path: pathOf(place),
  });
  if (made.kind !== 'made') return made;
  if (isDeepStrictEqual(made.route, place.route)) return nothing(request, place);
  return finish(
    { world, templates, service, lane: { ...lane, root }, reader: request.reader },
    {
      object: place.object,
      spec: withHttp(place.object, routes => routes.with(place.index, made.route)),
      ...{ needs: made.needs, notes: made.notes, near: place, meant: place, all },
      theirs: request.to && 'are copied as well',
      seen: { says: place.says, sample: sampleOf(place, all), hop: hopOf(place, all) },
    },
  );
}

interface Made {
  kind: 'made';
  route: JsonObject;
  needs: Needed[];
  notes: Phrase[];
}

interface At {
  route: JsonObject;
  effective: JsonObject;
  parts: Part[];
  namespace: string;
  path: string;
}

function edited(world: World, service: Service, request: MirrorRequest, at: At): Made | Refused {
  const { route, path, namespace, parts } = at;
  if (!request.to) {
    const left = copiesOff(route);
    const inherits = at.effective.mirror !== undefined || objectsOf(at.effective.mirrors).length > 0;
    if (isDeepStrictEqual(left, route) && inherits) {
      const fix = 'Take the mirror away there.';
      return refuse('mirror-inherited', path, 'Its mirror is that of the VirtualService that delegates to it.', fix);
    }
    return { kind: 'made', route: left, needs: [], notes: [] };
  }
  const { version, percent } = request.to;
  const context = { world, service, namespace, path, reader: request.reader };
  const target = addressOf(version, parts, context);
  if ('kind' in target) return target;
  if (target.subset === undefined && readyPods(world, target.host).length === 0) {
    const message = `No pod of ${shortHost(target.host, request.reader)} is Ready: copies would reach nobody.`;
    return refuse('mirror-empty', path, message, `Deploy ${version}, or wait until a pod of it is Ready.`);
  }
  const spelled = objectOf(newcomer(parts, target, context).json.destination);
  const copied = copiesTo(route, { address: target, spelled, percent, namespace, path });
  if (copied.kind !== 'copied') return copied;
  const share = parts
    .filter(part => part.host === target.host && part.subset === target.subset)
    .reduce((sum, part) => sum + part.share, 0);
  return {
    kind: 'made',
    route: copied.route,
    needs: target.needs ? [target.needs] : [],
    notes: [...copied.notes, ...burden(request.to, share)],
  };
}

/** What people forget about copies. */
function burden({ version, percent }: { version: string; percent: number }, share: number): Phrase[] {
  const more = percent === 100 ? 'Its load doubles' : `Its load grows by ${percent} %`;
  return [
    `The answers to copies are thrown away: nobody gets an answer of ${version} because of this.`,
    `${more}, and so may that of all it calls: copies write, pay and send mail as any other request does.`,
    ...(share > 0
      ? [`${version} has ${Math.round(share)} % of these requests itself, and gets copies of them too.`]
      : []),
  ];
}

/** Nothing routes the service yet: a VirtualService of its own leaves the requests to the Service, and copies them. */
function create(
  world: World,
  templates: Manifests,
  service: Service,
  request: MirrorRequest,
  lane: Lane,
): Edit | Refused | Nothing {
  if (!request.to) return nothing(request, { says: 'all requests' });
  const path = `Service/${service.namespace}/${service.name}`;
  const rest: JsonObject = { destination: { host: service.name } };
  const object = templates.fill('virtual-service', {
    name: freeName(world, 'VirtualService', service.namespace, service.name),
    namespace: service.namespace,
    host: service.name,
    route: [rest],
  });
  const route = objectsOf(object.spec?.http).at(-1) ?? {};
  const parts = partsOf([rest], service.namespace);
  const made = edited(world, service, request, { route, effective: route, parts, namespace: service.namespace, path });
  if (made.kind !== 'made') return made;
  const { needs, notes } = made;
  return finishFirst(
    { world, templates, service, lane, reader: request.reader },
    {
      object: { ...object, spec: withHttp(object, routes => [...routes.slice(0, -1), made.route]) },
      ...{ needs, notes, seen: ALL_REQUESTS },
      rest: 'The requests themselves stay with the Service.',
    },
  );
}

function nothing({ to, fqdn, reader }: MirrorRequest, { says }: Pick<Place, 'says'>): Nothing {
  const name = { code: shortHost(fqdn, reader) };
  if (!to) return { kind: 'nothing', why: [`No copies of ${says} of `, name, ' are sent.'] };
  return { kind: 'nothing', why: [`${to.version} gets copies of ${to.percent} % of ${says} of `, name, ' already.'] };
}
