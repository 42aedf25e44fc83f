/** What istiod's webhook refuses of a VirtualService, and the unreachable rules that it warns of. */
import { isIP } from 'node:net';
import type { JsonObject } from '../../object.ts';
import { destinationsFaults } from './admission-destination.ts';
import type { Faults } from './admission-faults.ts';
import { exportFaults, isClaim, labelFaults, record } from './admission-fields.ts';
import { gatewayNamesFaults } from './admission-http.ts';
import { httpRouteFaults } from './admission-http-route.ts';
import { hostFault, strings } from './admission-names.ts';
import { portFault, subnetFault } from './admission-ports.ts';
import { objects } from './schema.ts';

export function virtualServiceFaults(spec: JsonObject, warnings: string[], namespace: string): Faults {
  const faults: Faults = [];
  const hosts = strings(spec.hosts);
  const gateways = strings(spec.gateways);
  const isDelegate = hosts.length === 0;
  const [http, tcp, tls] = [objects(spec.http), objects(spec.tcp), objects(spec.tls)];
  if (isDelegate) {
    if (gateways.length > 0) faults.push('delegate virtual service must have no gateways specified');
    if (tls.length > 0) faults.push('delegate virtual service must have no tls route specified');
    if (tcp.length > 0) faults.push('delegate virtual service must have no tcp route specified');
  }
  const inMesh = gateways.length === 0 || gateways.includes('mesh');
  faults.push(...gatewayNamesFaults(gateways));
  if (inMesh) faults.push(...http.flatMap(route => claimFaults(route, gateways)));
  const wrong = hosts.map(host => meantHostFault(host, inMesh)).filter(fault => fault !== undefined);
  faults.push(...(wrong.length > 0 ? wrong : duplicateHosts(hosts)));
  if (http.length + tcp.length + tls.length === 0) faults.push('http, tcp or tls must be provided in virtual service');
  for (const route of http) faults.push(...httpRouteFaults(route, isDelegate, warnings));
  for (const route of tls) faults.push(...tlsRouteFaults(route, hosts, warnings));
  for (const route of tcp) {
    faults.push(...objects(route.match).flatMap(connectionFaults));
    if (objects(route.route).length === 0) faults.push('TCP route is required');
    faults.push(...destinationsFaults(objects(route.route)));
  }
  faults.push(...exportFaults(spec.exportTo, namespace));
  warnOfUnused(http, warnings);
  return faults;
}

function meantHostFault(host: string, inMesh: boolean): string | undefined {
  const wrong = hostFault(host);
  if (wrong) return isIP(host) === 0 ? wrong : undefined;
  return inMesh && host === '*'
    ? 'wildcard host * is not allowed for virtual services bound to the mesh gateway'
    : undefined;
}

/** Who is asking by a token is known at a gateway alone. */
function claimFaults(route: JsonObject, gateways: string[]): Faults {
  const names = objects(route.match).flatMap(match => [...record(match.headers), ...record(match.withoutHeaders)]);
  const words = `is only supported for gateway, found no gateways: [${gateways.join(' ')}]`;
  return names.filter(([name]) => isClaim(name)).map(([name]) => `JWT claim based routing (key: ${name}) ${words}`);
}

function tlsRouteFaults(route: JsonObject, hosts: string[], warnings: string[]): Faults {
  const faults: Faults = [];
  const matches = objects(route.match);
  if (matches.length === 0) faults.push('TLS route must have at least one match condition');
  for (const match of matches) {
    const names = strings(match.sniHosts);
    if (names.length === 0) faults.push('TLS match must have at least one SNI host');
    faults.push(...names.map(name => sniFault(name, hosts, warnings)), ...connectionFaults(match));
  }
  if (objects(route.route).length === 0) faults.push('TLS route is required');
  return [...faults, ...destinationsFaults(objects(route.route))];
}

function sniFault(name: string, hosts: string[], warnings: string[]): string | undefined {
  const wrong = hostFault(name);
  if (!wrong) {
    if (hosts.some(host => host === name || covers(host, name))) return undefined;
    const all = hosts.join(', ');
    return `SNI host "${name}" is not a compatible subset of any of the virtual service hosts: [${all}]`;
  }
  if (isIP(name) === 0) return wrong;
  warnings.push(`using an IP address ("${name}") goes against SNI spec and most clients do not support this`);
  return undefined;
}

/** What a match of TLS or TCP says of a connection. */
function connectionFaults(match: JsonObject): Faults {
  return [
    ...strings(match.destinationSubnets).map(subnetFault),
    match.port ? portFault(Number(match.port)) : undefined,
    ...labelFaults(match.sourceLabels),
    ...gatewayNamesFaults(strings(match.gateways)),
  ];
}

const covers = (a: string, b: string) => a.startsWith('*') && b.endsWith(a.slice(1));

/** `*.foo.com` and `*.com` are duplicates, too. */
function duplicateHosts(hosts: string[]): Faults {
  const matches = (a: string, b: string) => a === b || covers(a, b) || covers(b, a);
  return hosts.flatMap((host, index) =>
    hosts
      .slice(index + 1)
      .filter(other => matches(host, other))
      .map(other => `duplicate hosts in virtual service: ${host} & ${other}`),
  );
}

function warnOfUnused(routes: JsonObject[], warnings: string[]): void {
  const named = (route: JsonObject, index: number) =>
    typeof route.name === 'string' && route.name ? JSON.stringify(route.name) : `#${index}`;
  const unused = (rule: string, why: string) => warnings.push(`virtualService rule ${rule} not used (${why})`);
  let open = false;
  const seen = new Set<string>();
  routes.forEach((route, index) => {
    const matches = objects(route.match);
    if (matches.length === 0) {
      if (open) unused(named(route, index), 'only the last rule can have no matches');
      open = true;
      return;
    }
    if (open) {
      for (const _ of matches) unused(named(route, index), 'route without matches defined before');
      return;
    }
    const keys = matches.map(({ name: _, ...rest }) => JSON.stringify(rest));
    if (keys.every(key => seen.has(key))) unused(named(route, index), 'all matches used by prior rules');
    for (const key of keys) seen.add(key);
  });
}
