/** What istiod's webhook refuses of parts of an HTTP route: CORS, redirect, direct response, mirrors, a match's source. */
import type { Json, JsonObject } from '../../object.ts';
import { headerNameFault, labelFaults, record, regexFault, stringMatchFault } from './admission-fields.ts';
import { type Faults, fqdnFault, isDnsLabel, objects, strings } from './admission-names.ts';
import { isObject } from './schema.ts';

export function gatewayNameFaults(gateway: string): Faults {
  const slash = gateway.indexOf('/');
  if (slash < 0) return [fqdnFault(gateway)];
  const [namespace, name] = [gateway.slice(0, slash), gateway.slice(slash + 1)];
  return [
    namespace === '' || name === '' ? 'config namespace and gateway name cannot be empty' : undefined,
    isDnsLabel(namespace) ? undefined : `invalid value for namespace: "${namespace}"`,
    isDnsLabel(name) ? undefined : `invalid value for gateway name: "${name}"`,
  ];
}

export function matchFaults(match: JsonObject): Faults {
  const faults: Faults = ['uri', 'scheme', 'method', 'authority'].map(field => stringMatchFault(match[field], field));
  for (const field of ['headers', 'withoutHeaders', 'queryParams'] as const) {
    for (const [name, wanted] of record(match[field])) {
      if (field !== 'queryParams') faults.push(headerNameFault(name));
      faults.push(stringMatchFault(wanted, field));
    }
  }
  faults.push(...labelFaults(match.sourceLabels), ...strings(match.gateways).flatMap(gatewayNameFaults));
  const source = match.sourceNamespace;
  if (typeof source === 'string' && source !== '' && !isDnsLabel(source)) {
    faults.push(`sourceNamespace match ${source} is invalid`);
  }
  return faults;
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', '*']);

export function corsFaults(cors: Json | undefined): Faults {
  if (!isObject(cors)) return [];
  const faults: Faults = [];
  for (const origin of objects(cors.allowOrigins)) {
    const empty = ['exact', 'prefix', 'regex'].find(kind => origin[kind] === '');
    if (empty) faults.push("'' is not a valid match type for CORS allow origins");
    else if (typeof origin.regex === 'string') faults.push(regexFault(origin.regex, 'corsPolicy.allowOrigins'));
  }
  for (const method of strings(cors.allowMethods)) {
    if (!METHODS.has(method)) faults.push(`"${method}" is not a supported HTTP method`);
  }
  for (const name of [...strings(cors.allowHeaders), ...strings(cors.exposeHeaders)]) {
    if (name !== '*') faults.push(headerNameFault(name));
  }
  if (typeof cors.maxAge === 'string' && /\.\d*[1-9]|ms|us|µs|ns/.test(cors.maxAge)) {
    faults.push(['max_age duration is accurate only to seconds precision']);
  }
  return faults;
}

export function redirectFaults(redirect: Json | undefined): Faults {
  if (!isObject(redirect)) return [];
  const faults: Faults = [];
  const { uri, authority, scheme, port, derivePort, redirectCode } = redirect;
  if (!uri && !authority && !scheme && port === undefined && derivePort === undefined) {
    faults.push('redirect must specify URI, authority, scheme, or port');
  }
  const code = Number(redirectCode ?? 0);
  if (code !== 0 && (code < 300 || code > 399)) faults.push(`${code} is not a valid redirect code, must be 3xx`);
  if (scheme && scheme !== 'http' && scheme !== 'https') {
    faults.push('invalid redirect scheme, must be "http" or "https"');
  }
  return faults;
}

export function directFaults(direct: Json | undefined): Faults {
  if (!isObject(direct)) return [];
  const status = Number(direct.status ?? 0);
  return status < 200 || status > 600 ? [`HTTP status ${status} is not in range 200-599`] : [];
}

export function mirrorShareFaults(mirrors: Json | undefined): Faults {
  return objects(mirrors).flatMap(({ percentage }) => {
    const value = isObject(percentage) ? Number(percentage.value ?? 0) : 0;
    const bound = value > 100 ? 'max value of 100' : value < 0 ? 'min value of 0' : undefined;
    return bound ? [`mirror percentage must have a ${bound} (it has ${value.toFixed(6)})`] : [];
  });
}

export function rewriteRegexFaults(rewrite: Json | undefined): Faults {
  const regex = isObject(rewrite) ? rewrite.uriRegexRewrite : undefined;
  if (!isObject(regex)) return [];
  if (!regex.match || !regex.rewrite)
    return ['UriRegexRewrite has errors\nUriRegexRewrite requires both Rewrite and Match fields to be specified'];
  const wrong = regexFault(String(regex.match), 'HTTPRewrite.UriRegexRewrite.Match');
  return wrong ? [`UriRegexRewrite has errors\n${wrong}`] : [];
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
