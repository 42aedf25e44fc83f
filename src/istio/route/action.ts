/** What the route that took a request does with it. */
import type { JsonObject } from '../../object.ts';
import { refOf } from '../../object.ts';
import type { World } from '../world.ts';
import type { Decision, Destination, Forward, Mirror, Target, Via } from './decision.ts';
import { NO_HEADER_OPS } from './decision.ts';
import { isDependency, isImported } from './dependency.ts';
import { inOrder } from './header-order.ts';
import type { Entry, HttpRoute } from './http-routes.ts';
import { number, object, objects, text } from './json.ts';
import { DEFAULT_RETRIES, faultOf, headersOf, mirrorPercent, percentage, retriesOf, timeoutOf } from './policies.ts';
import type { MeshRequest } from './request.ts';
import { redirection, rewritten } from './rewrite.ts';
import type { MeshService } from './services.ts';
import { sharesOf } from './shares.ts';
import { serviceTarget, target } from './target.ts';

/** `port` is the port that the proxy listens on for it: of the service for a sidecar, of the server for a gateway. */
export function act(world: World, entry: Entry, request: MeshRequest, port: number): Decision {
  const { spec } = entry.route;
  const fault = faultOf(spec);
  const routed = { via: viaOf(entry), ...(fault ? { fault } : {}) };
  const headers = headersOf(spec);

  const redirect = object(spec.redirect);
  if (redirect) {
    const status = number(redirect.redirectCode) ?? 301;
    const location = redirection(redirect, request, port);
    return { kind: 'redirect', ...routed, status, location, responseHeaders: headers.response };
  }
  const direct = object(spec.directResponse);
  if (direct) {
    const body = bodyOf(object(direct.body));
    return {
      kind: 'direct-response',
      ...routed,
      status: number(direct.status) ?? 200,
      body,
      responseHeaders: headers.response,
    };
  }

  // Answers that the route gives by itself, redirects too, go by no corsPolicy.
  const cors = object(spec.corsPolicy);
  const sent = { ...routed, ...(cors ? { cors } : {}) };
  const destinations = destinationsOf(world, entry, request, port);
  const used = destinations.filter(each => each.share > 0);
  const dead = used.length === 0 ? NO_DESTINATION : used.every(each => each.fails) ? used[0]?.fails : undefined;
  if (dead) {
    const failing = used.flatMap(({ fails, share, responseHeaders }) => {
      const ops = inOrder(headers.response, responseHeaders, destinations.length === 1);
      return fails ? [{ ...fails, share, responseHeaders: ops }] : [];
    });
    return { kind: 'none', ...sent, ...dead, ...(failing.length > 0 ? { failing } : {}) };
  }

  const rewrite = object(spec.rewrite);
  const routeAuthority = text(rewrite?.authority) ?? headers.authority;
  const timeout = timeoutOf(spec);
  const forward: Forward = {
    kind: 'forward',
    ...sent,
    destinations: routeAuthority === undefined || destinations.length > 1 ? destinations : destinations.map(bare),
    mirrors: mirrorsOf(world, entry, request, port),
    path: rewritten(request.path, rewrite, entry.match),
    authority: routeAuthority ?? request.host,
    retries: retriesOf(spec),
    requestHeaders: headers.request,
    responseHeaders: headers.response,
    ...(timeout === undefined ? {} : { timeout }),
  };
  return forward;
}

/** A lone destination's own Host counts only where the route says none. */
function bare({ authority: _, ...destination }: Destination): Destination {
  return destination;
}

const NO_DESTINATION = { status: 503, flag: 'NC', why: 'the route has no destination with a weight' } as const;

/** The Service itself, where no VirtualService speaks for it: all its ready pods. */
export function plain(world: World, service: MeshService, request: MeshRequest): Decision {
  const found = serviceTarget(world, service, request.port, undefined, request.from);
  if (found.fails) return { kind: 'none', ...found.fails };
  return {
    kind: 'forward',
    destinations: [{ ...found, share: 100, requestHeaders: NO_HEADER_OPS, responseHeaders: NO_HEADER_OPS }],
    mirrors: [],
    path: request.path,
    authority: request.host,
    retries: DEFAULT_RETRIES,
    requestHeaders: NO_HEADER_OPS,
    responseHeaders: NO_HEADER_OPS,
  };
}

export function viaOf({ route, match }: Entry): Via {
  const named = [text(route.spec.name) ?? '', text(match?.name)].filter(each => each !== undefined).join('.');
  return {
    virtualService: refOf(route.virtualService),
    index: route.index,
    ...(named === '' ? {} : { name: named }),
    ...(route.delegate ? { delegate: route.delegate } : {}),
  };
}

function destinationsOf(world: World, { route }: Entry, request: MeshRequest, port: number): Destination[] {
  const listed = objects(route.spec.route);
  const shares = sharesOf(listed.map(each => number(each.weight)));
  return listed.map((each, index) => {
    const headers = headersOf(each);
    return {
      ...leading(world, route, object(each.destination) ?? {}, request, port),
      share: shares[index] ?? 0,
      requestHeaders: headers.request,
      responseHeaders: headers.response,
      ...(headers.authority === undefined ? {} : { authority: headers.authority }),
    };
  });
}

function mirrorsOf(world: World, { route }: Entry, request: MeshRequest, port: number): Mirror[] {
  const single = object(route.spec.mirror);
  const listed = objects(route.spec.mirrors).map(each => ({
    spec: object(each.destination),
    percent: percentage(each.percentage) ?? 100,
  }));
  return [...(single ? [{ spec: single, percent: mirrorPercent(route.spec) }] : []), ...listed].flatMap(
    ({ spec, percent }) => (spec && percent > 0 ? [{ ...leading(world, route, spec, request, port), percent }] : []),
  );
}

function leading(world: World, route: HttpRoute, spec: JsonObject, request: MeshRequest, port: number): Target {
  const { from } = request;
  const found = target(world, spec, route.namespace, from, port);
  const counts = from.kind === 'gateway' || isDependency(route, from.namespace);
  if (counts || found.fails?.flag === 'NC' || isImported(world, from, found, request)) return found;
  const why = `a Sidecar of ${from.namespace} does not list ${found.host}, and the route has a match for other namespaces`;
  return { ...found, endpoints: [], versions: {}, fails: { status: 503, flag: 'NC', why } };
}

function bodyOf(body: JsonObject | undefined): string {
  if (typeof body?.bytes === 'string') return atob(body.bytes);
  return text(body?.string) ?? '';
}
