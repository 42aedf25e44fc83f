/** Names as istiod's webhook checks them, and the lists that its checks walk through. */
import { isIP } from 'node:net';
import type { Json } from '../../object.ts';

export const strings = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter(item => typeof item === 'string') : [];

const LABEL = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const WILDCARD_LABEL = /^(\*|(\*|\*-)?[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)$/;
const LONGEST_LABEL = 63;

/** istiod takes capitals, too. */
export const isDnsLabel = (text: string) => text.length <= LONGEST_LABEL && LABEL.test(text);

/** The fault of a host name that may begin with `*`, if it has one. */
export function hostFault(host: string): string | undefined {
  const [first = '', ...rest] = host.split('.');
  const unfit = lengthFault(host);
  if (unfit) return unfit;
  if (first.length > LONGEST_LABEL || !WILDCARD_LABEL.test(first)) return labelFault(host, first);
  return rest.length === 0 ? undefined : labelsFault(rest.join('.'));
}

/** A name without a wildcard. */
export function fqdnFault(host: string): string | undefined {
  return lengthFault(host) ?? labelsFault(host);
}

function lengthFault(host: string): string | undefined {
  if (host.length === 0) return 'empty domain name not allowed';
  return host.length > 255 ? `domain name "${host}" too long (max 255)` : undefined;
}

function labelsFault(domain: string): string | undefined {
  const labels = domain.split('.');
  const top = labels.at(-1)!;
  if (/^[-+]?\d+$/.test(top)) {
    return `domain name "${domain}" invalid (top level domain "${top}" cannot be all-numeric)`;
  }
  const wrong = (top === '' ? labels.slice(0, -1) : labels).find(label => !isDnsLabel(label));
  return wrong === undefined ? undefined : labelFault(domain, wrong);
}

function labelFault(domain: string, label: string): string {
  return `domain name "${domain}" invalid (label "${label}" invalid)`;
}

/** `namespace/host`, as a Sidecar imports it and a Gateway serves it; a Gateway takes `host` alone, and addresses. */
export function scopedHostFaults(text: string, where: 'sidecar' | 'gateway'): string[] {
  const slash = text.indexOf('/');
  if (slash < 0) return where === 'gateway' ? bareHostFaults(text, where) : ['host must be of form namespace/dnsName'];
  const [scope, host] = [text.slice(0, slash), text.slice(slash + 1)];
  const faults: string[] = [];
  if (scope === '' || host === '') faults.push('config namespace and dnsName in host entry cannot be empty');
  // In front of a Sidecar's namespace ~ leaves it out.
  const namespace = where === 'sidecar' ? scope.replace(/^~/, '') : scope;
  const isEmpty = where === 'sidecar' && namespace === '';
  if (!isEmpty && !['*', '.'].includes(namespace) && !isDnsLabel(namespace)) {
    faults.push(`invalid namespace value "${scope}" in ${where}`);
  }
  return [...faults, ...bareHostFaults(host, where)];
}

function bareHostFaults(host: string, where: 'sidecar' | 'gateway'): string[] {
  const faults: string[] = [];
  if (host !== '*' && !host.includes('.')) faults.push('short names (non FQDN) are not allowed');
  const wrong = hostFault(host);
  // istiod says it twice of what a Sidecar imports.
  if (wrong && where === 'sidecar') faults.push(wrong);
  if (wrong && isIP(host) === 0) faults.push(wrong);
  if (host.includes('*') && host !== '*' && !host.startsWith('*.'))
    faults.push(`partial wildcard "${host}" not allowed`);
  return faults;
}

export function subsetFault(name: string): string | undefined {
  if (name === '') return 'subset name cannot be empty';
  return isDnsLabel(name) ? undefined : `subset name is invalid: ${name}`;
}
