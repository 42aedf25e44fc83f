/**
 * The routes that a proxy of the local mesh holds, as its Envoy's `config_dump` would tell them.
 * https://www.envoyproxy.io/docs/envoy/latest/api-v3/admin/v3/config_dump_shared.proto
 */
import { fullHost } from '../../../istio/hosts.ts';
import { egressOf } from '../../../istio/route/egress.ts';
import { type Entry, entriesFor, httpRoutes } from '../../../istio/route/http-routes.ts';
import { hasLabels, labels, number, object, objects, text } from '../../../istio/route/json.ts';
import { pattern } from '../../../istio/route/match.ts';
import { gatewaysOf, hostsOf, meshVirtualServices } from '../../../istio/route/mesh.ts';
import { mirrorPercent } from '../../../istio/route/policies.ts';
import type { Client, SidecarClient } from '../../../istio/route/request.ts';
import type { World } from '../../../istio/world.ts';
import type { Json, JsonObject, KubeObject } from '../../../object.ts';
import { isGateway, type Workload } from '../proxy/workload.ts';

const TYPE = 'type.googleapis.com/envoy';

/**
 * `world`: as this proxy has it, which may be older than the cluster's. `named`: a regular expression for whole names of
 * route configurations; all of them without one.
 */
export function configDump(world: World, workload: Workload, named?: string): JsonObject {
  const hosts = isGateway(workload) ? gatewayHosts(world, workload) : sidecarHosts(world, workload);
  const byName = new Map<string, JsonObject[]>();
  for (const { config, host } of hosts) byName.set(config, [...(byName.get(config) ?? []), host]);
  return {
    configs: [...byName]
      .filter(([name]) => matchesWhole(named, name))
      .map(
        ([name, virtual_hosts]): JsonObject => ({
          '@type': `${TYPE}.admin.v3.RoutesConfigDump.DynamicRouteConfig`,
          version_info: '1',
          route_config: {
            '@type': `${TYPE}.config.route.v3.RouteConfiguration`,
            name,
            virtual_hosts,
            validate_clusters: false,
          },
        }),
      ),
  };
}

function matchesWhole(expression: string | undefined, name: string): boolean {
  return expression === undefined || (pattern(expression)?.matches(name) ?? false);
}

interface Hosted {
  config: string;
  host: JsonObject;
}

function sidecarHosts(world: World, workload: Workload): Hosted[] {
  const client: SidecarClient = { kind: 'sidecar', namespace: workload.namespace, labels: workload.labels };
  return world.all('Service').flatMap(service => {
    const { name, namespace = '' } = service.metadata;
    const fqdn = fullHost(name, namespace);
    return objects(service.spec?.ports).flatMap((listed): Hosted[] => {
      const port = number(listed.port) ?? 80;
      const [first] = meshVirtualServices(world, fqdn, workload.namespace, egressOf(world, client, port));
      const entries = first ? entriesFor(httpRoutes(world, first), client, port, 'mesh') : [];
      const routes = entries.length > 0 ? entries.map(entry => routeOf(entry, port)) : [plain(fqdn, port)];
      return [{ config: `${port}`, host: { name: `${fqdn}:${port}`, domains: [fqdn, `${fqdn}:${port}`], routes } }];
    });
  });
}

function gatewayHosts(world: World, workload: Workload): Hosted[] {
  return world
    .all('Gateway')
    .filter(gateway => hasLabels(workload.labels, labels(gateway.spec?.selector)))
    .flatMap(gateway =>
      objects(gateway.spec?.servers).flatMap(server =>
        atServer(world, workload, gateway, number(object(server.port)?.number) ?? 80),
      ),
    );
}

function atServer(world: World, workload: Workload, gateway: KubeObject, port: number): Hosted[] {
  const name = `${gateway.metadata.namespace}/${gateway.metadata.name}`;
  const client: Client = { kind: 'gateway', namespace: workload.namespace, labels: workload.labels, port };
  return world
    .all('VirtualService')
    .filter(virtualService => gatewaysOf(virtualService).includes(name))
    .flatMap(virtualService => {
      const routes = entriesFor(httpRoutes(world, virtualService), client, port, name).map(entry =>
        routeOf(entry, port),
      );
      return hostsOf(virtualService).map(
        (host): Hosted => ({ config: `http.${port}`, host: { name: `${host}:${port}`, domains: [host], routes } }),
      );
    });
}

