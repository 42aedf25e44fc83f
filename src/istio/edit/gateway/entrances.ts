/** Which requests come in through a Gateway: host by host and route by route of the VirtualServices bound to it. */
import { type KubeObject, refKey, refOf } from '../../../object.ts';
import { shortHost } from '../../hosts.ts';
import { type Server, serverHosts, speaks } from '../../route/gateway.ts';
import { number } from '../../route/json.ts';
import { gatewaysOf, hostsOf } from '../../route/mesh.ts';
import { intersection } from '../../route/patterns.ts';
import type { GatewayClient } from '../../route/request.ts';
import type { World } from '../../world.ts';
import { destinationHost } from '../place/inforce.ts';
import { type Place, placesOf } from '../place/places.ts';
import { type Sample, sampleOf } from '../place/sample.ts';
import { objectOf, objectsOf, stringOf } from '../read.ts';
import { boundTo, nameOf } from './meant.ts';
import { clientsOf, servicePort, servicesOf } from './pods.ts';
import { podLabels } from './switched.ts';

export interface Entrance {
  /** The requests in words: `for shop.example.com: /login, /static*`, `for any host where end-user = jason`. */
  says: string;
  /** As Gateway and VirtualService share it: `*`, `*.example.com`, `shop.example.com`. */
  host: string;
  /** undefined: what is in it is not routed as HTTP, because it is another protocol or stays encrypted. */
  scheme: 'http' | 'https' | undefined;
  /** Of the server, which may be the pod's own. */
  port: number;
  root: KubeObject;
  place: Place;
  /** A request that falls under the route; undefined: nobody can promise one. */
  sample: Sample | undefined;
  /** A pod of the gateway, as it is reached from outside. */
  client: GatewayClient;
}

/** `bound`: the VirtualServices that are asked about. As if it were on, and, where none of its pods is known, as if one ran. In the order of servers, names and routes. */
export function entrancesOf(world: World, gateway: KubeObject, bound = boundTo(world, gateway)): Entrance[] {
  return serversOf(gateway).flatMap(server => {
    const client = clientFor(world, gateway, server.port);
    return bound.flatMap(root =>
      sharedHosts(server, root).flatMap(host => {
        const all = placesOf(world, root);
        return all
          .filter(place => place.reachable && isFor(place, server))
          .map((place): Entrance => {
            const scheme = speaks(server.spec);
            const { port } = server;
            const says = wordsOf({ host, scheme, port: client.port, place });
            return { says, host, scheme, port, root, place, sample: sampleOf(place, all), client };
          });
      }),
    );
  });
}

export function serversOf(gateway: KubeObject): Server[] {
  return objectsOf(gateway.spec?.servers).flatMap(spec => {
    const port = number(objectOf(spec.port).number);
    return port === undefined ? [] : [{ gateway, spec, port }];
  });
}

/** Whether a server of the Gateway, on or off, is for these very requests. */
export function letsIn(gateway: KubeObject, { port, host, root, place }: Entrance): boolean {
  return serversOf(gateway).some(
    server => server.port === port && isFor(place, server) && sharedHosts(server, root).includes(host),
  );
}

/** What is asked of it: the name for a pattern is that of the service it leads to, as nobody else's is known. */
export function nameFor({ host, place }: Pick<Entrance, 'host' | 'place'>): string {
  if (!host.startsWith('*')) return host;
  const namespace = place.object.metadata.namespace ?? '';
  const [entry] = objectsOf(place.route.route);
  const leads = entry === undefined ? '' : shortHost(destinationHost(entry, namespace)).split('.')[0]!;
  return `${leads === '' ? 'any' : leads}${host.slice(1)}`;
}

/** Hosts that both a server and a VirtualService name, the namespaces of the server's hosts considered. */
function sharedHosts(server: Server, root: KubeObject): string[] {
  const home = server.gateway.metadata.namespace ?? '';
  const shared = serverHosts(server.spec)
    .filter(({ namespace }) => {
      return namespace === '*' || (namespace === '.' ? home : namespace) === root.metadata.namespace;
    })
    .flatMap(({ host }) => hostsOf(root).map(own => intersection(host, own)));
  return [...new Set(shared.filter(host => host !== undefined))];
}

/** `http` routes are for servers that read HTTP, the others for those that do not. */
function isFor({ section, effective }: Place, server: Server): boolean {
  if ((section === 'http') !== (speaks(server.spec) !== undefined)) return false;
  const blocks = objectsOf(effective.match);
  const name = nameOf(server.gateway);
  const meant = blocks.filter(block => {
    const gateways = gatewaysOf({ ...server.gateway, spec: { gateways: block.gateways ?? [] } });
    const port = number(block.port);
    return (block.gateways === undefined || gateways.includes(name)) && (port === undefined || port === server.port);
  });
  return blocks.length === 0 || meant.length > 0;
}

function clientFor(world: World, gateway: KubeObject, port: number): GatewayClient {
  const [service] = servicesOf(world, gateway);
  const reached = (service && servicePort(service, port)) ?? port;
  const [client] = clientsOf(world, gateway, reached);
  const labels = Object.keys(podLabels(gateway)).length > 0 ? podLabels(gateway) : { istio: 'ingressgateway' };
  return client ?? { kind: 'gateway', namespace: world.rootNamespace, labels, port: reached };
}

function wordsOf({ host, scheme, port, place }: Pick<Entrance, 'host' | 'scheme' | 'port' | 'place'>): string {
  const usual = scheme === 'https' ? 443 : 80;
  const lead = scheme === 'https' ? 'https://' : '';
  const name = host === '*' ? `${lead === '' ? '' : 'https, '}any host` : `${lead}${host}`;
  const at = scheme === undefined ? ` on port ${port}` : port === usual ? '' : `:${port}`;
  const paths = place.catchAll ? [] : pathsOf(place);
  if (!paths) return `for ${name}${at} where ${place.says}`;
  const more = paths.length > PATHS ? ` and ${paths.length - PATHS + 1} more` : '';
  const shown = paths.length > PATHS ? paths.slice(0, PATHS - 1) : paths;
  return `for ${name}${at}${shown.length > 0 ? `: ${shown.join(', ')}${more}` : ''}`;
}

/** Paths that are named one by one. */
const PATHS = 5;

/** `/p` and `/p*` where the route asks for nothing but paths, as `--path` takes them. */
function pathsOf({ effective }: Place): string[] | undefined {
  const paths = objectsOf(effective.match).map(({ uri, name: _, ...rest }) => {
    const { exact, prefix } = objectOf(uri);
    if (Object.keys(rest).length > 0) return undefined;
    return stringOf(exact) ?? (stringOf(prefix) === undefined ? undefined : `${prefix}*`);
  });
  return paths.every(path => path !== undefined) ? paths : undefined;
}

/** One string per entrance, the same before and after a change. */
export function keyOf({ port, host, root, says }: Entrance): string {
  return [port, host, refKey(refOf(root)), says].join(' ');
}

/** What the Gateway itself says of one of its servers. */
export function serverWords({ spec, port }: Server): { port: number; protocol: string; hosts: string[]; tls: string } {
  const tls = objectOf(spec.tls);
  const credential = stringOf(tls.credentialName);
  const says = [
    ...(tls.httpsRedirect === true ? ['redirects to https'] : []),
    ...(stringOf(tls.mode) === undefined ? [] : [String(tls.mode)]),
    ...(credential === undefined ? [] : [`credential ${credential}`]),
  ];
  const protocol = stringOf(objectOf(spec.port).protocol) ?? '';
  return { port, protocol, hosts: serverHosts(spec).map(({ host }) => host), tls: says.join(', ') };
}
