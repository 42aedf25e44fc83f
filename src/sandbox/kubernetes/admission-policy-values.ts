/** What istiod's webhook refuses of the values that an AuthorizationPolicy asks for. */
import { isIP } from 'node:net';
import { listed } from './admission-faults.ts';
import { rangeFault } from './admission-ports.ts';

export function emptyFault(field: string, values: string[]): string | undefined {
  return values.includes('') ? `empty value not allowed, found in ${field}` : undefined;
}

export function trustDomainFault(field: string, values: string[]): string | undefined {
  const inner = values.find(value => value.includes('/'));
  return (
    wildcardFault(field, values) ??
    (inner === undefined ? undefined : `trust domain must not contain '/', found in ${field}: ${JSON.stringify(inner)}`)
  );
}

/** One `*`, in front or at the end. */
function wildcardFault(field: string, values: string[]): string | undefined {
  for (const value of values) {
    const stars = value.split('*').length - 1;
    const where = `found in ${field}: ${JSON.stringify(value)}`;
    if (stars > 1) return emptyFault(field, values) ?? `at most one wildcard is allowed, ${where}`;
    if (stars === 1 && !value.startsWith('*') && !value.endsWith('*')) {
      return emptyFault(field, values) ?? `wildcard is only allowed at the start or end, ${where}`;
    }
  }
  return emptyFault(field, values);
}

export function serviceAccountFault(field: string, values: string[]): string | undefined {
  if (values.length > 16) return 'may not have more than 16 values';
  return values.map(value => oneServiceAccountFault(field, value)).find(fault => fault !== undefined);
}

function oneServiceAccountFault(field: string, value: string): string | undefined {
  const quoted = JSON.stringify(value);
  const expected = "expected format 'serviceAccount' or 'namespace/serviceAccount'";
  const parts = value.split('/');
  if (value === '') return `empty value not allowed, found in ${field}`;
  if (value.includes('*')) return `wildcard not allowed, found in ${field}`;
  if (parts.length > 2) return `${expected}, found ${quoted} in ${field}`;
  if (value.length > 320) return `value cannot exceed 320 characters, found ${quoted} in ${field}`;
  if (parts[0] === '') return `${expected}, found empty namespace ${quoted} in ${field}`;
  return parts[1] === '' ? `${expected}, found empty serviceAccount ${quoted} in ${field}` : undefined;
}

const LITERAL = /^[a-zA-Z0-9-._~%!$&'()+,;:@=]+$/;

/** `{*}` stands for a segment, `{**}` for all that are left. */
export function pathFault(field: string, paths: string[]): string | undefined {
  return paths.map(path => onePathFault(field, path)).find(fault => fault !== undefined);
}

function onePathFault(field: string, given: string): string | undefined {
  const isTemplate = given.includes('{*}') || given.includes('{**}');
  const path = given.replace(/^\/+|\/+$/g, '');
  const wrong = `invalid or unsupported path ${path}, found in ${field}.`;
  let isOver = false;
  for (const segment of path.split('/')) {
    if (segment === '{*}' || segment === '{**}') {
      if (isOver) return `${wrong} {**} is not the last operator`;
      isOver = segment === '{**}';
    } else if (/[{}]/.test(segment)) {
      return `${wrong} Contains '{' or '}' beyond a supported path template`;
    } else if (isTemplate && !LITERAL.test(segment)) {
      return `${wrong} Contains segment ${segment} with invalid string literal`;
    }
  }
  return undefined;
}

/** Addresses, and ranges of them. */
export function addressFaults(addresses: string[]): string[] {
  return addresses.map(addressFault).filter(fault => fault !== undefined);
}

function addressFault(text: string): string | undefined {
  if (!text.includes('/')) return isIP(text) === 0 ? `bad IP address (${text})` : undefined;
  const why = rangeFault(text);
  return why && `bad CIDR range (${text}): netip.ParsePrefix(${JSON.stringify(text)}): ${why}`;
}

export function portFaults(ports: string[]): string[] {
  return ports.map(onePortFault).filter(fault => fault !== undefined);
}

/** 0 is a port here. */
function onePortFault(port: string): string | undefined {
  const unread = (why: string) => `bad port (${port}): strconv.ParseUint: parsing ${JSON.stringify(port)}: ${why}`;
  if (!/^\d+$/.test(port)) return unread('invalid syntax');
  if (Number(port) >= 2 ** 32) return unread('value out of range');
  return Number(port) > 65535 ? `bad port (${port}): <nil>` : undefined;
}

const ADDRESSES = ['source.ip', 'remote.ip', 'destination.ip'];
const MAPS = ['request.headers', 'request.auth.claims', 'experimental.envoy.filters.'];
const FREE = [
  'source.namespace',
  'source.principal',
  'request.auth.principal',
  'request.auth.audiences',
  'request.auth.presenter',
  'connection.sni',
];

/** Of the key of a condition, or of its values. https://istio.io/latest/docs/reference/config/security/conditions/ */
export function attributeFault(key: string, values: string[]): string | undefined {
  const empty = emptyFault(key, values);
  if (empty) return empty;
  if (FREE.includes(key)) return undefined;
  if (ADDRESSES.includes(key)) return listedFault(addressFaults(values));
  if (key === 'destination.port') return listedFault(portFaults(values));
  if (key === 'source.serviceAccount') return serviceAccountFault(key, values);
  if (key === 'source.trustDomain') return wildcardFault(key, values);
  if (MAPS.some(map => key.startsWith(map))) {
    return /^[^[]+\[.+\]$/.test(key) ? undefined : `bad key (${key}): should have format a[b]`;
  }
  if (key === 'destination.namespace') return `attribute ${key} is replaced by the metadata.namespace`;
  if (key.startsWith('destination.labels')) return `attribute ${key} is replaced by the workload selector`;
  if (key === 'destination.name' || key === 'destination.user') {
    return `deprecated attribute ${key}: only supported in v1alpha1`;
  }
  return `unknown attribute: ${key}`;
}

const listedFault = (faults: string[]) => (faults.length === 0 ? undefined : listed(faults));
