/** Faults, retries, timeout, header operations and mirror percents of an HTTP route, read with Istio's defaults. */
import type { Json, JsonObject } from '../../object.ts';
import type { Fault, HeaderOps, Retries } from './decision.ts';
import { duration, labels, number, object, strings, text } from './json.ts';

/** Istio's default of a route that says nothing: MeshConfig.defaultHttpRetryPolicy. */
export const DEFAULT_RETRIES: Retries = {
  attempts: 2,
  retryOn: 'connect-failure,refused-stream,unavailable,cancelled',
};

/** A percentage that is not given is 0: nobody is delayed or aborted. */
export function faultOf(route: JsonObject): Fault | undefined {
  const spec = object(route.fault);
  const delay = object(spec?.delay);
  const abort = object(spec?.abort);
  const fixed = duration(delay?.fixedDelay);
  const status = number(abort?.httpStatus) ?? (abort?.grpcStatus === undefined ? undefined : 200);
  const fault: Fault = {
    ...(delay && fixed !== undefined
      ? { delay: { fixed, percent: percentage(delay.percentage) ?? number(delay.percent) ?? 0 } }
      : {}),
    ...(abort && status !== undefined ? { abort: { status, percent: percentage(abort.percentage) ?? 0 } } : {}),
  };
  return fault.delay || fault.abort ? fault : undefined;
}

export function retriesOf(route: JsonObject): Retries {
  const spec = object(route.retries);
  if (!spec) return DEFAULT_RETRIES;
  const perTryTimeout = duration(spec.perTryTimeout);
  return {
    attempts: number(spec.attempts) ?? 0,
    retryOn: text(spec.retryOn) ?? DEFAULT_RETRIES.retryOn,
    ...(perTryTimeout ? { perTryTimeout } : {}),
  };
}

/** ms; undefined: no limit. */
export function timeoutOf(route: JsonObject): number | undefined {
  return duration(route.timeout) || undefined;
}

export interface HeaderChanges {
  request: HeaderOps;
  response: HeaderOps;
  /** Setting Host means rewriting the authority. */
  authority?: string;
}

/** Names that begin with `:`, and Host, are no headers to Envoy; both of them are left out of the operations. */
export function headersOf(holder: JsonObject): HeaderChanges {
  const spec = object(holder.headers);
  const request = object(spec?.request);
  const authority = authorityIn(request?.set) ?? authorityIn(request?.add);
  return {
    request: ops(request),
    response: ops(object(spec?.response)),
    ...(authority === undefined ? {} : { authority }),
  };
}

function ops(spec: JsonObject | undefined): HeaderOps {
  return {
    set: changeable(labels(spec?.set)),
    add: changeable(labels(spec?.add)),
    remove: strings(spec?.remove).filter(name => !isInternal(name)),
  };
}

function changeable(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !isInternal(name)));
}

function isInternal(name: string): boolean {
  return name.startsWith(':') || name.toLowerCase() === 'host';
}

function authorityIn(headers: Json | undefined): string | undefined {
  for (const [name, value] of Object.entries(object(headers) ?? {})) {
    if ([':authority', 'host'].includes(name.toLowerCase())) return String(value);
  }
  return undefined;
}

/** Both spellings of the old field, the new one first; 100 where none is given. */
export function mirrorPercent(route: JsonObject): number {
  return (
    percentage(route.mirrorPercentage) ??
    percentage(route.mirror_percentage) ??
    number(route.mirrorPercent) ??
    number(route.mirror_percent) ??
    100
  );
}

/** `{value: 12.5}`; a value that is not there is 0. */
export function percentage(spec: Json | undefined): number | undefined {
  const found = object(spec);
  return found ? (number(found.value) ?? 0) : undefined;
}
