/**
 * Who speaks for a host at a sidecar: one VirtualService, or the Service itself. As istiod builds the virtual hosts of a
 * port, and Envoy chooses among them.
 */
import type { KubeObject } from '../../object.ts';
import type { World } from '../world.ts';
import type { Egress } from './egress.ts';
import type { Entry } from './http-routes.ts';
import { entriesFor, httpRoutes } from './http-routes.ts';
import { hostsOf, meshCandidates } from './mesh.ts';
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
  const raw = asked.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
  const host = requestHost(world, raw, client.namespace);
  const service = onPort(sight, host);
  if (service)
    return { host, service, ...(isHttp(service, port) ? spokenForService(sight, service) : { entries: [] }) };
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

function onPort({ world, client, port, egress }: Sight, host: string): MeshService | undefined {
  const service = findService(world, host, client.namespace);
  if (!service || !egress.imports(service.namespace, [host])) return undefined;
  return service.ports.some(each => each.number === port) ? service : undefined;
}

function isHttp(service: MeshService | undefined, port: number): boolean {
  return service?.ports.some(each => each.number === port && each.http) ?? false;
}
