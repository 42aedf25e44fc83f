/** What istiod's webhook refuses of parts of an HTTP route: matches, CORS, redirect, direct response, rewrite. */
import type { Json, JsonObject } from '../../object.ts';
import type { Faults } from './admission-faults.ts';
import {
  durationFault,
  headerNameFault,
  labelFaults,
  record,
  regexFault,
  statusFault,
  stringMatchFault,
} from './admission-fields.ts';
import { fqdnFault, isDnsLabel, strings } from './admission-names.ts';
import { portFault } from './admission-ports.ts';
import { durationMs } from './istio-rules.ts';
import { isObject, objects } from './schema.ts';

/** After a name without a namespace istiod looks at no other. */
export function gatewayNamesFaults(gateways: string[]): Faults {
  const bare = gateways.findIndex(gateway => !gateway.includes('/'));
  const scoped = bare < 0 ? gateways : gateways.slice(0, bare);
  return [...scoped.flatMap(gatewayNameFaults), bare < 0 ? undefined : fqdnFault(gateways[bare]!)];
}

function gatewayNameFaults(gateway: string): Faults {
  const slash = gateway.indexOf('/');
  const [namespace, name] = [gateway.slice(0, slash), gateway.slice(slash + 1)];
  return [
    namespace === '' || name === '' ? 'config namespace and gateway name cannot be empty' : undefined,
    isDnsLabel(namespace) ? undefined : `invalid value for namespace: "${namespace}"`,
    isDnsLabel(name) ? undefined : `invalid value for gateway name: "${name}"`,
  ];
}

/** What is asked of a request in all of them, and then what is asked of who sends it. */
export function matchesFaults(matches: JsonObject[]): Faults {
  return [...matches.flatMap(requestFaults), ...matches.flatMap(senderFaults)];
}

function requestFaults(match: JsonObject): Faults {
  const faults: Faults = [];
  for (const field of ['headers', 'withoutHeaders'] as const) {
    for (const [name, wanted] of record(match[field])) {
      faults.push(headerNameFault(name), stringMatchFault(wanted, field));
    }
  }
  for (const field of ['uri', 'scheme', 'method', 'authority']) faults.push(stringMatchFault(match[field], field));
  for (const [, wanted] of record(match.queryParams)) faults.push(stringMatchFault(wanted, 'queryParams'));
  return faults;
}

function senderFaults(match: JsonObject): Faults {
  const source = match.sourceNamespace;
  const isMeant = typeof source === 'string' && source !== '' && !isDnsLabel(source);
  return [
    match.port ? portFault(Number(match.port)) : undefined,
    ...labelFaults(match.sourceLabels),
    ...gatewayNamesFaults(strings(match.gateways)),
    isMeant ? `sourceNamespace match ${source} is invalid` : undefined,
  ];
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', '*']);

export function corsFaults(cors: Json | undefined): Faults {
  if (!isObject(cors)) return [];
  const faults: Faults = [];
  for (const origin of objects(cors.allowOrigins)) {
    if (!(origin.exact || origin.prefix || origin.regex)) {
      faults.push("'' is not a valid match type for CORS allow origins");
    } else if (typeof origin.regex === 'string') faults.push(regexFault(origin.regex, 'corsPolicy.allowOrigins'));
  }
  for (const method of strings(cors.allowMethods)) {
    if (!METHODS.has(method)) faults.push(`"${method}" is not a supported HTTP method`);
  }
  for (const name of [...strings(cors.allowHeaders), ...strings(cors.exposeHeaders)]) {
    if (name !== '*') faults.push(headerNameFault(name));
  }
  faults.push(durationFault(cors.maxAge));
  if (typeof cors.maxAge === 'string' && durationMs(cors.maxAge) % 1000 !== 0) {
    faults.push(['max_age duration is accurate only to seconds precision']);
  }
  return faults;
}

export function redirectFault(redirect: Json | undefined): string | undefined {
  if (!isObject(redirect)) return undefined;
  const { uri, authority, scheme, port, derivePort } = redirect;
  if (!uri && !authority && !scheme && port === undefined && derivePort === undefined) {
    return 'redirect must specify URI, authority, scheme, or port';
  }
  const code = Number(redirect.redirectCode ?? 0);
  if (code !== 0 && (code < 300 || code > 399)) return `${code} is not a valid redirect code, must be 3xx`;
  if (scheme && scheme !== 'http' && scheme !== 'https') return 'invalid redirect scheme, must be "http" or "https"';
  return port ? portFault(Number(port)) : undefined;
}

const KILOBYTE = 1024;

export function directFaults(direct: Json | undefined, warnings: string[]): Faults {
  if (!isObject(direct)) return [];
  const body = isObject(direct.body) ? direct.body : {};
  const text = typeof body.string === 'string' ? body.string : '';
  const bytes = typeof body.bytes === 'string' ? Buffer.from(body.bytes, 'base64') : Buffer.from(text);
  const words = 'large direct_responses may impact control plane performance';
  const isTooLarge = bytes.length > KILOBYTE * KILOBYTE;
  if (!isTooLarge && bytes.length > 100 * KILOBYTE) warnings.push(words);
  return [isTooLarge ? `${words}, must be less than 1MB` : undefined, statusFault(Number(direct.status ?? 0))];
}

export function rewriteFault(rewrite: Json | undefined): string | undefined {
  if (!isObject(rewrite)) return undefined;
  const { uri, uriRegexRewrite: byRegex, authority } = rewrite;
  if (uri && byRegex) return 'rewrite may only contain one of URI or UriRegexRewrite';
  if (!uri && !byRegex && !authority) {
    return 'rewrite must specify at least one of URI, UriRegexRewrite, or authority. Only one of URI or UriRegexRewrite may be specified';
  }
  if (!isObject(byRegex)) return undefined;
  const wrong =
    byRegex.match && byRegex.rewrite
      ? regexFault(String(byRegex.match), 'HTTPRewrite.UriRegexRewrite.Match')
      : 'UriRegexRewrite requires both Rewrite and Match fields to be specified';
  return wrong && `UriRegexRewrite has errors\n${wrong}`;
}

const GRPC = new Set(
  'OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED'.split(
    ' ',
  ),
);

export function grpcFault(abort: JsonObject): string | undefined {
  const status = abort.grpcStatus;
  if (typeof status !== 'string' || GRPC.has(status)) return undefined;
  const page = 'https://github.com/grpc/grpc/blob/master/doc/statuscodes.md';
  return `gRPC status "${status}" is not supported. See ${page} for a list of supported codes, for example 'NOT_FOUND'`;
}
