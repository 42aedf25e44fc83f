/** A request that falls under a route and under none before it, made from the route's own match: what a probe carries. */
import type { JsonObject } from '../../../object.ts';
import { isCatchAll, matchable, matches } from '../../route/match.ts';
import { objectOf, objectsOf, stringOf } from '../read.ts';
import type { Place } from './places.ts';

export interface Sample {
  headers: Record<string, string>;
  /** Absent: the route does not ask for one. */
  path?: string;
}

/**
 * Method GET. undefined: every block of the match asks for what no probe can promise (a regular expression, another
 * method, a query, where it comes from), or a route before it takes such a request. `all`: the places of its object.
 */
export function sampleOf(place: Place, all: Place[]): Sample | undefined {
  const before = all.slice(0, all.indexOf(place)).filter(({ section }) => section === place.section);
  const blocks = place.catchAll ? [{}] : place.section === 'http' ? objectsOf(place.effective.match) : [];
  return blocks
    .map(sampleFor)
    .find(sample => sample !== undefined && !before.some(earlier => earlier.reachable && takes(earlier, sample)));
}

/** What only the mesh knows of a request, or what an address of a probe does not say. */
const UNPROMISED = ['sourceLabels', 'sourceNamespace', 'gateways', 'authority', 'scheme', 'queryParams'] as const;

function sampleFor(block: JsonObject): Sample | undefined {
  if (UNPROMISED.some(field => block[field] !== undefined)) return undefined;
  const uri = isCatchAll({ uri: block.uri ?? {} }) ? undefined : objectOf(block.uri);
  const path = uri && (stringOf(uri.exact) ?? stringOf(uri.prefix));
  if (uri && path === undefined) return undefined;
  const headers = Object.entries(objectOf(block.headers)).map(([name, value]) => [name, valueFor(value)] as const);
  if (headers.some(([name, value]) => value === undefined || name.startsWith(':'))) return undefined;
  const sample: Sample = {
    headers: Object.fromEntries(headers.map(([name, value]) => [name, value ?? ''])),
    ...(path !== undefined && { path }),
  };
  return meets(block, sample) ? sample : undefined;
}

/** What may depend on a path that the sample leaves open, or on where it comes from, is taken as not met. */
function takes(place: Place, sample: Sample): boolean {
  if (place.catchAll) return true;
  return objectsOf(place.effective.match).some(block => {
    if (UNPROMISED.some(field => block[field] !== undefined)) return false;
    if (block.uri !== undefined && sample.path === undefined && !isCatchAll({ uri: block.uri })) return false;
    return meets(block, sample);
  });
}

function meets(block: JsonObject, { headers, path = '/' }: Sample): boolean {
  const from = { kind: 'sidecar' as const, namespace: '', labels: {} };
  return matches(block, matchable({ from, host: '', port: 80, path, method: 'GET', scheme: 'http', headers }));
}

/** A value that meets a matcher; undefined: none is known. */
export function valueFor(value: unknown): string | undefined {
  const { exact, prefix, regex } = objectOf(value);
  if (typeof exact === 'string') return exact;
  if (typeof prefix === 'string') return prefix;
  return regex === undefined || regex === '*' ? 'any' : undefined;
}
