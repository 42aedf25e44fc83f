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
import { bestPattern, intersection } from './patterns.ts';
import type { GatewayClient, MeshRequest } from './request.ts';
import { byAge, serviceVisible, visibility } from './visibility.ts';

export interface Server {
  gateway: KubeObject;
  spec: JsonObject;
  port: number;
}

export function routeAtGateway(world: World, request: MeshRequest, client: GatewayClient): Decision {
  const listening = listeningOn(world, client, request.scheme);
  if (listening.length === 0) {
    const why = `no Gateway has an ${request.scheme.toUpperCase()} server on port ${client.port} of this gateway`;
    return { kind: 'none', status: 0, flag: '-', why: `${why}, so the connection is refused` };
  }
  const host = request.host.toLowerCase().replace(/:\d+$/, '');
  const asked = request.scheme === 'https' ? certified(listening, host) : listening;
  if (asked.length === 0) {
    const why = `no server has a certificate for ${host}: the TLS handshake fails`;
    return { kind: 'none', status: 0, flag: '-', why };
  }
  const found = virtualHost(world, asked, host, client);
  if (!found)
    return { kind: 'none', status: 404, flag: 'NR', why: `no Gateway and VirtualService together serve ${host}` };
  if (found.onlyTls && request.scheme === 'http') {
    // Unlike a route's redirect this one keeps the host as it was asked for, with its port.
    const location = `https://${request.host}${request.path}`;
    return { kind: 'redirect', status: 301, location, responseHeaders: NO_HEADER_OPS };
  }
  const seen = matchable(request);
  const taken = inOrder(found.entries).find(({ match }) => !match || matches(match, seen));
  if (!taken) return { kind: 'none', status: 404, flag: 'NR', why: `no route of ${host} matches ${request.path}` };
  return act(world, taken, request, taken.port);
}

/** Servers for plain HTTP, or for HTTPS that ends here, on the port that was connected to; none: nobody listens there. */
export function listeningOn(world: World, client: GatewayClient, scheme: 'http' | 'https'): Server[] {
  return serversOn(world, client).filter(server => speaks(server.spec) === scheme);
}

/** Servers of the most specific host that covers the name asked for: only the routes of theirs are looked at. */
function certified(servers: Server[], host: string): Server[] {
  const hostsOfServer = ({ spec }: Server) => serverHosts(spec).map(each => each.host);
  const best = bestPattern(servers.flatMap(hostsOfServer), host);
  return best === undefined ? [] : servers.filter(server => hostsOfServer(server).includes(best));
}

type Merged = Entry & { port: number };

interface VirtualHost {
  entries: Merged[];
  /** Plain requests are sent to https: some server of it says httpsRedirect. */
  onlyTls: boolean;
  port: number;
}

/**
 * Routes of all VirtualServices of the most specific host that covers it. A server that redirects to https speaks for
 * its hosts with or without a VirtualService. https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings
 */
function virtualHost(world: World, servers: Server[], host: string, client: GatewayClient): VirtualHost | undefined {
  const hosts = new Map<string, VirtualHost>();
  const add = (pattern: string, server: Server, entries: Merged[]): void => {
    const merged = hosts.get(pattern) ?? { entries: [], onlyTls: false, port: server.port };
    merged.entries.push(...entries);
    merged.onlyTls ||= redirects(server.spec);
    hosts.set(pattern, merged);
  };
  const candidates = ranked(world.forHost('VirtualService', host), client.namespace);
  for (const server of servers) {
    const name = `${server.gateway.metadata.namespace}/${server.gateway.metadata.name}`;
    for (const virtualService of candidates) {
      if (!gatewaysOf(virtualService).includes(name)) continue;
      const pattern = shared(server, virtualService, host);
      if (pattern === undefined) continue;
      const entries = entriesFor(httpRoutes(world, virtualService), client, server.port, name);
      if (entries.length === 0) continue;
      add(
        pattern,
        server,
        entries.map(entry => ({ ...entry, port: server.port })),
      );
    }
    // A host with a namespace before it is no name to the proxies unless a VirtualService shares it.
    const named = serverHosts(server.spec).filter(each => each.namespace === '*');
    if (redirects(server.spec)) for (const each of named) add(each.host, server, []);
  }
  const best = bestPattern(hosts.keys(), host);
  return best === undefined ? undefined : hosts.get(best);
}

/** Those that take everything stand at the end. */
function inOrder(entries: Merged[]): Merged[] {
  return [...entries.filter(({ match }) => !isCatchAll(match)), ...entries.filter(({ match }) => isCatchAll(match))];
}

function redirects(server: JsonObject): boolean {
  return object(server.tls)?.httpsRedirect === true;
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
export function serverHosts(server: JsonObject): { namespace: string; host: string }[] {
  return strings(server.hosts).map(each => {
    const [namespace, host] = each.includes('/') ? each.split('/') : ['*', each];
    return { namespace: namespace!, host: host!.toLowerCase() };
  });
}

/**
 * Servers of all Gateways that select this gateway's pods, on the port that was connected to, oldest Gateway first.
 * Without those that istiod leaves out.
 */
function serversOn(world: World, client: GatewayClient): Server[] {
  const services = world
    .inNamespace('Service', client.namespace)
    .filter(service => serviceVisible(service, client.namespace) && selectsPods(service, client.labels));
  const reached = targets(services, client.port);
  const found = world
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
  return withoutDoubled(found);
}

/**
 * A server with `tls`, be it only an httpsRedirect, is left out whole if one before it on that port has a host of it:
 * IST0145, https://istio.io/latest/docs/reference/config/analysis/ist0145/
 */
function withoutDoubled(servers: Server[]): Server[] {
  const taken = new Set<string>();
  return servers.filter(({ gateway, spec }) => {
    if (object(spec.tls) === undefined) return true;
    const home = gateway.metadata.namespace ?? '';
    const names = serverHosts(spec).map(({ namespace, host }) => {
      return `${text(spec.bind) ?? ''} ${namespace === '.' ? home : namespace}/${host}`;
    });
    if (names.some(name => taken.has(name))) return false;
    for (const name of names) taken.add(name);
    return true;
  });
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
export function speaks(server: JsonObject): 'http' | 'https' | undefined {
  const protocol = (text(object(server.port)?.protocol) ?? '').toUpperCase();
  if (['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB'].includes(protocol)) return 'http';
  if (protocol !== 'HTTPS') return undefined;
  return object(server.tls)?.mode === 'PASSTHROUGH' ? undefined : 'https';
}
