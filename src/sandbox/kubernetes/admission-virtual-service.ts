/** What istiod's webhook refuses of a VirtualService, and the unreachable rules that it warns of. */
import type { Json, JsonObject } from '../../object.ts';
import { exportFaults, headerChangeFaults } from './admission-fields.ts';
import {
  corsFaults,
  directFaults,
  gatewayNameFaults,
  grpcFault,
  matchFaults,
  mirrorShareFaults,
  redirectFaults,
  rewriteRegexFaults,
} from './admission-http.ts';
import { type Faults, hostFault, objects, portFault, strings, subsetFault } from './admission-names.ts';
import { isObject } from './schema.ts';

export function virtualServiceFaults(spec: JsonObject, warnings: string[], namespace: string): Faults {
  const faults: Faults = [];
  const hosts = strings(spec.hosts);
  const gateways = strings(spec.gateways);
  const isDelegate = hosts.length === 0;
  if (isDelegate) {
    if (gateways.length > 0) faults.push('delegate virtual service must have no gateways specified');
    if (objects(spec.tls).length > 0) faults.push('delegate virtual service must have no tls route specified');
    if (objects(spec.tcp).length > 0) faults.push('delegate virtual service must have no tcp route specified');
  }
  const inMesh = gateways.length === 0 || gateways.includes('mesh');
  for (const host of hosts) {
    if (/^[\d.]+$|:/.test(host)) continue;
    faults.push(hostFault(host));
    if (inMesh && host === '*') {
      faults.push('wildcard host * is not allowed for virtual services bound to the mesh gateway');
    }
  }
  if (!faults.some(fault => fault !== undefined)) faults.push(...duplicateHosts(hosts));
  for (const gateway of gateways) faults.push(...gatewayNameFaults(gateway));
  const [http, tcp, tls] = [objects(spec.http), objects(spec.tcp), objects(spec.tls)];
  if (http.length + tcp.length + tls.length === 0) faults.push('http, tcp or tls must be provided in virtual service');
  for (const route of http) faults.push(...httpFaults(route, isDelegate, warnings));
  for (const route of tls) {
    if (objects(route.match).length === 0) faults.push('TLS route must have at least one match condition');
    if (objects(route.route).length === 0) faults.push('TLS route is required');
    faults.push(...destinationsFaults(objects(route.route)));
  }
  for (const route of tcp) {
    if (objects(route.route).length === 0) faults.push('TCP route is required');
    faults.push(...destinationsFaults(objects(route.route)));
  }
  faults.push(...exportFaults(spec.exportTo, namespace));
  warnOfUnused(http, warnings);
  return faults;
}

function httpFaults(route: JsonObject, isDelegate: boolean, warnings: string[]): Faults {
  const faults: Faults = [];
  const destinations = objects(route.route);
  const name = typeof route.name === 'string' ? route.name : '';
  if (isDelegate && route.delegate !== undefined) faults.push('delegate HTTP route cannot contain delegate');
  if (!isDelegate && route.delegate !== undefined) {
    if (route.redirect !== undefined) faults.push(`root HTTP route ${name} must not specify redirect`);
    if (route.route !== undefined) faults.push(`root HTTP route ${name} must not specify route`);
  } else if (route.redirect !== undefined) {
    if (destinations.length > 0) faults.push('HTTP route cannot contain both route and redirect');
    if (route.fault !== undefined) faults.push('HTTP route cannot contain both fault and redirect');
    if (route.rewrite !== undefined) faults.push('HTTP route rule cannot contain both rewrite and redirect');
  } else if (route.directResponse !== undefined) {
    if (destinations.length > 0) faults.push('HTTP route cannot contain both route and direct_response');
    if (route.fault !== undefined) faults.push('HTTP route cannot contain both fault and direct_response');
  } else if (destinations.length === 0) faults.push('HTTP route, redirect or direct_response is required');

  for (const match of objects(route.match)) {
    faults.push(...matchFaults(match));
    if (typeof match.port === 'number' && match.port !== 0) faults.push(portFault(match.port));
  }
  faults.push(...faultFaults(route.fault), ...retryFaults(route.retries), ...rewriteFaults(route.rewrite));
  faults.push(
    ...rewriteRegexFaults(route.rewrite),
    ...corsFaults(route.corsPolicy),
    ...mirrorShareFaults(route.mirrors),
  );
  faults.push(...redirectFaults(route.redirect), ...directFaults(route.directResponse));
  faults.push(...headerChangeFaults(route.headers, isObject(route.rewrite) ? route.rewrite.authority : undefined));
  for (const each of destinations) faults.push(...headerChangeFaults(each.headers));
  if (route.mirrorPercent !== undefined && route.mirrorPercent !== null) {
    if (Number(route.mirrorPercent) > 100) {
      faults.push(`mirror_percent must have a max value of 100 (it has ${route.mirrorPercent})`);
    }
    warnings.push('using deprecated setting "mirrorPercent", use "mirrorPercentage" instead');
  }
  if (isObject(route.mirrorPercentage)) {
    const value = Number(route.mirrorPercentage.value ?? 0);
    if (value > 100) faults.push(`mirror_percentage must have a max value of 100 (it has ${value.toFixed(6)})`);
    if (value < 0) faults.push(`mirror_percentage must have a min value of 0 (it has ${value.toFixed(6)})`);
  }
  if (route.mirror !== undefined && objects(route.mirrors).length > 0) {
    faults.push('HTTP route cannot contain both mirror and mirrors');
  }
  if (isObject(route.mirror)) faults.push(...destinationFaults(route.mirror));
  for (const mirror of objects(route.mirrors)) {
    if (isObject(mirror.destination)) faults.push(...destinationFaults(mirror.destination));
    else faults.push('destination is required for mirrors');
  }
  faults.push(...destinationsFaults(destinations));
  return faults;
}

