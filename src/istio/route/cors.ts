/** What a route's corsPolicy answers by itself, and what it adds to the answers of others. */
import type { JsonObject } from '../../object.ts';
import { duration, object, objects, strings, text } from './json.ts';
import { pattern } from './match.ts';
import type { MeshRequest } from './request.ts';

export interface Cors {
  /** A preflight, which the proxy answers by itself with status 200. */
  answers: boolean;
  /** Of that answer, or added to another's. Names in lower case. */
  headers: Record<string, string>;
}

/**
 * undefined: the request goes on as if there were no policy, as one without Origin does, and one of an origin that is
 * not allowed. Preflights of such are answered only where unmatchedPreflights is IGNORE, without naming an origin. Comes after the route's faults, which have no such headers.
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/cors_filter
 */
export function corsOf(policy: JsonObject | undefined, { method, headers }: MeshRequest): Cors | undefined {
  const sent = (name: string) =>
    Object.entries(headers)
      .find(([each]) => each.toLowerCase() === name)?.[1]
      .trim() ?? '';
  const origin = sent('origin');
  if (!policy || origin === '') return undefined;
  const preflight = method === 'OPTIONS' && sent('access-control-request-method') !== '';
  const age = duration(policy.maxAge);
  const credentials = policy.allowCredentials === true ? { 'access-control-allow-credentials': 'true' } : {};
  const rules = {
    ...credentials,
    ...listed('allow-methods', policy.allowMethods),
    ...listed('allow-headers', policy.allowHeaders),
    ...(age === undefined ? {} : { 'access-control-max-age': String(Math.floor(age / 1000)) }),
  };
  if (!isAllowed(policy, origin)) {
    return preflight && text(policy.unmatchedPreflights) === 'IGNORE' ? { answers: true, headers: rules } : undefined;
  }
  const shared = {
    'access-control-allow-origin': origin,
    ...credentials,
    ...listed('expose-headers', policy.exposeHeaders),
  };
  return { answers: preflight, headers: preflight ? { ...shared, ...rules } : shared };
}

/** One that takes the origin `*` takes any. */
function isAllowed({ allowOrigins, allowOrigin }: JsonObject, origin: string): boolean {
  const takes = (each: JsonObject, value: string): boolean => {
    if (typeof each.exact === 'string') return each.exact === value;
    if (typeof each.prefix === 'string') return value.startsWith(each.prefix);
    return pattern(text(each.regex) ?? '')?.matches(value) ?? false;
  };
  const old = allowOrigins ? [] : strings(allowOrigin).map(exact => ({ exact }));
  return [...objects(allowOrigins), ...old].some(each => takes(object(each) ?? {}, '*') || takes(each, origin));
}

function listed(name: string, values: JsonObject[string] | undefined): Record<string, string> {
  const all = strings(values);
  return all.length === 0 ? {} : { [`access-control-${name}`]: all.join(',') };
}
