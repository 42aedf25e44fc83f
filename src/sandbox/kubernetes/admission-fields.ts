/** What istiod's webhook refuses of fields that several kinds have: exportTo, labels, headers, regular expressions. */
import { Re2 } from '../../istio/re2/re2.ts';
import type { Json } from '../../object.ts';
import type { Faults } from './admission-faults.ts';
import { headerValueFault } from './admission-header-values.ts';
import { isDnsLabel, strings } from './admission-names.ts';
import { durationMs } from './istio-rules.ts';
import { isObject } from './schema.ts';

export const record = (value: Json | undefined): [string, Json][] => Object.entries(isObject(value) ? value : {});

export function exportFaults(exportTo: Json | undefined, namespace: string, toNobody = false): Faults {
  const listed = strings(exportTo);
  const faults: Faults = [];
  const seen = new Set<string>();
  for (const each of listed) {
    const meant = each === '.' ? namespace : each;
    if (seen.has(meant)) {
      const both = meant !== each;
      faults.push(
        both
          ? `duplicate entries in exportTo: . and current namespace ${namespace}`
          : `duplicate entries in exportTo for entry ${each}`,
      );
    } else if (each === '~' && !toNobody) {
      faults.push('exportTo ~ (none) is not allowed for Istio configuration objects');
    } else if (!['*', '~'].includes(each) && !isDnsLabel(meant)) {
      faults.push('only .,*, or a valid DNS 1123 label is allowed as exportTo entry');
    } else seen.add(meant);
  }
  if (seen.has('*') && listed.length > 1) {
    faults.push('cannot have both public (*) and non-public exportTo values for a resource');
  }
  if (seen.has('~') && listed.length > 1) faults.push('cannot export service entry to no one (~) and someone');
  return faults;
}

const TAG_NAME = /^([a-zA-Z0-9](?:[-a-zA-Z0-9_.]*[a-zA-Z0-9])?\/)?[a-zA-Z0-9](?:[-a-zA-Z0-9_.]*[a-zA-Z0-9])?$/;
const TAG_VALUE = /^([a-zA-Z0-9](?:[-a-zA-Z0-9_.]*[a-zA-Z0-9])?)?$/;

export function labelFaults(labels: Json | undefined): Faults {
  return record(labels).map(([name, value]) => [
    ...(TAG_NAME.test(name) ? [] : [`invalid tag key: "${name}"`]),
    ...(TAG_VALUE.test(String(value)) ? [] : [`invalid tag value: "${value}"`]),
  ]);
}

/** Labels by which a Sidecar or a policy chooses its pods. */
export function selectorFaults(labels: Json | undefined): string[] {
  return record(labels).flatMap(([name, value]) => {
    const pair = JSON.stringify(`${name}=${value}`);
    return [
      ...(name === '' ? [`empty key is not supported in selector: ${pair}`] : []),
      ...(pair.includes('*') ? [`wildcard is not supported in selector: ${pair}`] : []),
    ];
  });
}

/** Of a `workloadSelector`, if there is one; it warns of one that chooses every pod. `kind`: as istiod names it. */
export function workloadFaults(selector: Json | undefined, kind: string, warnings: string[]): string[] {
  if (!isObject(selector)) return [];
  const wrong = selectorFaults(selector.labels);
  if (wrong.length === 0 && record(selector.labels).length === 0) {
    warnings.push(`${kind}: workload selector specified without labels, will be applied to all services in namespace`);
  }
  return wrong;
}

/** Of a policy; it chooses every pod of its namespace then. */
export function warnOfNoLabels(selector: Json | undefined, warnings: string[]): void {
  if (isObject(selector) && record(selector.matchLabels).length === 0) {
    warnings.push('workload selector specified without labels');
  }
}

/** Shorter than a millisecond the CRD refuses, or none is meant: `idleTimeout: 0s`. */
export function durationFault(duration: Json | undefined): string | undefined {
  const ms = typeof duration === 'string' ? durationMs(duration) : 0;
  // A nanosecond is the least that Go's duration knows.
  return Math.abs(ms - Math.round(ms)) > 5e-7 ? 'only durations to ms precision are supported' : undefined;
}

/** 600 is taken. */
export function statusFault(status: number): string | undefined {
  return status < 200 || status > 600 ? `HTTP status ${status} is not in range 200-599` : undefined;
}

const HEADER_NAME = /^[!#$%&'*+-.^_`|~A-Za-z0-9]+$/;
const PSEUDO_HEADERS = [':method', ':scheme', ':authority', ':path', ':status'];

/** What a gateway asks of a token. https://istio.io/latest/docs/tasks/security/authentication/jwt-route/ */
export const isClaim = (name: string) => /^@request\.auth\.claims(\..|\[.+\]$)/i.test(name);

/** The name of a header in a match, in a CORS policy. */
export function headerNameFault(name: string): string | undefined {
  if (name === '') return 'header name cannot be empty';
  if (isClaim(name) || PSEUDO_HEADERS.includes(name)) return undefined;
  return HEADER_NAME.test(name) ? undefined : `header name ${name} is not a valid header name`;
}

const isAuthority = (name: string) => [':authority', 'host'].includes(name.toLowerCase());

/** `headers` of a route or of one of its destinations. */
export function headerChangeFaults(headers: Json | undefined): Faults {
  if (!isObject(headers)) return [];
  const faults: Faults = [];
  for (const side of ['request', 'response'] as const) {
    const spec = headers[side];
    if (!isObject(spec)) continue;
    for (const [name, value] of [...record(spec.add), ...record(spec.set)]) {
      faults.push(side === 'request' && isAuthority(name) ? undefined : changedNameFault(name));
      faults.push(headerValueFault(String(value)));
    }
    for (const name of strings(spec.remove)) faults.push(changedNameFault(name));
  }
  return faults;
}

/** Of a route: by its rewrite or by a header the authority is said once. */
export function authorityFault(rewritten: Json | undefined, headers: Json | undefined): string | undefined {
  const request = isObject(headers) && isObject(headers.request) ? headers.request : {};
  const changes = [...record(request.set), ...record(request.add)].filter(([name]) => isAuthority(name));
  const [have, other] = [rewritten, ...changes.map(([, value]) => value)].filter(Boolean);
  if (other === undefined) return undefined;
  return `authority header cannot be set multiple times: have "${have}", attempting to set "${other}"`;
}

function changedNameFault(name: string): string | undefined {
  if (name === '') return 'header name cannot be empty';
  if (name.toLowerCase() === 'host') return `invalid header "${name}": cannot set Host header`;
  return name.startsWith(':') ? `invalid header "${name}": header cannot have ":" prefix` : undefined;
}

/** A regex may not be empty anywhere, a prefix only of a path. */
export function stringMatchFault(match: Json | undefined, where: string): string | undefined {
  if (!isObject(match) || (where === 'withoutHeaders' && match.regex === '*')) return undefined;
  if (match.prefix === '' && where !== 'uri') return `"${where}": prefix string match should not be empty`;
  if (match.regex === '') return `"${where}": regex string match should not be empty`;
  return typeof match.regex === 'string' ? regexFault(match.regex, where) : undefined;
}

export function regexFault(regex: string, where: string): string | undefined {
  if (regex.length > 1024) return `"${where}": regex is too large, max length allowed is 1024`;
  if (Re2.read(regex)) return undefined;
  const page = 'https://github.com/google/re2/wiki/Syntax';
  return `"${where}": error parsing regexp: ${regex}; Istio uses RE2 style regex-based match (${page})`;
}
