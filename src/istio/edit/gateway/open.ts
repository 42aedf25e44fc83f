/** `gateway open` and `expose`: a host, or some paths of it, to a service, by a Gateway. */
import { type JsonObject, type KubeObject, refKey, refOf } from '../../../object.ts';
import type { Finding, Planning } from '../../../plan.ts';
import type { Write } from '../../../ports.ts';
import type { Phrase } from '../../../view.ts';
import { isLabel, shortHost } from '../../hosts.ts';
import { Overlay } from '../../overlay.ts';
import { isCatchAll } from '../../route/match.ts';
import { hostsOf } from '../../route/mesh.ts';
import { covers as coversHost } from '../../route/patterns.ts';
import { findService } from '../../route/services.ts';
import type { World } from '../../world.ts';
import { type Choose, type Nothing, type Refused, refuse } from '../outcome.ts';
import { conditionOf, isRefused } from '../place/condition.ts';
import { covers, sameMatch } from '../place/cover.ts';
import { meshRouting } from '../place/inforce.ts';
import { placesOf } from '../place/places.ts';
import type { Surroundings } from '../plan/plan.ts';
import { objectOf, objectsOf } from '../read.ts';
import { entryOf } from '../service/service.ts';
import { changed, created, freeName, type Manifests } from '../writes.ts';
import { type Door, doorFor, slugOf } from './door.ts';
import { boundTo } from './meant.ts';
import { planGateways } from './plan.ts';

export interface OpenRequest {
  /** As it was typed. */
  host: string;
  /** Fully qualified. */
  fqdn: string;
  port?: number | undefined;
  /** `/p`, `=/p`: that very path; `/p*`: all that begin so; `~regex`. None: every path. */
  paths: string[];
  gateway?: string | undefined;
  credential?: string | undefined;
}

export function planOpen(request: OpenRequest, surroundings: Surroundings, templates: Manifests): Planning {
  const { world, namespace } = surroundings;
  const host = request.host.toLowerCase();
  const fault = hostFault(host);
  if (fault) return fault;
  const target = targetOf(world, request, namespace);
  if (target.kind !== 'target') return target;
  const match = matchOf(request.paths, world, target.namespace);
  if (isRefused(match)) return match;
  const { gateway, credential } = request;
  const door = doorFor(world, templates, { host, credential, gateway, namespace: target.namespace, reader: namespace });
  if (door.kind !== 'door') return door;
  const route = routed(world, templates, { host, match, target, door });
  if (route.kind !== 'written') return route;
  const name = shortHost(request.fqdn, namespace);
  const where = request.paths.length === 0 ? '' : `, ${request.paths.map(path => path.replace(/^=/, '')).join(', ')}`;
  return planGateways(
    {
      title: `Open ${host === '*' ? 'any host' : host}${where} to ${name}`,
      writes: [...(door.write ? [door.write] : []), route.write],
      notes: [...door.notes, ...route.notes],
      findings: [...besidesMesh(world, request.fqdn, namespace), ...route.findings],
    },
    surroundings,
  );
}

/** Istio refuses short names at Gateways, and a wildcard anywhere but as the first label. */
function hostFault(host: string): Refused | undefined {
  const labels = host.replace(/^\*\./, '').split('.');
  if (host === '*' || (labels.length > 1 && labels.every(isLabel) && host.length <= 253)) return undefined;
  const fix = 'Write a whole name, `shop.example.com`, all names under one, `*.example.com`, or `*` for any.';
  return refuse('host-invalid', '', `${host} is no host that a Gateway can serve.`, fix);
}

interface Target {
  kind: 'target';
  fqdn: string;
  namespace: string;
  port: number;
}

