/** Under which names the World keeps an object, and under which it looks for a host. */
import type { JsonObject, KubeObject } from '../object.ts';
import { fullHost } from './hosts.ts';
import { object, objects, strings, text } from './route/json.ts';
import { covers, specificity } from './route/patterns.ts';

/** Hosts that an object names, fully qualified; wildcards inside a label under what they end in as well. */
export function hostKeys(named: KubeObject): string[] {
  return hostsNamed(named).flatMap(host => (isPartial(host) ? [host, partialKey(host)] : [host]));
}

function hostsNamed({ kind, metadata, spec }: KubeObject): string[] {
  const namespace = metadata.namespace ?? '';
  if (kind === 'DestinationRule') return typeof spec?.host === 'string' ? [fullHost(spec.host, namespace)] : [];
  if (kind !== 'VirtualService' && kind !== 'ServiceEntry') return [];
  return strings(spec?.hosts).map(host => fullHost(host, namespace));
}

/** `a.b.c` → `a.b.c`, `*.b.c`, `*.c`, `*`, each wildcard after those inside a label: the most specific first. */
export function coveringKeys(host: string): string[] {
  const labels = host.split('.');
  const endings = labels.map((_, index) => ['', ...labels.slice(index + 1)].join('.'));
  return [host, ...endings.flatMap(ending => [`*?${ending}`, `*${ending}`]).filter(key => key !== host)];
}

/** Of what is kept under one key of `coveringKeys`, what covers the host, the most specific first. */
export function covering(kept: Iterable<KubeObject>, key: string, host: string): KubeObject[] {
  if (!key.startsWith('*?')) return [...kept];
  return [...kept]
    .map(named => {
      const reaches = hostsNamed(named).filter(each => isPartial(each) && partialKey(each) === key);
      return { named, reach: Math.max(0, ...reaches.filter(each => covers(each, host)).map(specificity)) };
    })
    .filter(({ reach }) => reach > 0)
    .sort((a, b) => b.reach - a.reach)
    .map(({ named }) => named);
}

/**
 * A wildcard inside the first label, `*-shop.example.com`: Istio takes it in a VirtualService and a DestinationRule,
 * and refuses it in a Gateway and a ServiceEntry.
 */
function isPartial(host: string): boolean {
  return host.length > 1 && host.startsWith('*') && host[1] !== '.';
}

function partialKey(host: string): string {
  const dot = host.indexOf('.');
  return `*?${dot < 0 ? '' : host.slice(dot)}`;
}

/** Where the label index keeps a pod. */
export function labelKeys({ kind, metadata }: KubeObject): string[] {
  if (kind !== 'Pod') return [];
  return Object.entries(metadata.labels ?? {}).map(([label, value]) => `${metadata.namespace ?? ''}/${label}=${value}`);
}

/**
 * Where a VirtualService of a gateway leads: hosts of its destinations, and the VirtualServices that it delegates to.
 * A delegate, which may be a gateway's, leads to its own destinations. One of the mesh alone is found by its hosts.
 */
export function leadKeys({ kind, metadata, spec }: KubeObject): string[] {
  if (kind !== 'VirtualService') return [];
  const isDelegate = strings(spec?.hosts).length === 0;
  if (!isDelegate && !strings(spec?.gateways).some(gateway => gateway !== 'mesh')) return [];
  const namespace = metadata.namespace ?? '';
  const routes = ['http', 'tls', 'tcp'].flatMap(section => objects(spec?.[section]));
  return routes.flatMap(route => [...destinationsOf(route, namespace), ...delegatesOf(route, namespace)]);
}

function destinationsOf(route: JsonObject, namespace: string): string[] {
  const hosts = objects(route.route).map(entry => text(object(entry.destination)?.host));
  return hosts.flatMap(host => (host === undefined ? [] : [destinationKey(fullHost(host, namespace))]));
}

function delegatesOf(route: JsonObject, namespace: string): string[] {
  const delegate = object(route.delegate);
  const name = text(delegate?.name);
  return name === undefined ? [] : [delegateKey(text(delegate?.namespace) ?? namespace, name)];
}

export function destinationKey(host: string): string {
  return `destination/${host}`;
}

export function delegateKey(namespace: string, name: string): string {
  return `delegate/${namespace}/${name}`;
}
