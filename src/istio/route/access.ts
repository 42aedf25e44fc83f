/** Whether the proxy in front of a pod lets a request in: what the AuthorizationPolicies for it say together. */
import type { JsonObject, KubeObject, ObjectRef } from '../../object.ts';
import { refOf } from '../../object.ts';
import type { World } from '../world.ts';
import { hasLabels, labels, object, objects, strings, text } from './json.ts';

/** A request as it comes to the pod, after all that its route has changed. */
export interface Arriving {
  /** Of the pod. */
  port: number;
  host: string;
  /** With its query. */
  path: string;
  method: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** Who sends it, as mutual TLS shows it; absent: it came without. */
  source?: { namespace: string; serviceAccount: string };
}

/** `by`: the policy that denies; absent where there are only such that allow, and none allows this. */
export type Access = { allowed: true } | { allowed: false; by?: ObjectRef; why: string };

const ALLOWED: Access = { allowed: true };

/**
 * A DENY that matches refuses; then, where there is any ALLOW for the pod, one of them has to match. AUDIT decides
 * nothing, and what a CUSTOM policy asks others about is not known here.
 * https://istio.io/latest/docs/concepts/security/#implicit-enablement
 */
export function accessTo(world: World, pod: KubeObject, request: Arriving): Access {
  const policies = policiesFor(world, pod);
  const denying = policies.filter(each => actionOf(each) === 'DENY').find(each => matchesAny(each, request));
  if (denying) return { allowed: false, by: refOf(denying), why: `${nameOf(denying)} denies it` };
  const allowing = policies.filter(each => actionOf(each) === 'ALLOW');
  if (allowing.length === 0 || allowing.some(each => matchesAny(each, request))) return ALLOWED;
  return { allowed: false, why: `none of ${allowing.map(nameOf).join(', ')} allows it` };
}

function policiesFor(world: World, pod: KubeObject): KubeObject[] {
  const spaces = new Set([world.rootNamespace, pod.metadata.namespace ?? '']);
  return [...spaces]
    .flatMap(namespace => world.inNamespace('AuthorizationPolicy', namespace))
    .filter(({ spec }) => hasLabels(pod.metadata.labels ?? {}, labels(object(spec?.selector)?.matchLabels)));
}

const actionOf = ({ spec }: KubeObject) => text(spec?.action) ?? 'ALLOW';
const nameOf = ({ metadata }: KubeObject) => `AuthorizationPolicy ${metadata.namespace}/${metadata.name}`;

/** A policy without rules matches nothing, an empty rule everything. */
function matchesAny({ spec }: KubeObject, request: Arriving): boolean {
  return objects(spec?.rules).some(rule => {
    const from = objects(rule.from);
    const to = objects(rule.to);
    return (
      (from.length === 0 || from.some(each => isFrom(object(each.source) ?? {}, request))) &&
      (to.length === 0 || to.some(each => isTo(object(each.operation) ?? {}, request))) &&
      objects(rule.when).every(each => holds(each, request))
    );
  });
}

function isFrom(source: JsonObject, { source: sender }: Arriving): boolean {
  const principal = sender && `cluster.local/ns/${sender.namespace}/sa/${sender.serviceAccount}`;
  return (
    listed(source, 'principals', 'notPrincipals', wanted => principal !== undefined && isLike(wanted, principal)) &&
    listed(
      source,
      'namespaces',
      'notNamespaces',
      wanted => sender !== undefined && isLikeInside(wanted, sender.namespace),
    )
  );
}

function isTo(operation: JsonObject, { host, path, method, port }: Arriving): boolean {
  const bare = path.replace(/[?#].*$/, '');
  return (
    listed(operation, 'hosts', 'notHosts', wanted => isLike(wanted.toLowerCase(), host.toLowerCase())) &&
    listed(operation, 'paths', 'notPaths', wanted => isLike(wanted, bare)) &&
    listed(operation, 'methods', 'notMethods', wanted => isLike(wanted, method)) &&
    listed(operation, 'ports', 'notPorts', wanted => Number(wanted) === port)
  );
}

function holds(condition: JsonObject, request: Arriving): boolean {
  const key = text(condition.key) ?? '';
  const { source } = request;
  const header = /^request\.headers\[(.+)\]$/.exec(key)?.[1]?.toLowerCase();
  const is = (wanted: string): boolean => {
    if (header !== undefined) return isLike(wanted, request.headers[header]);
    if (key === 'source.namespace') return source !== undefined && isLikeInside(wanted, source.namespace);
    if (key === 'source.principal') {
      return source !== undefined && isLike(wanted, `cluster.local/ns/${source.namespace}/sa/${source.serviceAccount}`);
    }
    return key === 'destination.port' && Number(wanted) === request.port;
  };
  return listed(condition, 'values', 'notValues', is);
}

/** One of those listed, and none of those excluded. */
function listed(holder: JsonObject, field: string, not: string, is: (wanted: string) => boolean): boolean {
  const wanted = strings(holder[field]);
  return (wanted.length === 0 || wanted.some(is)) && !strings(holder[not]).some(is);
}

/** `*`: anything that is there; else a star stands at one end. */
function isLike(wanted: string, value: string | undefined): boolean {
  if (value === undefined) return false;
  if (wanted === '*') return value !== '';
  if (wanted.startsWith('*')) return value.endsWith(wanted.slice(1));
  return wanted.endsWith('*') ? value.startsWith(wanted.slice(0, -1)) : value === wanted;
}

/** Stars may stand anywhere in the name of a namespace. */
function isLikeInside(wanted: string, value: string): boolean {
  const parts = wanted.split('*');
  if (parts.length === 1) return wanted === value;
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (!value.startsWith(first) || !value.endsWith(last) || value.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = value.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= value.length - last.length;
}
