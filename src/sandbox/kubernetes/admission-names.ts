/** Names as istiod's webhook checks them, and the lists that its checks walk through. */
import type { Json, JsonObject } from '../../object.ts';
import { isObject } from './schema.ts';

export const objects = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);
export const strings = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter(item => typeof item === 'string') : [];

const LABEL = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const WILDCARD_LABEL = /^(\*|(\*|\*-)?[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)$/;

/** The fault of a host name that may begin with `*`, if it has one. */
export function hostFault(host: string): string | undefined {
  if (host.length === 0) return 'empty domain name not allowed';
  if (host.length > 255) return `domain name "${host}" too long (max 255)`;
  const labels = host.replace(/\.$/, '').split('.');
  const wrong = labels.find((label, index) => label.length > 63 || !(index === 0 ? WILDCARD_LABEL : LABEL).test(label));
  return wrong === undefined ? undefined : `domain name "${host}" invalid (label "${wrong}" invalid)`;
}

/** Several faults, as istiod words them. A few it words so even where there is but one. */
export function listed(faults: string[]): string {
  const count = faults.length === 1 ? '1 error' : `${faults.length} errors`;
  return `${count} occurred:\n${faults.map(fault => `\t* ${fault}\n`).join('')}\n`;
}

export function subsetFault(name: string): string | undefined {
  if (name === '') return 'subset name cannot be empty';
  return /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(name) && name.length <= 63
    ? undefined
    : `subset name is invalid: ${name}`;
}

export function portFault(port: number): string | undefined {
  return port >= 1 && port <= 65535 ? undefined : `port number ${port} must be in the range 1..65535`;
}

export const PROTOCOLS = new Set([
  'HTTP',
  'HTTPS',
  'GRPC',
  'GRPC-WEB',
  'HTTP2',
  'MONGO',
  'REDIS',
  'MYSQL',
  'TCP',
  'TLS',
  'HTTP_PROXY',
  'HBONE',
]);