function targetOf(world: World, { fqdn, port }: OpenRequest, reader: string): Target | Choose | Refused {
  const service = findService(world, fqdn, '');
  if (!service) return refuse('service-missing', fqdn, `There is no Service ${fqdn}.`, 'Check its name and namespace.');
  const name = shortHost(fqdn, reader);
  const http = service.ports.filter(each => each.http).map(({ number }) => number);
  const all = service.ports.map(({ number }) => number).join(', ');
  if (port !== undefined) {
    if (http.includes(port)) return { kind: 'target', fqdn, namespace: service.namespace, port };
    const isThere = service.ports.some(({ number }) => number === port);
    return isThere
      ? refuse(
          'port-not-http',
          fqdn,
          `Port ${port} of ${name} says that it speaks no HTTP.`,
          'Name it `http`, if it does.',
        )
      : refuse('port-missing', fqdn, `${name} has no port ${port}.`, `It has ${all}.`);
  }
  const [only, ...others] = http;
  if (only === undefined) {
    return refuse(
      'port-not-http',
      fqdn,
      `No port of ${name} speaks HTTP.`,
      `It has ${all}; name one \`http\`, if it does.`,
    );
  }
  if (others.length === 0) return { kind: 'target', fqdn, namespace: service.namespace, port: only };
  return {
    kind: 'choose',
    argument: 'service',
    question: [{ code: name }, ' has more than one port. To which one?'],
    choices: http.map(number => ({ value: `${name}:${number}`, label: `${name}:${number}` })),
  };
}

/** Alternatives of one match; none: every path. */
function matchOf(paths: string[], world: World, namespace: string): JsonObject[] | Refused {
  const blocks: JsonObject[] = [];
  for (const path of paths) {
    const block = conditionOf({ path: path.replace(/^=/, '') }, world, namespace);
    if (isRefused(block)) return block;
    blocks.push(block);
  }
  return blocks.some(isCatchAll) ? [] : blocks;
}

interface Written {
  kind: 'written';
  write: Write;
  notes: Phrase[];
  findings: Finding[];
}

interface Routing {
  host: string;
  match: JsonObject[];
  target: Target;
  door: Door;
}

/** As inside the mesh now, so that no version is shown to people outside that gets nothing there; else the service alone. */
function destinationsOf(world: World, { fqdn, namespace, port }: Target): JsonObject[] {
  const destination: JsonObject = { host: shortHost(fqdn, namespace), port: { number: port } };
  const shares = meshShares(world, fqdn);
  if (!shares) return [{ destination }];
  return shares.map(entry => {
    const { subset } = objectOf(entry.destination);
    return { ...entry, destination: { ...destination, ...(subset !== undefined && { subset }) } };
  });
}

/** The destinations of the route that takes all other requests inside the mesh, where all are the service's own. */
function meshShares(world: World, fqdn: string): JsonObject[] | undefined {
  const { inForce } = meshRouting(world, fqdn);
  const place = (inForce ? placesOf(world, inForce) : []).find(
    each => each.section === 'http' && each.catchAll && each.reachable && each.leads === 'destinations',
  );
  const entries = objectsOf(place?.route.route);
  const isOwn = entries.every(json => entryOf(json, place?.object.metadata.namespace ?? '').host === fqdn);
  return entries.length > 0 && isOwn ? structuredClone(entries) : undefined;
}

/** Into the VirtualService of just this host at that Gateway, where there is one; else into one of its own. */
function routed(world: World, templates: Manifests, routing: Routing): Written | Refused | Nothing {
  const { host, match, target, door } = routing;
  const [namespace = '', name = ''] = door.name.split('/');
  const gateway = new Overlay(world, door.write ? [door.write] : []).get('Gateway', namespace, name);
  const bound = gateway ? boundTo(world, gateway).filter(each => hostsOf(each).includes(host)) : [];
  const taken = bound.flatMap(object => clashes(object, routing));
  const clash = taken.find(each => each.kind === 'refused') ?? taken[0];
  if (clash) return clash;
  const own = bound.find(each => each.metadata.namespace === target.namespace && isForHostAlone(each));
  const route: JsonObject = {
    ...(match.length > 0 && { match }),
    route: destinationsOf(world, target),
  };
  if (own) {
    const routes = objectsOf(own.spec?.http);
    const http = match.length > 0 ? [route, ...routes] : [...routes, route];
    const notes: Phrase[] = [[{ code: refKey(refOf(own)) }, ' gets a route more, and keeps those that it has.']];
    return { kind: 'written', write: changed(own, { ...objectOf(own.spec), http }), notes, findings: [] };
  }
  const object = templates.fill('virtual-service-gateway', {
    name: freeName(world, 'VirtualService', target.namespace, nameFor(target, host)),
    namespace: target.namespace,
    host,
    gateway: namespace === target.namespace ? name : door.name,
    http: [route],
  });
  const notes: Phrase[] = [
    [{ code: refKey(refOf(object)) }, ' is created.'],
    ...bound.map((each): Phrase => [{ code: refKey(refOf(each)) }, ` routes ${host} too, and stays as it is.`]),
  ];
  const findings = gateway && bound.length === 0 ? narrowed(boundTo(world, gateway), routing) : [];
  return { kind: 'written', write: created(object), notes, findings };
}