function plain(host: string, port: number): JsonObject {
  return { match: { prefix: '/' }, route: { cluster: clusterOf(host, undefined, port) }, name: 'default' };
}

function routeOf({ route, match }: Entry, port: number): JsonObject {
  const { namespace, name } = route.virtualService.metadata;
  const config = `/apis/networking.istio.io/v1/namespaces/${namespace}/virtual-service/${name}`;
  return {
    match: matchOf(match ?? {}),
    ...actionOf(route.spec, route.namespace, port),
    metadata: { filter_metadata: { istio: { config } } },
    ...(typeof route.spec.name === 'string' && { name: route.spec.name }),
  };
}

function matchOf(match: JsonObject): JsonObject {
  const uri = object(match.uri) ?? {};
  const path: JsonObject =
    typeof uri.exact === 'string'
      ? { path: uri.exact }
      : typeof uri.regex === 'string' && uri.regex !== '.*'
        ? { safe_regex: { regex: uri.regex } }
        : { prefix: typeof uri.prefix === 'string' ? uri.prefix : '/' };
  const special = ['method', 'authority', 'scheme'].flatMap(field =>
    object(match[field]) ? [{ name: `:${field}`, ...wanted(match[field]) }] : [],
  );
  const listed = (field: string, more: JsonObject = {}): JsonObject[] =>
    Object.entries(object(match[field]) ?? {}).map(([name, value]) => ({ name, ...wanted(value), ...more }));
  const headers = [...special, ...listed('headers'), ...listed('withoutHeaders', { invert_match: true })];
  const query = listed('queryParams');
  return {
    ...path,
    case_sensitive: match.ignoreUriCase !== true,
    ...(headers.length > 0 && { headers }),
    ...(query.length > 0 && { query_parameters: query }),
  };
}

function wanted(value: unknown): JsonObject {
  const matcher = object(value) ?? {};
  if (typeof matcher.exact === 'string') return { string_match: { exact: matcher.exact } };
  if (typeof matcher.prefix === 'string') return { string_match: { prefix: matcher.prefix } };
  if (typeof matcher.regex === 'string' && matcher.regex !== '*') {
    return { string_match: { safe_regex: { regex: matcher.regex } } };
  }
  return { present_match: true };
}

function actionOf(spec: JsonObject, namespace: string, port: number): JsonObject {
  if (object(spec.redirect)) return { redirect: { path_redirect: text(object(spec.redirect)?.uri) ?? '/' } };
  const direct = object(spec.directResponse);
  if (direct) return { direct_response: { status: number(direct.status) ?? 200 } };
  const cluster = (holder: JsonObject): string => {
    const destination = object(holder.destination) ?? holder;
    const chosen = number(object(destination.port)?.number) ?? port;
    return clusterOf(fullHost(text(destination.host) ?? '', namespace), text(destination.subset), chosen);
  };
  const listed = objects(spec.route);
  // Envoy is sent no cluster of weight 0 where there are others.
  const used = listed.length > 1 ? listed.filter(each => (number(each.weight) ?? 0) > 0) : listed;
  const clusters = used.map((each): Json => ({ name: cluster(each), weight: number(each.weight) ?? 0 }));
  const single = object(spec.mirror);
  const mirrors = [
    ...(single ? [{ to: cluster(single), percent: mirrorPercent(spec) }] : []),
    ...objects(spec.mirrors).map(each => ({
      to: cluster(each),
      percent: number(object(each.percentage)?.value) ?? 100,
    })),
  ].filter(({ percent }) => percent > 0);
  const policies = mirrors.map(({ to, percent }): Json => {
    const numerator = Math.round(percent * 10_000);
    return {
      cluster: to,
      runtime_fraction: { default_value: { numerator, denominator: 'MILLION' } },
      trace_sampled: false,
    };
  });
  return {
    route: {
      ...(listed.length > 1
        ? { weighted_clusters: { clusters } }
        : { cluster: used[0] ? cluster(used[0]) : 'BlackHoleCluster' }),
      ...(policies.length > 0 && { request_mirror_policies: policies }),
    },
  };
}

function clusterOf(host: string, subset: string | undefined, port: number): string {
  return `outbound|${port}|${subset ?? ''}|${host}`;
}