/** No sum is demanded: weights are proportional. Only nothing at all is refused, and only between several. */
function destinationsFaults(routes: JsonObject[]): Faults {
  const faults: Faults = [];
  let total = 0;
  for (const route of routes) {
    if (isObject(route.destination)) faults.push(...destinationFaults(route.destination));
    else faults.push('destination is required');
    const weight = Number(route.weight ?? 0);
    if (weight < 0) faults.push(`weight ${weight} < 0`);
    total += weight;
  }
  if (routes.length > 1 && total === 0) faults.push('total destination weight = 0');
  return faults;
}

export function destinationFaults(destination: JsonObject): Faults {
  const host = typeof destination.host === 'string' ? destination.host : '';
  const faults: Faults = [host === '*' ? `invalid destination host ${host}` : hostFault(host)];
  if (typeof destination.subset === 'string' && destination.subset !== '') faults.push(subsetFault(destination.subset));
  if (isObject(destination.port)) faults.push(portFault(Number(destination.port.number ?? 0)));
  return faults;
}

function faultFaults(fault: Json | undefined): Faults {
  if (!isObject(fault)) return [];
  const { abort, delay } = fault;
  if (!isObject(abort) && !isObject(delay)) return [['HTTP fault injection must have an abort and/or a delay']];
  const faults: Faults = [];
  for (const part of [abort, delay]) {
    if (!isObject(part) || !isObject(part.percentage)) continue;
    const value = Number(part.percentage.value ?? 0);
    if (value < 0 || value > 100 || (value > 0 && value < 0.0001)) {
      faults.push(`percentage ${value} is neither 0.0, nor in range [0.0001, 100.0]`);
    }
  }
  if (isObject(abort)) faults.push(grpcFault(abort));
  if (isObject(abort) && abort.httpStatus !== undefined) {
    const status = Number(abort.httpStatus);
    if (status < 200 || status > 600) faults.push(`HTTP status ${status} is not in range 200-599`);
  }
  if (isObject(abort) && abort.http2Error !== undefined) faults.push('HTTP/2 abort fault injection not supported yet');
  if (isObject(delay) && delay.exponentialDelay !== undefined) faults.push('exponentialDelay not supported yet');
  return faults;
}

const RETRY_ON = new Set([
  '5xx',
  'gateway-error',
  'reset',
  'reset-before-request',
  'connect-failure',
  'envoy-ratelimited',
  'retriable-4xx',
  'refused-stream',
  'retriable-status-codes',
  'retriable-headers',
  'http3-post-connect-failure',
  'cancelled',
  'deadline-exceeded',
  'internal',
  'resource-exhausted',
  'unavailable',
]);

function retryFaults(retries: Json | undefined): Faults {
  if (!isObject(retries)) return [];
  const faults: Faults = [];
  const attempts = Number(retries.attempts ?? 0);
  if (attempts < 0) faults.push(['attempts cannot be negative']);
  const more =
    retries.perTryTimeout !== undefined || retries.retryOn || typeof retries.retryRemoteLocalities === 'boolean';
  if (attempts === 0 && more) {
    faults.push('http retry policy configured when attempts are set to 0 (disabled)');
  }
  for (const policy of typeof retries.retryOn === 'string' && retries.retryOn ? retries.retryOn.split(',') : []) {
    if (!/^[1-5]\d\d$/.test(policy) && !RETRY_ON.has(policy)) faults.push(`"${policy}" is not a valid retryOn policy`);
  }
  return faults;
}

function rewriteFaults(rewrite: Json | undefined): Faults {
  if (!isObject(rewrite)) return [];
  const { uri, uriRegexRewrite, authority } = rewrite;
  if (uri && uriRegexRewrite) return ['rewrite may only contain one of URI or UriRegexRewrite'];
  if (uri || uriRegexRewrite || authority) return [];
  return [
    'rewrite must specify at least one of URI, UriRegexRewrite, or authority. Only one of URI or UriRegexRewrite may be specified',
  ];
}

/** `*.foo.com` and `*.com` are duplicates, too. */
function duplicateHosts(hosts: string[]): Faults {
  const matches = (a: string, b: string) => a === b || covers(a, b) || covers(b, a);
  const covers = (a: string, b: string) => a.startsWith('*') && b.endsWith(a.slice(1));
  return hosts.flatMap((host, index) =>
    hosts
      .slice(index + 1)
      .filter(other => matches(host, other))
      .map(other => `duplicate hosts in virtual service: ${host} & ${other}`),
  );
}

function warnOfUnused(routes: JsonObject[], warnings: string[]): void {
  const named = (route: JsonObject, index: number) =>
    typeof route.name === 'string' && route.name ? JSON.stringify(route.name) : `#${index}`;
  const unused = (rule: string, why: string) => warnings.push(`virtualService rule ${rule} not used (${why})`);
  let open = false;
  const seen = new Set<string>();
  routes.forEach((route, index) => {
    const matches = objects(route.match);
    if (matches.length === 0) {
      if (open) unused(named(route, index), 'only the last rule can have no matches');
      open = true;
      return;
    }
    if (open) {
      for (const _ of matches) unused(named(route, index), 'route without matches defined before');
      return;
    }
    const keys = matches.map(({ name: _, ...rest }) => JSON.stringify(rest));
    if (keys.every(key => seen.has(key))) unused(named(route, index), 'all matches used by prior rules');
    for (const key of keys) seen.add(key);
  });
}
