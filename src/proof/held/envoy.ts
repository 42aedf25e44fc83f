/**
 * The routes that an Envoy holds of a VirtualService, one line each, in order. Istio writes on each route whose it is:
 * `metadata.filter_metadata.istio.config`. https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/route/v3/route_components.proto
 */
import { object, objects, text } from '../../istio/route/json.ts';
import type { JsonObject } from '../../object.ts';
import { condition, line, type Matcher, sending, type Way } from './lines.ts';

/** The routes of one virtual host that come of the VirtualService. */
export interface Held {
  /** That the proxy listens on, where its route configuration is named for it: `9080`, `http.8080`. */
  port: number;
  lines: string[];
}

/** `configs`: Envoy's RouteConfigurations. */
export function heldLines(configs: JsonObject[], { namespace, name }: { namespace: string; name: string }): Held[] {
  const owner = new RegExp(`/namespaces/${escaped(namespace)}/virtual-?service/${escaped(name)}$`);
  return configs.flatMap(config =>
    objects(config.virtual_hosts).flatMap(host => {
      const own = objects(host.routes).filter(route => owner.test(ownerOf(route)));
      return own.length > 0 ? [{ port: portOf(text(config.name) ?? ''), lines: own.map(lineOf) }] : [];
    }),
  );
}

function ownerOf(route: JsonObject): string {
  const istio = object(object(object(route.metadata)?.filter_metadata)?.istio);
  return text(istio?.config) ?? '';
}

/** `9080`, `reviews.default.svc.cluster.local:9080`, `http.8080`, `https.443.https.gateway.namespace`. */
function portOf(name: string): number {
  return Number(/^(?:https?\.)?(\d+)(?:\.|$)/.exec(name)?.[1] ?? /:(\d+)$/.exec(name)?.[1] ?? 0);
}

function lineOf(route: JsonObject): string {
  return line(conditionsOf(object(route.match) ?? {}), doesOf(route));
}

function conditionsOf(match: JsonObject): string[] {
  const regex = text(object(match.safe_regex)?.regex);
  const prefix = text(match.prefix) ?? text(match.path_separated_prefix);
  const exact = text(match.path);
  const path =
    exact !== undefined
      ? condition('path', { how: '=', value: exact })
      : regex !== undefined
        ? condition('path', { how: '~', value: regex })
        : prefix !== undefined && prefix !== '/'
          ? condition('path', { how: '^=', value: prefix })
          : undefined;
  const folded = match.case_sensitive === false ? ' in any case' : '';
  return [
    ...(path && path !== 'path there' ? [path + folded] : []),
    ...objects(match.headers).map(each => named('header', each)),
    ...objects(match.query_parameters).map(each => named('query', each)),
  ];
}

function named(what: string, wanted: JsonObject): string {
  const name = text(wanted.name) ?? '';
  return condition(
    `${what} ${what === 'header' ? name.toLowerCase() : name}`,
    matcher(wanted),
    wanted.invert_match === true,
  );
}

/** Also as Envoy wrote it before `string_match`. */
function matcher(wanted: JsonObject): Matcher {
  const told = object(wanted.string_match) ?? {};
  const exact = text(told.exact) ?? text(wanted.exact_match);
  if (exact !== undefined) return { how: '=', value: exact };
  const prefix = text(told.prefix) ?? text(wanted.prefix_match);
  if (prefix !== undefined) return { how: '^=', value: prefix };
  const regex = text(object(told.safe_regex)?.regex) ?? text(object(wanted.safe_regex_match)?.regex);
  return regex === undefined ? { how: 'there', value: '' } : { how: '~', value: regex };
}

function doesOf(route: JsonObject): string {
  if (object(route.redirect)) return 'redirect';
  if (object(route.direct_response)) return 'direct response';
  const action = object(route.route) ?? {};
  const single = text(action.cluster);
  const ways =
    single === undefined
      ? objects(object(action.weighted_clusters)?.clusters).map(each =>
          way(text(each.name) ?? '', Number(each.weight ?? 0)),
        )
      : [way(single, 1)];
  const copies = objects(action.request_mirror_policies).map(each => {
    const { host, subset } = way(text(each.cluster) ?? '', 1);
    return { host, subset, percent: percentOf(object(each.runtime_fraction)) };
  });
  return sending(ways, copies);
}

/** `outbound|9080|v3|reviews.default.svc.cluster.local`; of a waypoint `inbound-vip|9080|http/v3|reviews.default…`. */
function way(cluster: string, weight: number): Way {
  const [direction, , named = '', host = cluster] = cluster.split('|');
  const subset = direction === 'inbound-vip' ? named.replace(/^[^/]*\/?/, '') : named;
  return { host: host.toLowerCase(), subset, weight };
}

function percentOf(fraction: JsonObject | undefined): number {
  const value = object(fraction?.default_value);
  if (!value) return 100;
  const of = { HUNDRED: 100, TEN_THOUSAND: 10_000, MILLION: 1_000_000 }[text(value.denominator) ?? 'HUNDRED'] ?? 100;
  return (Number(value.numerator ?? 0) / of) * 100;
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
