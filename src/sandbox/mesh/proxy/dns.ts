/** What a name or an address means to a pod of the local cluster. There is no network beyond it. */
import type { World } from '../../../istio/world.ts';
import { isReady } from '../../../istio/world.ts';
import type { KubeObject } from '../../../object.ts';

export type Found =
  | { kind: 'service'; service: KubeObject }
  | { kind: 'pod'; pod: KubeObject }
  /** A name that a ServiceEntry knows, or any address: it exists, and cannot be reached from here. */
  | { kind: 'outside' };

/** undefined: the name does not resolve. */
export function lookUp(world: World, name: string, namespace: string): Found | undefined {
  const host = name.toLowerCase().replace(/\.$/, '');
  if (/^[\d.]+$/.test(host) || host.includes(':')) return atAddress(world, host);
  const labels = host.replace(/\.svc(\.cluster\.local)?$/, '').split('.');
  const service = labels.length <= 2 ? world.get('Service', labels[1] ?? namespace, labels[0]!) : undefined;
  if (service) return { kind: 'service', service };
  return world.forHost('ServiceEntry', host).length > 0 ? { kind: 'outside' } : undefined;
}

function atAddress(world: World, address: string): Found {
  const service = world.all('Service').find(each => addressesOf(each).includes(address));
  if (service) return { kind: 'service', service };
  const pod = world.all('Pod').find(each => each.status?.podIP === address);
  return pod ? { kind: 'pod', pod } : { kind: 'outside' };
}

function addressesOf(service: KubeObject): string[] {
  const status = service.status as { loadBalancer?: { ingress?: { ip?: string }[] } } | undefined;
  const balanced = (status?.loadBalancer?.ingress ?? []).flatMap(each => (each.ip ? [each.ip] : []));
  const own = service.spec?.clusterIP;
  return typeof own === 'string' && own !== 'None' ? [own, ...balanced] : balanced;
}

/** Ready pods behind a port of a Service, as kube-proxy chooses them; none where it has no such port. */
export function podsBehind(world: World, service: KubeObject, port: number): KubeObject[] {
  const ports = (service.spec?.ports ?? []) as { port?: number }[];
  if (!ports.some(each => each.port === port)) return [];
  const selector = (service.spec?.selector ?? {}) as Record<string, string>;
  return world.pods(service.metadata.namespace ?? '', selector).filter(isReady);
}
