/** A service's HTTP routing as people read it: row by row, which requests go where. */
import type { JsonObject, ObjectRef } from '../../object.ts';
import { serviceOf } from '../hosts.ts';
import type { World } from '../world.ts';
import { viaOf } from './action.ts';
import { egressOf } from './egress.ts';
import type { HttpRoute } from './http-routes.ts';
import { entriesFor, httpRoutes } from './http-routes.ts';
import { number, object, objects, text } from './json.ts';
import { isCatchAll } from './match.ts';
import { meshVirtualServices } from './mesh.ts';
import type { Client, SidecarClient } from './request.ts';
import { findService } from './services.ts';
import { sharesOf } from './shares.ts';
import { serviceTarget, target } from './target.ts';
import { matchWords } from './words.ts';

export interface RowDestination {
  /** Fully qualified. */
  host: string;
  subset?: string;
  /** See versionOf. */
  version?: string;
  /** Percent 0–100 of the row's requests. */
  share: number;
  /** Why every request sent here fails: its subset is not there, or has no ready pod. */
  fails?: string;
}

export interface RouteRow {
  /** 'end-user = jason', 'all other requests'; 'all requests' where it is the only row. */
  match: string;
  catchAll: boolean;
  destinations: RowDestination[];
  /** What is answered where there are no destinations: 'redirected to /new', 'answered with 503'. */
  instead?: string;
  /** Absent: no VirtualService speaks for the host, the Service itself takes it all. */
  virtualService?: ObjectRef;
  routeName?: string;
  /** In `spec.http` of `virtualService`. */
  index?: number;
  /** Why no request ever comes here. */
  dead?: string;
}

/**
 * The HTTP routing of a fully qualified host inside the mesh, for one client or, without one, for any pod of the
 * service's own namespace. Rows are in the order in which they are asked. Empty: nobody knows the host.
 */
export function routesOf(world: World, host: string, client?: SidecarClient): RouteRow[] {
  const from: SidecarClient = client ?? { kind: 'sidecar', namespace: serviceOf(host)?.namespace ?? '', labels: {} };
  const service = findService(world, host, from.namespace);
  const port = service?.ports.find(each => each.http)?.number ?? service?.ports[0]?.number ?? 80;
  const egress = client ? egressOf(world, client, port) : undefined;
  for (const virtualService of meshVirtualServices(world, host, from.namespace, egress)) {
    const routes = httpRoutes(world, virtualService);
    const live = client ? new Set(entriesFor(routes, client, port, 'mesh').map(entry => entry.route)) : undefined;
    if (routes.length === 0 || live?.size === 0) continue;
    return rowsOf(world, routes, from, port, live);
  }
  if (!service) return [];
  const found = serviceTarget(world, service, port, undefined, from);
  const { version, fails } = found;
  const destination = {
    host,
    share: 100,
    ...(version === undefined ? {} : { version }),
    ...(fails ? { fails: fails.why } : {}),
  };
  return [{ match: 'all requests', catchAll: true, destinations: [destination] }];
}

function rowsOf(world: World, routes: HttpRoute[], from: Client, port: number, live?: Set<HttpRoute>): RouteRow[] {
  let closed: number | undefined;
  return routes.map(route => {
    const words = matchWords(route.spec);
    const via = viaOf({ route });
    const instead = insteadOf(route.spec);
    const dead =
      closed !== undefined
        ? `route ${closed} before it takes every request`
        : live && !live.has(route)
          ? 'it is not for this client'
          : undefined;
    if (closed === undefined && takesAll(route.spec)) closed = route.index;
    return {
      match: words ?? (routes.length === 1 ? 'all requests' : 'all other requests'),
      catchAll: words === undefined,
      destinations: destinationsOf(world, route, from, port),
      virtualService: via.virtualService,
      index: via.index,
      ...(via.name === undefined ? {} : { routeName: via.name }),
      ...(instead === undefined ? {} : { instead }),
      ...(dead === undefined ? {} : { dead }),
    };
  });
}

/** For every client: a match that asks for a port, a gateway or a source leaves some requests over. */
function takesAll(route: JsonObject): boolean {
  const matches = objects(route.match);
  const partial = (match: JsonObject) =>
    match.port || match.sourceNamespace || Object.keys(object(match.sourceLabels) ?? {}).length > 0 || match.gateways;
  return matches.length === 0 || matches.some(match => isCatchAll(match) && !partial(match));
}

function destinationsOf(world: World, route: HttpRoute, from: Client, port: number): RowDestination[] {
  if (insteadOf(route.spec) !== undefined) return [];
  const listed = objects(route.spec.route);
  const shares = sharesOf(listed.map(each => number(each.weight)));
  return listed.map((each, index) => {
    const found = target(world, object(each.destination) ?? {}, route.namespace, from, port);
    return {
      host: found.host,
      share: shares[index] ?? 0,
      ...(found.subset === undefined ? {} : { subset: found.subset }),
      ...(found.version === undefined ? {} : { version: found.version }),
      ...(found.fails ? { fails: found.fails.why } : {}),
    };
  });
}

function insteadOf(route: JsonObject): string | undefined {
  const redirect = object(route.redirect);
  if (redirect) return `redirected to ${[text(redirect.authority), text(redirect.uri)].filter(Boolean).join('')}`;
  const direct = object(route.directResponse);
  return direct ? `answered with ${number(direct.status) ?? 200}` : undefined;
}

/**
 * What people call the version that a subset of a host stands for: the `version` label it selects, else its name.
 * Without a subset: the version that the Service selects, or that all its ready pods have; undefined: several.
 */
export function versionOf(
  world: World,
  host: string,
  subset: string | undefined,
  client?: { namespace: string; labels: Record<string, string> },
): string | undefined {
  const from = client ?? { namespace: serviceOf(host)?.namespace ?? '', labels: {} };
  const service = findService(world, host, from.namespace);
  const port = service?.ports[0]?.number;
  if (!service || port === undefined) return subset;
  return serviceTarget(world, service, port, subset, from).version ?? subset;
}
