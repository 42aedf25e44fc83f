/** What is true of one Gateway now: what it listens for, who stands behind it, and who else answers there. */
import { type KubeObject, refKey, refOf } from '../../../object.ts';
import { Overlay } from '../../overlay.ts';
import { isReady, type World } from '../../world.ts';
import { objectOf, objectsOf, stringOf } from '../read.ts';
import { changed } from '../writes.ts';
import { type Answer, answerTo } from './answers.ts';
import { type Entrance, entrancesOf, keyOf, serversOf, serverWords } from './entrances.ts';
import { boundTo, nameOf } from './meant.ts';
import { isPublic, podsOf, servicePort, servicesOf } from './pods.ts';
import { isSwitchedOff, podLabels, switchedOn } from './switched.ts';

export interface GatewayPod {
  name: string;
  ready: boolean;
  node?: string;
  /** `istio.io/rev`: which istiod configures it. */
  revision?: string;
}

export interface Described {
  name: string;
  off: boolean;
  /** Empty: it is for the pods of every gateway. */
  selector: Record<string, string>;
  servers: ReturnType<typeof serverWords>[];
  pods: GatewayPod[];
  /** Where people outside reach it: `http://203.0.113.10`. Empty: nowhere that is known. */
  addresses: { service: string; url: string; isPrivate: boolean }[];
  /** What comes in, and where it goes; of one that is off, what would come in if it were on. */
  ways: { entrance: Entrance; answer: Answer }[];
  /** Bound to it by name, though no host of theirs is one of its own, or it may not serve their namespace. */
  idle: string[];
  /** Other Gateways that are on, for the same pods: what they share. */
  others: { name: string; port: number; hosts: string[] }[];
}

export function describeGateway(world: World, gateway: KubeObject): Described {
  const off = isSwitchedOff(gateway);
  const open = off ? new Overlay(world, [changed(gateway, switchedOn(gateway))]) : world;
  const ways = entrancesOf(world, gateway).map(entrance => ({ entrance, answer: answerTo(open, entrance) }));
  const served = new Set(ways.map(({ entrance }) => refKey(refOf(entrance.root))));
  return {
    name: nameOf(gateway),
    off,
    selector: podLabels(gateway),
    servers: serversOf(gateway).map(serverWords),
    pods: podsOf(world, gateway).map(podOf),
    addresses: servicesOf(world, gateway)
      .filter(isPublic)
      .flatMap(service => addressesOf(service, gateway)),
    ways: [...new Map(ways.map(way => [keyOf(way.entrance), way])).values()],
    idle: boundTo(world, gateway)
      .map(each => refKey(refOf(each)))
      .filter(key => !served.has(key)),
    others: othersAt(world, gateway),
  };
}

function podOf(pod: KubeObject): GatewayPod {
  const node = stringOf(pod.spec?.nodeName);
  const revision = pod.metadata.labels?.['istio.io/rev'];
  return {
    name: pod.metadata.name,
    ready: isReady(pod),
    ...(node !== undefined && { node }),
    ...(revision !== undefined && { revision }),
  };
}

/** Private: RFC 1918, RFC 6598 and unique local addresses, which the public internet does not route. */
const PRIVATE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd])/;

function addressesOf(service: KubeObject, gateway: KubeObject): Described['addresses'] {
  const balancer = objectOf(service.status?.loadBalancer);
  const named = objectsOf(balancer.ingress).map(({ ip, hostname }) => stringOf(ip) ?? stringOf(hostname));
  return named.flatMap(address => {
    if (address === undefined) return [];
    return serversOf(gateway).flatMap(({ port, spec }) => {
      const reached = servicePort(service, port);
      if (reached === undefined) return [];
      const protocol = (stringOf(objectOf(spec.port).protocol) ?? '').toLowerCase();
      const scheme = protocol === 'https' || protocol === 'tls' ? 'https' : protocol === 'tcp' ? 'tcp' : 'http';
      const isUsual = reached === (scheme === 'https' ? 443 : 80);
      const host = address.includes(':') ? `[${address}]` : address;
      const url = `${scheme}://${host}${isUsual ? '' : `:${reached}`}`;
      return [{ service: refKey(refOf(service)), url, isPrivate: PRIVATE.test(address) }];
    });
  });
}

/** Servers of other Gateways that are on, at its ports of the same pods. */
export function othersAt(world: World, gateway: KubeObject): Described['others'] {
  const pods = new Set(podsOf(world, gateway).map(pod => refKey(refOf(pod))));
  const ports = new Set(serversOf(gateway).map(({ port }) => port));
  return world
    .all('Gateway')
    .filter(other => nameOf(other) !== nameOf(gateway) && !isSwitchedOff(other))
    .filter(other => podsOf(world, other).some(pod => pods.has(refKey(refOf(pod)))))
    .flatMap(other =>
      serversOf(other)
        .filter(({ port }) => ports.has(port))
        .map(server => ({ name: nameOf(other), port: server.port, hosts: serverWords(server).hosts })),
    )
    .sort((a, b) => a.port - b.port || (a.name < b.name ? -1 : 1));
}
