/** Does a request meet a match of a VirtualService? Conditions of one match are ANDed. */
import type { JsonObject } from '../../object.ts';
import { Re2 } from '../re2/re2.ts';
import { hasLabels, labels, number, object, strings, text } from './json.ts';
import type { Client, MeshRequest } from './request.ts';

/**
 * Whether the match is for this client, port and gateway at all; the rest of its conditions are asked per request.
 * Where a match names gateways, its source conditions are not looked at (so does Istio).
 */
export function appliesTo(
  match: JsonObject,
  client: Client,
  port: number,
  gateway: string,
  namespace: string,
): boolean {
  const wantedPort = number(match.port);
  if (wantedPort && wantedPort !== port) return false;
  const gateways = strings(match.gateways);
  if (gateways.length > 0) return gateways.some(each => gatewayName(each, namespace) === gateway);
  if (!hasLabels(client.labels, labels(match.sourceLabels))) return false;
  const source = text(match.sourceNamespace);
  return source === undefined || source === client.namespace;
}

/** `mesh`, or `namespace/name`; a name alone is a Gateway in the namespace of the resource. */
export function gatewayName(name: string, namespace: string): string {
  if (name === 'mesh' || name.includes('/')) return name;
  const [first, second] = name.split('.');
  return second === undefined ? `${namespace}/${first}` : `${second}/${first}`;
}

/** A match that takes every request: no uri, or prefix `/`, or regex `.*`, and nothing else. */
export function isCatchAll(match: JsonObject | undefined): boolean {
  if (!match) return true;
  const uri = object(match.uri);
  const everyPath = !uri || uri.prefix === '/' || uri.regex === '.*' || Object.keys(uri).length === 0;
  const rest = ['headers', 'withoutHeaders', 'queryParams'].some(
    field => Object.keys(object(match[field]) ?? {}).length,
  );
  return everyPath && !rest && !match.method && !match.scheme && !match.authority;
}

/** A request with what matching needs, worked out once. */
export interface Matchable {
  path: string;
  query: URLSearchParams;
  headers: Map<string, string>;
  request: MeshRequest;
}

export function matchable(request: MeshRequest): Matchable {
  const [path = '/', ...query] = request.path.split('?');
  return {
    path: path.split('#')[0]!,
    query: new URLSearchParams(query.join('?')),
    // Blanks around a value are not part of it: RFC 9110, section 5.5.
    headers: new Map(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value.trim()])),
    request,
  };
}

export function matches(match: JsonObject, { path, query, headers, request }: Matchable): boolean {
  return (
    (!object(match.uri) || string(match.uri, path, match.ignoreUriCase === true)) &&
    (!object(match.method) || string(match.method, request.method)) &&
    (!object(match.scheme) || string(match.scheme, request.scheme)) &&
    (!object(match.authority) || string(match.authority, request.host)) &&
    every(match.headers, (name, wanted) => present(wanted, headers.get(name.toLowerCase()))) &&
    every(match.withoutHeaders, (name, wanted) => !unwanted(wanted, headers.get(name.toLowerCase()))) &&
    every(match.queryParams, (name, wanted) => present(wanted, query.get(name) ?? undefined))
  );
}

function every(conditions: unknown, met: (name: string, wanted: unknown) => boolean): boolean {
  return Object.entries(object(conditions) ?? {}).every(([name, wanted]) => met(name, wanted));
}

function present(wanted: unknown, value: string | undefined): boolean {
  if (value === undefined) return false;
  return onlyPresence(wanted) || string(wanted, value);
}

/** An absent header counts as an empty one here, unless mere presence is asked about. */
function unwanted(wanted: unknown, value: string | undefined): boolean {
  if (onlyPresence(wanted)) return value !== undefined;
  return string(wanted, value ?? '');
}

/** An empty matcher, and the regex `*`, ask only whether it is there. */
export function onlyPresence(wanted: unknown): boolean {
  const matcher = object(wanted);
  return !matcher || Object.keys(matcher).length === 0 || matcher.regex === '*';
}

function string(wanted: unknown, value: string, ignoreCase = false): boolean {
  const matcher = object(wanted) ?? {};
  const fold = (each: string) => (ignoreCase ? each.toLowerCase() : each);
  if (typeof matcher.exact === 'string') return fold(value) === fold(matcher.exact);
  if (typeof matcher.prefix === 'string') return fold(value).startsWith(fold(matcher.prefix));
  if (typeof matcher.regex === 'string') return pattern(matcher.regex)?.matches(value) ?? false;
  return true;
}

const compiled = new Map<string, Re2 | undefined>();

/** undefined for what Envoy would not take, which then matches nothing. */
export function pattern(source: string): Re2 | undefined {
  if (compiled.has(source)) return compiled.get(source);
  if (compiled.size > 1000) compiled.clear();
  const read = Re2.read(source);
  compiled.set(source, read);
  return read;
}
