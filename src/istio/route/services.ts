/** Which service a host names, as one client's proxy knows it: a Kubernetes Service or a ServiceEntry. */
import type { KubeObject } from '../../object.ts';
import { hostMeant, serviceOf } from '../hosts.ts';
import type { World } from '../world.ts';
import { number, object, objects, strings, text, word } from './json.ts';
import { covers, specificity } from './patterns.ts';
import { byAge, serviceVisible, visibility } from './visibility.ts';

interface ServicePort {
  number: number;
  /** On the pod; a name where the Service says a name. */
  target: number | string;
  /** Whether `spec.http` of a VirtualService speaks for it; a port of unknown protocol is sniffed, so it does. */
  http: boolean;
}

export interface MeshService {
  host: string;
  namespace: string;
  ports: ServicePort[];
  /** The Service or ServiceEntry. */
  object: KubeObject;
}

/**
 * `reviews`, `reviews.default`, `reviews.default.svc` and the full name are one host to a client in `namespace`;
 * other names are as they are. A port behind the name is dropped.
 * https://istio.io/latest/docs/ops/configuration/traffic-management/traffic-routing/
 */
export function requestHost(world: World, host: string, namespace: string): string {
  const name = host.toLowerCase().replace(/:\d+$/, '');
  const [first = '', second, ...rest] = name.split('.');
  // Two labels may as well be a name outside.
  if (second !== undefined && rest.length === 0 && !world.get('Service', second, first)) return name;
  return hostMeant(name, namespace);
}

/** The service of that fully qualified host, if its exportTo lets `namespace` see it. */
export function findService(world: World, host: string, namespace: string): MeshService | undefined {
  const named = serviceOf(host);
  const service = named && world.get('Service', named.namespace, named.name);
  if (service) {
    if (!serviceVisible(service, namespace)) return undefined;
    return { host, namespace: named.namespace, ports: portsOf(service), object: service };
  }
  const entries = world
    .forHost('ServiceEntry', host)
    .filter(entry => visibility(entry, namespace) !== undefined)
    .sort((a, b) => reach(b, host) - reach(a, host) || byAge(a, b));
  const entry = entries[0];
  return entry && { host, namespace: entry.metadata.namespace ?? '', ports: portsOf(entry), object: entry };
}

/**
 * What a VirtualService's destination leads to for a sidecar: also what its own namespace has without exporting it to
 * itself, of which it has a cluster though no name.
 */
export function findDestination(world: World, host: string, namespace: string): MeshService | undefined {
  const visible = findService(world, host, namespace);
  if (visible) return visible;
  const named = serviceOf(host);
  const service = named?.namespace === namespace ? world.get('Service', namespace, named.name) : undefined;
  const entries = world.forHost('ServiceEntry', host).filter(each => each.metadata.namespace === namespace);
  const object = service ?? entries.sort((a, b) => reach(b, host) - reach(a, host) || byAge(a, b))[0];
  return object && { host, namespace, ports: portsOf(object), object };
}

/** The Service that an ExternalName stands for, followed once; the service itself otherwise. */
export function unaliased(world: World, service: MeshService, namespace: string): MeshService {
  const alias = service.object.spec?.type === 'ExternalName' ? text(service.object.spec.externalName) : undefined;
  if (!alias) return service;
  return findService(world, alias, namespace) ?? { ...service, host: alias };
}

function reach(entry: KubeObject, host: string): number {
  const patterns = strings(entry.spec?.hosts).filter(pattern => covers(pattern, host));
  return Math.max(...patterns.map(specificity), 0);
}

function portsOf(service: KubeObject): ServicePort[] {
  return objects(service.spec?.ports).flatMap(port => {
    const found = number(port.port) ?? number(port.number);
    if (found === undefined) return [];
    const target = typeof port.targetPort === 'string' ? port.targetPort : (number(port.targetPort) ?? found);
    return [{ number: found, target, http: isHttp(text(port.appProtocol) ?? text(port.protocol), text(port.name)) }];
  });
}

const NOT_HTTP = new Set(['https', 'tls', 'tcp', 'udp', 'mongo', 'mysql', 'redis']);

/** https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/ */
function isHttp(protocol: string | undefined, name: string | undefined): boolean {
  const told = protocol?.toLowerCase();
  if (told && told !== 'tcp') return !NOT_HTTP.has(told.replace(/^kubernetes\.io\//, ''));
  return !NOT_HTTP.has((name ?? '').split('-')[0]!.toLowerCase());
}

/** Labels that a pod must carry to belong to the service; undefined where it does not choose by labels. */
export function selectorOf(service: KubeObject): Record<string, string> | undefined {
  const spec = service.spec ?? {};
  const selector = service.kind === 'Service' ? object(spec.selector) : object(object(spec.workloadSelector)?.labels);
  if (!selector || Object.keys(selector).length === 0) return undefined;
  return Object.fromEntries(Object.entries(selector).map(([name, value]) => [name, word(value)]));
}
