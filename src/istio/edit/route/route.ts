/** `route`: requests that meet some conditions to one version, by a route of their own before the one that takes them now. */

import { type JsonObject, type KubeObject, refKey, refOf } from '../../../object.ts';
import type { Finding } from '../../../plan.ts';
import type { Write } from '../../../ports.ts';
import type { Phrase } from '../../../view.ts';
import { Overlay } from '../../overlay.ts';
import { hostsOf } from '../../route/mesh.ts';
import { matchWords } from '../../route/words.ts';
import type { World } from '../../world.ts';
import { type Choose, type Nothing, type Refused, refuse } from '../outcome.ts';
import { sameMatch } from '../place/cover.ts';
import { type HopSample, hopOf } from '../place/hop.ts';
import { type Lane, pickLane } from '../place/pick.ts';
import { placesOf } from '../place/places.ts';
import { type Sample, sampleOf } from '../place/sample.ts';
import { staying } from '../place/staying.ts';
import { refuseStrangers } from '../place/strangers.ts';
import { objectsOf } from '../read.ts';
import { findHttp } from '../service/found.ts';
import { planSubsets } from '../service/rules.ts';
import type { Service } from '../service/service.ts';
import { addressOf, newcomer } from '../share/address.ts';
import { changed, created, freeName, type Manifests } from '../writes.ts';
import { aim } from './aim.ts';
import { freeRouteName } from './names.ts';
import { add, partsOf, redirect, withHttp } from './reroute.ts';

export interface RouteRequest {
  fqdn: string;
  version: string;
  /** What the requests must meet, as one block of a match: never empty. */
  block: JsonObject;
  /** The VirtualService meant, where several route the service. */
  in?: string | undefined;
  /** Names without a namespace are read by somebody of this one. */
  reader: string;
}

export interface Routed {
  kind: 'edit';
  /** DestinationRule before VirtualService: a subset must be there before a route names it. */
  writes: Write[];
  notes: Phrase[];
  findings: Finding[];
  /** The requests in words. */
  says: string;
  /** What a probe carries to fall under the route; undefined: none would. */
  sample: Sample | undefined;
  /** See Intent. */
  hop: HopSample | undefined;
  /** The VirtualService that clients see; absent: it is created. */
  root?: KubeObject;
  /** The route as it was, or the one that took the requests before; empty where none did. */
  route: JsonObject;
  /** Other hosts that the object routes too. */
  alsoServes: string[];
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

  const rules = planSubsets(world, templates, service, edited.needs);
  const writes = [...(rules.write ? [rules.write] : []), changed(edited.object, edited.spec)];
  const near = aimed.kind === 'there' ? aimed.place : aimed.near;
  const shared = near && !lane.gateway ? refuseStrangers(world, service, near, all, request.reader) : undefined;
  if (shared) return shared;
  const alsoServes = hostsOf(root).filter(host => host !== service.fqdn && !lane.gateway);
  return {
    kind: 'edit',
    writes,
    notes: [
      ...rules.notes,
      ...edited.notes,
      ...staying(aimed.kind === 'there' ? aimed.place : undefined, all, request.reader),
      ...(alsoServes.length > 0
        ? [[{ code: refKey(refOf(root)) }, ` routes ${alsoServes.join(', ')} too: their requests move as well.`]]
        : []),
      ...(edited.object === root
        ? []
        : [['The routes are delegated: ', { code: refKey(refOf(edited.object)) }, ' is what changes.']]),
      ...lane.notes,
    ],
    findings: aimed.kind === 'there' ? [] : aimed.findings,
    ...seen(world, writes, root, edited.match),
    root,
    route: near?.route ?? {},
    alsoServes,
  };
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
  const rules = planSubsets(world, templates, service, target.needs ? [target.needs] : []);
  const object = templates.fill('virtual-service', {
    name: freeName(world, 'VirtualService', service.namespace, service.name),
    namespace: service.namespace,
    host: service.name,
    route: [rest],
  });
  const match = [request.block];
  const route = { name: freeRouteName([], match), match, route: [newcomer(parts, target, context).json] };
  const made = { ...object, spec: withHttp(object, routes => [route, ...routes]) };
  const writes = [...(rules.write ? [rules.write] : []), created(made)];
  return {
    kind: 'edit',
    writes,
    notes: [
      [
        `No VirtualService routes ${service.name} yet: `,
        { code: refKey(refOf(object)) },
        ' is created. All other requests stay with the Service.',
      ],
      ...rules.notes,
      ...lane.notes,
    ],
    findings: [],
    ...seen(world, writes, made, match),
    route: {},
    alsoServes: [],
  };
}

/** The route as clients will see it: in words, and what a probe must carry. */
function seen(
  world: World,
  writes: Write[],
  root: KubeObject,
  match: JsonObject[],
): Pick<Routed, 'says' | 'sample' | 'hop'> {
  const after = new Overlay(world, writes);
  const { kind, metadata } = root;
  const all = placesOf(after, after.get(kind, metadata.namespace ?? '', metadata.name) ?? root);
  const place = all.find(each => each.reachable && sameMatch(objectsOf(each.effective.match), match));
  return {
    says: place?.says ?? matchWords({ match }) ?? '',
    sample: place && sampleOf(place, all),
    hop: place && hopOf(place, all),
  };
}
