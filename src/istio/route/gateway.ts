/** What an ingress gateway does with a request: servers on its port, the virtual host, the merged routes. */
import type { JsonObject, KubeObject } from '../../object.ts';
import type { World } from '../world.ts';
import { act } from './action.ts';
import type { Decision } from './decision.ts';
import { NO_HEADER_OPS } from './decision.ts';
import type { Entry } from './http-routes.ts';
import { entriesFor, httpRoutes } from './http-routes.ts';
import { hasLabels, labels, number, object, objects, strings, text } from './json.ts';
import { isCatchAll, matchable, matches } from './match.ts';
import { gatewaysOf, hostsOf } from './mesh.ts';
import { bestPattern, covers, intersection } from './patterns.ts';
import type { GatewayClient, MeshRequest } from './request.ts';
import { redirection } from './rewrite.ts';
import { byAge, serviceVisible, visibility } from './visibility.ts';

interface Server {
  gateway: KubeObject;
  spec: JsonObject;
  port: number;
}

export function routeAtGateway(world: World, request: MeshRequest, client: GatewayClient): Decision {
  const listening = serversOn(world, client).filter(server => speaks(server.spec) === request.scheme);
  if (listening.length === 0) {
    const why = `no Gateway has an ${request.scheme.toUpperCase()} server on port ${client.port} of this gateway`;
    return { kind: 'none', status: 0, flag: '-', why: `${why}, so the connection is refused` };
  }
  const host = request.host.toLowerCase().replace(/:\d+$/, '');
  const found = listening.find(({ spec }) => serverHosts(spec).some(each => covers(each.host, host)));
  if (request.scheme === 'https' && !found) {
    return {
      kind: 'none',
      status: 0,
      flag: '-',
      why: `no server has a certificate for ${host}: the TLS handshake fails`,
    };
  }
  if (found && object(found.spec.tls)?.httpsRedirect === true && request.scheme === 'http') {
    const location = redirection({ scheme: 'https' }, request, found.port);
    return { kind: 'redirect', status: 301, location, responseHeaders: NO_HEADER_OPS };
  }
  const entries = virtualHost(world, listening, host, client);
  if (!entries)
    return { kind: 'none', status: 404, flag: 'NR', why: `no Gateway and VirtualService together serve ${host}` };
  const seen = matchable(request);
  const taken = entries.find(({ match }) => !match || matches(match, seen));
  if (!taken) return { kind: 'none', status: 404, flag: 'NR', why: `no route of ${host} matches ${request.path}` };
  return act(world, taken, request, taken.port);
}

type Merged = Entry & { port: number };

/** Routes of all VirtualServices of the most specific host that covers it, those that take everything at the end. */
function virtualHost(world: World, servers: Server[], host: string, client: GatewayClient): Merged[] | undefined {
  const hosts = new Map<string, Merged[]>();
  const candidates = ranked(world.forHost('VirtualService', host), client.namespace);
  for (const server of servers) {
    const name = `${server.gateway.metadata.namespace}/${server.gateway.metadata.name}`;
    for (const virtualService of candidates) {
      if (!gatewaysOf(virtualService).includes(name)) continue;
      const pattern = shared(server, virtualService, host);
      if (pattern === undefined) continue;
      const entries = entriesFor(httpRoutes(world, virtualService), client, server.port, name);
      const merged = hosts.get(pattern) ?? [];
      hosts.set(pattern, [...merged, ...entries.map(entry => ({ ...entry, port: server.port }))]);
    }
  }
  const best = bestPattern(hosts.keys(), host);
  const entries = best === undefined ? undefined : hosts.get(best);
  if (!entries) return undefined;
  return [...entries.filter(({ match }) => !isCatchAll(match)), ...entries.filter(({ match }) => isCatchAll(match))];
}

function ranked(found: KubeObject[], namespace: string): KubeObject[] {
  return found
    .flatMap(each => {
      const rank = visibility(each, namespace);
      return rank === undefined ? [] : [{ each, rank }];
    })
    .sort((a, b) => a.rank - b.rank || byAge(a.each, b.each))
    .map(({ each }) => each);
}

/** The narrowest pattern that a server and a VirtualService share and that covers the host. */
function shared(server: Server, virtualService: KubeObject, host: string): string | undefined {
  const home = server.gateway.metadata.namespace ?? '';
  const offered = serverHosts(server.spec).filter(({ namespace }) => {
    return namespace === '*' || (namespace === '.' ? home : namespace) === virtualService.metadata.namespace;
  });
  const patterns = offered.flatMap(each => hostsOf(virtualService).map(own => intersection(each.host, own)));
  return bestPattern(
    patterns.filter(each => each !== undefined),
    host,
  );
}

/** `*`, `shop.example.com`, `shop/*.example.com`, `./shop.example.com`. */
function serverHosts(server: JsonObject): { namespace: string; host: string }[] {
  return strings(server.hosts).map(each => {
    const [namespace, host] = each.includes('/') ? each.split('/') : ['*', each];
    return { namespace: namespace!, host: host!.toLowerCase() };
  });
}

/** Servers of all Gateways that select this gateway's pods, on the port that was connected to, oldest Gateway first. */
function serversOn(world: World, client: GatewayClient): Server[] {
  const services = world
    .inNamespace('Service', client.namespace)
    .filter(service => serviceVisible(service, client.namespace) && selectsPods(service, client.labels));
  const reached = targets(services, client.port);
  return world
    .all('Gateway')
    .filter(gateway => hasLabels(client.labels, labels(gateway.spec?.selector)))
    .sort(byAge)
    .flatMap(gateway =>
      objects(gateway.spec?.servers).flatMap(spec => {
        const port = number(object(spec.port)?.number);
        if (port === undefined || !targets(services, port).some(each => reached.includes(each))) return [];
        return [{ gateway, spec, port }];
      }),
    );
}

function selectsPods(service: KubeObject, held: Record<string, string>): boolean {
  const selector = labels(service.spec?.selector);
  return Object.keys(selector).length > 0 && hasLabels(held, selector);
}

/** A server's port may be the Service's port or the pod's own: both come to the port that the pod listens on. */
function targets(services: KubeObject[], port: number): (number | string)[] {
  const found = services.flatMap(service =>
    objects(service.spec?.ports).flatMap(each => {
      if (number(each.port) !== port) return [];
      return [typeof each.targetPort === 'string' ? each.targetPort : (number(each.targetPort) ?? port)];
    }),
  );
  return found.length > 0 ? found : [port];
}

/** TLS that is passed through, or carries no HTTP, is not routed by `spec.http`. */
function speaks(server: JsonObject): 'http' | 'https' | undefined {
  const protocol = (text(object(server.port)?.protocol) ?? '').toUpperCase();
  if (['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB'].includes(protocol)) return 'http';
  if (protocol !== 'HTTPS') return undefined;
  return object(server.tls)?.mode === 'PASSTHROUGH' ? undefined : 'https';
}