/** A route more in one of several hosts, or of the mesh too, would route requests that nobody asked about. */
function isForHostAlone({ spec }: KubeObject): boolean {
  const { hosts, gateways } = objectOf(spec);
  return [hosts, gateways].every(list => Array.isArray(list) && list.length === 1);
}

/** `reviews-shop-example-com`; what begins with the service's name needs it no second time. */
function nameFor({ fqdn }: Target, host: string): string {
  const [service = ''] = fqdn.split('.');
  const slug = slugOf(host);
  return slug === service || slug.startsWith(`${service}-`) ? slug : `${service}-${slug}`;
}

/** A gateway looks at no wider host once a narrower one is served: what that one has no route for gets 404. */
function narrowed(bound: KubeObject[], { host, match }: Routing): Finding[] {
  return bound
    .filter(object => hostsOf(object).some(each => each !== host && coversHost(each, host)))
    .map(object => ({
      code: 'host-narrowed',
      severity: 'warning',
      path: refKey(refOf(object)),
      message: `Until now ${refKey(refOf(object))} takes requests for ${host}; from then on the new route alone does${match.length > 0 ? ', and other paths get 404' : ''}.`,
      fix:
        match.length > 0
          ? 'Say --path for each that is to be served.'
          : 'Make sure that nobody needs its routes under this host.',
    }));
}

/** Routes that take some of these requests already: to the same service nothing is to do, to another it is refused. */
function clashes(object: KubeObject, { match, target, host }: Routing): (Refused | Nothing)[] {
  const wanted = match.length > 0 ? match : [{}];
  return objectsOf(object.spec?.http).flatMap((route, index): (Refused | Nothing)[] => {
    const blocks = objectsOf(route.match).length > 0 ? objectsOf(route.match) : [{}];
    const isWider = wanted.some(block => blocks.some(wide => covers(wide, block)));
    if (!isWider && !sameMatch(blocks, wanted)) return [];
    // One that takes everything else stays behind the new route.
    if (match.length > 0 && blocks.some(isCatchAll)) return [];
    const hosts = objectsOf(route.route).map(json => entryOf(json, object.metadata.namespace ?? '').host);
    const path = `${refKey(refOf(object))} spec.http[${index}]`;
    const says = host === '*' ? 'any host' : host;
    if (hosts.length > 0 && hosts.every(each => each === target.fqdn)) {
      return [{ kind: 'nothing', why: [`Requests for ${says} go there already, by `, { code: path }, '.'] }];
    }
    const leads = hosts.map(each => shortHost(each, target.namespace)).join(', ') || 'elsewhere';
    const fix = 'Say other paths with --path, or take that route away first: `route … --remove`.';
    return [refuse('host-taken', path, `It sends these requests for ${says} to ${leads} already.`, fix)];
  });
}

/** A gateway's routes do not ask the mesh's (IST0140). */
function besidesMesh(world: World, fqdn: string, reader: string): Finding[] {
  const { inForce } = meshRouting(world, fqdn);
  if (!inForce) return [];
  const name = shortHost(fqdn, reader);
  const shares = meshShares(world, fqdn);
  const now = shares ? 'it has the shares of its last route now' : 'it is spread over all versions';
  return [
    {
      code: 'mesh-routes-ignored',
      severity: shares ? 'info' : 'warning',
      path: refKey(refOf(inForce)),
      message: `What comes in by the gateway does not ask the routes of ${name} inside the mesh: ${now}, and no change there moves it.`,
      fix: `Move it by itself: shift ${name} … --in …`,
    },
  ];
}
