/** What the world knows of the Services and gateways that a probe may go to. Pure. */
import { hostMeant, serviceOf } from '../istio/hosts.ts';
import { covers } from '../istio/route/patterns.ts';
import type { World } from '../istio/world.ts';
import type { JsonObject, KubeObject } from '../object.ts';

export interface ServicePort {
  port: number;
  name: string;
  targetPort: string | number;
  nodePort: number | undefined;
}

export function portsOf(service: KubeObject): ServicePort[] {
  const ports = Array.isArray(service.spec?.ports) ? (service.spec.ports as JsonObject[]) : [];
  return ports.map(({ port, name, targetPort, nodePort }) => ({
    port: Number(port),
    name: typeof name === 'string' ? name : '',
    targetPort: typeof targetPort === 'string' || typeof targetPort === 'number' ? targetPort : Number(port),
    nodePort: typeof nodePort === 'number' ? nodePort : undefined,
  }));
}

/** The port to which HTTP goes when none is said: one named http…, else 80, else the first. */
export function httpPort(service: KubeObject): ServicePort | undefined {
  const ports = portsOf(service);
  return ports.find(({ name }) => /^(http2?|web)(-|$)/.test(name)) ?? ports.find(({ port }) => port === 80) ?? ports[0];
}

/** The Service that a host name means: `reviews`, `reviews.shop`, `reviews.shop.svc` or all of it. */
export function findService(world: World, host: string, namespace: string): KubeObject | undefined {
  const meant = serviceOf(hostMeant(host, namespace));
  return meant && world.get('Service', meant.namespace, meant.name);
}

/** Whether some Gateway with a VirtualService answers to this host from outside. */
export function isExposed(world: World, host: string): boolean {
  const bound = world
    .forHost('VirtualService', host)
    .filter(({ spec }) => Array.isArray(spec?.gateways) && spec.gateways.some(gateway => gateway !== 'mesh'));
  return (
    bound.length > 0 && world.all('Gateway').some(gateway => hostsOf(gateway).some(served => covers(served, host)))
  );
}

function hostsOf(gateway: KubeObject): string[] {
  const servers = Array.isArray(gateway.spec?.servers) ? (gateway.spec.servers as JsonObject[]) : [];
  return servers
    .flatMap(({ hosts }) => (Array.isArray(hosts) ? hosts : []))
    .filter(host => typeof host === 'string')
    .map(host => host.slice(host.indexOf('/') + 1).toLowerCase());
}
