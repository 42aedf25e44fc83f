/**
 * Who speaks for a host at a sidecar: one VirtualService, or the Service itself. As istiod builds the virtual hosts of a
 * port, and Envoy chooses among them.
 */
import type { KubeObject } from '../../object.ts';
import type { World } from '../world.ts';
import type { Egress } from './egress.ts';
import type { Entry } from './http-routes.ts';
import { entriesFor, httpRoutes } from './http-routes.ts';
import { byPrecedence, hostsOf, meshCandidates } from './mesh.ts';
import { bestPattern, covers } from './patterns.ts';
import type { SidecarClient } from './request.ts';
import type { MeshService } from './services.ts';
import { findService, requestHost } from './services.ts';

/** What of the mesh one client's proxy has on one port. */
interface Sight {
  world: World;
  client: SidecarClient;
  port: number;
  egress: Egress;
}

export interface Spoken {
  /** The full name that the host stands for. */
  host: string;
  /** It is known to the client, and has the port. */
  service?: MeshService;
  /** Speaks for the host; its entries are some. */
  virtualService?: KubeObject;
  entries: Entry[];
}

/** `asked`: a Host header. Neither a service nor a VirtualService: nobody speaks for the host. */
export function spokenFor(world: World, client: SidecarClient, asked: string, port: number, egress: Egress): Spoken {
  const sight = { world, client, port, egress };
  const raw = asked.toLowerCase().replace(/:\d+$/, '');
  const service = onPort(sight, raw.replace(/\.$/, '')) ?? (raw.endsWith('.') ? undefined : alias(sight, raw));
  const host = service?.host ?? requestHost(world, raw, client.namespace);
  if (service) {
    const spoken = isHttp(service, port) ? spokenForService(sight, service) : { entries: [] };
    return { host, service, ...spoken, ...claimed(sight, raw, service, spoken.virtualService) };
  }
  // A short name stands for a service alone.
  return { host, ...spokenForName(sight, raw) };
}

/**
 * The first VirtualService that names the service and has a route for this client. Only where none names it do
 * wildcards count, and of these one alone, whether it has such a route or not.
 */
function spokenForService(sight: Sight, service: MeshService): Pick<Spoken, 'virtualService' | 'entries'> {
  const named = candidates(sight, service.host).filter(each => hostsOf(each).includes(service.host));
  const speakers = named.length > 0 ? named : [wildcardFor(sight, service.host)].filter(each => each !== undefined);
  return firstWithRoutes(sight, speakers);
}

/**
 * A VirtualService that names a service by less than its whole name, `reviews.shop`, names no service: it takes the
 * requests that ask for it by just that name. Two that claim a name get it in the order in which they are built.
 */
function claimed(
  sight: Sight,
  raw: string,
  service: MeshService,
  speaker: KubeObject | undefined,
): Pick<Spoken, 'virtualService' | 'entries'> | undefined {
  if (raw === service.host) return undefined;
  const naming = candidates(sight, raw).filter(each => hostsOf(each).includes(raw) && speaksOn(sight, each));
  const { virtualService, entries } = firstWithRoutes(sight, naming);
  if (!virtualService) return undefined;
  const [first] = byPrecedence([...(speaker ? [speaker] : []), virtualService], sight.client.namespace);
  return first === virtualService ? { virtualService, entries } : undefined;
}

/** Hosts that are no service of the port: on port 80, and elsewhere beside a service that is. */
function spokenForName(sight: Sight, name: string): Pick<Spoken, 'virtualService' | 'entries'> {
  const speakers = candidates(sight, name).filter(each => speaksOn(sight, each) && entriesOf(sight, each).length > 0);
  const domains = speakers.flatMap(each => hostsOf(each).filter(host => !standsForServices(sight, host)));
  const domain = bestPattern(domains, name);
  if (domain === undefined) return { entries: [] };
  return firstWithRoutes(
    sight,
    speakers.filter(each => hostsOf(each).includes(domain)),
  );
}

function firstWithRoutes(sight: Sight, speakers: KubeObject[]): Pick<Spoken, 'virtualService' | 'entries'> {
  for (const virtualService of speakers) {
    const entries = entriesOf(sight, virtualService);
    if (entries.length > 0) return { virtualService, entries };
  }
  return { entries: [] };
}

function entriesOf({ world, client, port }: Sight, virtualService: KubeObject): Entry[] {
  return entriesFor(httpRoutes(world, virtualService), client, port, 'mesh');
}

function candidates({ world, client, egress }: Sight, host: string): KubeObject[] {
  return meshCandidates(world, host, client.namespace, egress);
}

/** Of the longest wildcard that covers the service the first VirtualService; none where one names the service itself. */
function wildcardFor(sight: Sight, host: string): KubeObject | undefined {
  const all = candidates(sight, host);
  const pattern = bestPattern(all.flatMap(hostsOf), host);
  return pattern?.startsWith('*') ? all.find(each => hostsOf(each).includes(pattern)) : undefined;
}

function speaksOn(sight: Sight, virtualService: KubeObject): boolean {
  if (sight.port === 80) return true;
  return hostsOf(virtualService).some(host => {
    if (!host.startsWith('*')) return isHttp(onPort(sight, host), sight.port);
    return servicesUnder(sight, host).some(
      each => isHttp(each, sight.port) && wildcardFor(sight, each.host) === virtualService,
    );
  });
}

/** Such a host is no name of its own to the proxies: the services it covers are. */
function standsForServices(sight: Sight, host: string): boolean {
  return host.startsWith('*') ? servicesUnder(sight, host).length > 0 : onPort(sight, host) !== undefined;
}

function servicesUnder(sight: Sight, pattern: string): MeshService[] {
  const { world } = sight;
  const services = world
    .all('Service')
    .map(({ metadata }) => `${metadata.name}.${metadata.namespace}.svc.cluster.local`);
  const hosts = [...services, ...world.all('ServiceEntry').flatMap(hostsOf)];
  return [...new Set(hosts)].filter(host => covers(pattern, host)).flatMap(host => onPort(sight, host) ?? []);
}

/** By a shorter name. Only the whole one may end in a dot. */
function alias(sight: Sight, raw: string): MeshService | undefined {
  return onPort(sight, requestHost(sight.world, raw, sight.client.namespace));
}

function onPort({ world, client, port, egress }: Sight, host: string): MeshService | undefined {
  const service = findService(world, host, client.namespace);
  if (!service || !egress.imports(service.namespace, [host])) return undefined;
  return service.ports.some(each => each.number === port) ? service : undefined;
}

function isHttp(service: MeshService | undefined, port: number): boolean {
  return service?.ports.some(each => each.number === port && each.http) ?? false;
}
