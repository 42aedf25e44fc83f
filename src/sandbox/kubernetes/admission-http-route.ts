/** What istiod's webhook refuses of an HTTP route, in its order. */
import { STATUS_CODES } from 'node:http';
import type { Json, JsonObject } from '../../object.ts';
import { destinationsFaults, mirrorFaults } from './admission-destination.ts';
import type { Faults } from './admission-faults.ts';
import { authorityFault, durationFault, headerChangeFaults, statusFault } from './admission-fields.ts';
import { corsFaults, directFaults, grpcFault, matchesFaults, redirectFault, rewriteFault } from './admission-http.ts';
import { isObject, objects } from './schema.ts';

export function httpRouteFaults(route: JsonObject, isDelegate: boolean, warnings: string[]): Faults {
  const { rewrite, headers } = route;
  if (route.mirrorPercent !== undefined && route.mirrorPercent !== null) {
    warnings.push('using deprecated setting "mirrorPercent", use "mirrorPercentage" instead');
  }
  return [
    ...conflictFaults(route, isDelegate),
    ...matchesFaults(objects(route.match)),
    ...headerChangeFaults(headers),
    ...corsFaults(route.corsPolicy),
    ...injectionFaults(route.fault),
    ...mirrorFaults(route),
    redirectFault(route.redirect),
    ...directFaults(route.directResponse, warnings),
    ...retryFaults(route.retries),
    rewriteFault(rewrite),
    authorityFault(isObject(rewrite) ? rewrite.authority : undefined, headers),
    ...destinationsFaults(objects(route.route)),
    durationFault(route.timeout),
  ];
}

/** Of the ways to answer a route has one. */
function conflictFaults(route: JsonObject, isDelegate: boolean): Faults {
  const faults: Faults = [];
  const has = (field: string) => route[field] !== undefined;
  const isRouted = objects(route.route).length > 0;
  if (has('delegate') && !isDelegate) {
    const name = typeof route.name === 'string' ? route.name : '';
    if (has('redirect')) faults.push(`root HTTP route ${name} must not specify redirect`);
    if (isRouted) faults.push(`root HTTP route ${name} must not specify route`);
    return faults;
  }
  if (has('delegate')) faults.push('delegate HTTP route cannot contain delegate');
  const both = (field: string, rule: string, answer: string) => {
    if (has(field)) faults.push(`HTTP route${rule} cannot contain both ${answer}`);
  };
  if (has('redirect')) {
    if (isRouted) both('route', '', 'route and redirect');
    both('fault', '', 'fault and redirect');
    both('rewrite', ' rule', 'rewrite and redirect');
    both('directResponse', ' rule', 'direct_response and redirect');
  } else if (has('directResponse')) {
    if (isRouted) both('route', '', 'route and direct_response');
    both('fault', '', 'fault and direct_response');
    both('rewrite', ' rule', 'rewrite and direct_response');
  } else if (!isRouted) faults.push('HTTP route, redirect or direct_response is required');
  if (has('mirror') && objects(route.mirrors).length > 0) {
    faults.push('HTTP route cannot contain both mirror and mirrors');
  }
  return faults;
}

function injectionFaults(fault: Json | undefined): Faults {
  if (!isObject(fault)) return [];
  const { abort, delay } = fault;
  if (!isObject(abort) && !isObject(delay)) return [['HTTP fault injection must have an abort and/or a delay']];
  const faults: Faults = [];
  if (isObject(abort)) {
    faults.push(percentFault(abort), grpcFault(abort));
    if (abort.http2Error !== undefined) faults.push('HTTP/2 abort fault injection not supported yet');
    if (abort.httpStatus !== undefined) faults.push(statusFault(Number(abort.httpStatus)));
  }
  if (isObject(delay)) {
    faults.push(percentFault(delay), durationFault(delay.fixedDelay), durationFault(delay.exponentialDelay));
    if (delay.exponentialDelay !== undefined) faults.push(['exponentialDelay not supported yet']);
  }
  return faults;
}

function percentFault({ percentage }: JsonObject): string | undefined {
  const value = isObject(percentage) ? Number(percentage.value ?? 0) : 0;
  const isFit = value === 0 || (value >= 0.0001 && value <= 100);
  return isFit ? undefined : `percentage ${asGo(value)} is neither 0.0, nor in range [0.0001, 100.0]`;
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

/** As Go writes a number: `1e-05`. */
function asGo(value: number): string {
  const isSmall = value !== 0 && Math.abs(value) < 1e-4;
  return isSmall ? value.toExponential().replace(/-(\d)$/, '-0$1') : String(value);
}

/** Of these statuses Go knows the words; Node knows 509 besides. */
const isStatus = (text: string) => STATUS_CODES[text] !== undefined && text !== '509';

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
  faults.push(durationFault(retries.perTryTimeout));
  for (const policy of typeof retries.retryOn === 'string' && retries.retryOn ? retries.retryOn.split(',') : []) {
    if (!isStatus(policy) && !RETRY_ON.has(policy)) faults.push(`"${policy}" is not a valid retryOn policy`);
  }
  return [...faults, durationFault(retries.backoff)];
}
