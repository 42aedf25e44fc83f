/** The routes that a proxy must hold of a VirtualService, one line each, in order. */
import { fullHost } from '../../istio/hosts.ts';
import { type Entry, entriesFor, type HttpRoute } from '../../istio/route/http-routes.ts';
import { object, objects, text } from '../../istio/route/json.ts';
import { gatewaysOf, hostsOf } from '../../istio/route/mesh.ts';
import { mirrorPercent } from '../../istio/route/policies.ts';
import type { Client } from '../../istio/route/request.ts';
import type { JsonObject, KubeObject } from '../../object.ts';
import { condition, line, type Matcher, sending } from './lines.ts';

/** Whether its lines can be told: delegates are joined with others, and only HTTP routes are read. */
export function isReadable(virtualService: KubeObject): boolean {
  const { http, tcp, tls } = virtualService.spec ?? {};
  const routes = objects(http);
  const others = objects(tcp).length + objects(tls).length;
  return hostsOf(virtualService).length > 0 && routes.length > 0 && others === 0 && !routes.some(each => each.delegate);
}

/** `port`: of the service for a sidecar, of the server for a gateway. Empty: it is not for this proxy. */
export function intendedLines(virtualService: KubeObject, client: Client, port: number): string[] {
  const namespace = virtualService.metadata.namespace ?? '';
  const routes = objects(virtualService.spec?.http).map(
    (spec, index): HttpRoute => ({ virtualService, index, spec, namespace }),
  );
  const bound = gatewaysOf(virtualService);
  const gateways = bound.filter(name => (client.kind === 'sidecar') === (name === 'mesh'));
  const lists = gateways.map(gateway => entriesFor(routes, client, port, gateway).map(lineOf));
  // Of several gateways any may be the one: their lists differ only where matches name gateways.
  return lists.find(list => list.length > 0) ?? [];
}

function lineOf({ route: { spec, namespace }, match }: Entry): string {
  return line(match ? conditionsOf(match) : [], doesOf(spec, namespace));
}

function conditionsOf(match: JsonObject): string[] {
  const uri = matcher(match.uri);
  const path = uri && !(uri.how === '^=' && uri.value === '/') && condition('path', uri);
  const folded = match.ignoreUriCase === true && path ? ' in any case' : '';
  const named = (field: string, what: string, without = false): string[] =>
    Object.entries(object(match[field]) ?? {}).map(([name, wanted]) => {
      const key = what === 'header' ? name.toLowerCase() : name;
      return condition(`${what} ${key}`, matcher(wanted) ?? { how: 'there', value: '' }, without);
    });
  const special = ['method', 'authority', 'scheme'].flatMap(field => {
    const wanted = matcher(match[field]);
    return wanted ? [condition(`header :${field}`, wanted)] : [];
  });
  return [
    ...(path && path !== 'path there' ? [path + folded] : []),
    ...special,
    ...named('headers', 'header'),
    ...named('withoutHeaders', 'header', true),
    ...named('queryParams', 'query'),
  ];
}

function matcher(value: unknown): Matcher | undefined {
  const wanted = object(value);
  if (typeof wanted?.exact === 'string') return { how: '=', value: wanted.exact };
  if (typeof wanted?.prefix === 'string') return { how: '^=', value: wanted.prefix };
  return typeof wanted?.regex === 'string' ? { how: '~', value: wanted.regex } : undefined;
}

function doesOf(spec: JsonObject, namespace: string): string {
  if (object(spec.redirect)) return 'redirect';
  if (object(spec.directResponse)) return 'direct response';
  const whither = (holder: JsonObject) => {
    const destination = object(holder.destination) ?? holder;
    return { host: fullHost(text(destination.host) ?? '', namespace), subset: text(destination.subset) ?? '' };
  };
  const ways = objects(spec.route).map(each => ({ ...whither(each), weight: Number(each.weight ?? 0) }));
  const single = object(spec.mirror);
  const copies = [
    ...(single ? [{ ...whither(single), percent: mirrorPercent(spec) }] : []),
    ...objects(spec.mirrors).map(each => ({ ...whither(each), percent: percentOf(each) })),
  ];
  return sending(ways, copies);
}

function percentOf(mirror: JsonObject): number {
  const value = object(mirror.percentage)?.value;
  return mirror.percentage === undefined ? 100 : Number(value ?? 0);
}
