/** Where the mesh's front door is: as configured, or as its Service says. Pure. */
import { podLabels } from '../istio/edit/gateway/switched.ts';
import { isReady, type World } from '../istio/world.ts';
import type { JsonObject, KubeObject } from '../object.ts';
import { ProbeError } from '../ports.ts';
import { httpPort, portsOf } from './services.ts';

export interface GatewayAddress {
  host: string;
  port: number;
  /** From the configuration: it may be on this machine. An address read from the cluster may not. */
  trusted: boolean;
}

/** An address from the configuration, `http://host:port`. */
export function configuredAddress(address: string): GatewayAddress {
  const url = new URL(address);
  return { host: url.hostname, port: Number(url.port || 80), trusted: true };
}

/**
 * What the cluster says. `name`: of a Gateway or of its Service; undefined: the first that has one. `port`: the one in
 * the URL, where one was said. Throws ProbeError with the next step where there is no way in.
 */
export function discoveredAddress(world: World, name: string | undefined, port: number | undefined): GatewayAddress {
  const service = serviceOfGateway(world, name);
  const door = port === undefined ? httpPort(service) : portsOf(service).find(candidate => candidate.port === port);
  if (!door) {
    const known = portsOf(service).map(({ port }) => port);
    throw new ProbeError(`The gateway ${service.metadata.name} has no port ${port}; it has ${known.join(', ')}.`);
  }
  const [balancer] = ingressOf(service);
  const host = balancer?.ip ?? balancer?.hostname;
  if (typeof host === 'string') return { host, port: door.port, trusted: false };
  const node = nodeOf(world, service);
  if (door.nodePort !== undefined && node) return { host: node, port: door.nodePort, trusted: false };
  throw new ProbeError(
    `The gateway ${service.metadata.name} has no address yet; set one under \`gateway:\` in meshbot.yaml.`,
  );
}

/** The Service in front of the pods that a Gateway selects. `name`: of the Gateway or of the Service. */
function serviceOfGateway(world: World, name: string | undefined): KubeObject {
  const gateways = world.all('Gateway').sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
  const meant = name === undefined ? gateways : gateways.filter(gateway => named(gateway, name));
  const services = world
    .all('Service')
    .filter(({ spec }) => spec?.type === 'LoadBalancer' || spec?.type === 'NodePort');
  for (const gateway of meant) {
    // One that is switched off leads to the same Service: that is where it must be seen that nobody answers.
    const selector = Object.entries(podLabels(gateway));
    const found = services.find(
      ({ spec }) =>
        selector.length > 0 && selector.every(([label, value]) => (spec?.selector as JsonObject)?.[label] === value),
    );
    if (found) return found;
  }
  const byName = services.find(service => name !== undefined && named(service, name));
  if (byName) return byName;
  const known = gateways.map(({ metadata }) => metadata.name).join(', ');
  throw new ProbeError(
    name === undefined
      ? 'No ingress gateway is known; set its address under `gateway:` in meshbot.yaml.'
      : `No gateway '${name}' with a Service is known; known are: ${known || 'none'}.`,
  );
}

function named({ metadata }: KubeObject, name: string): boolean {
  return name === metadata.name || name === `${metadata.namespace}/${metadata.name}`;
}

function ingressOf(service: KubeObject): JsonObject[] {
  const balancer = service.status?.loadBalancer as JsonObject | undefined;
  return Array.isArray(balancer?.ingress) ? (balancer.ingress as JsonObject[]) : [];
}

function nodeOf(world: World, service: KubeObject): string | undefined {
  const pods = world.pods(service.metadata.namespace ?? '', (service.spec?.selector ?? {}) as Record<string, string>);
  const address = pods.find(isReady)?.status?.hostIP;
  return typeof address === 'string' ? address : undefined;
}
