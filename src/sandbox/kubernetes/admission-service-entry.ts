/** What istiod's webhook refuses of a ServiceEntry. */
import { isIP } from 'node:net';
import type { JsonObject } from '../../object.ts';
import type { Faults } from './admission-faults.ts';
import { exportFaults, labelFaults, record, workloadFaults } from './admission-fields.ts';
import { fqdnFault, hostFault, strings } from './admission-names.ts';
import {
  isHttp,
  isTls,
  portFault,
  portNameFault,
  protocolFault,
  socketFault,
  socketPath,
  subnetFault,
} from './admission-ports.ts';
import { objects } from './schema.ts';

export function serviceEntryFaults(spec: JsonObject, warnings: string[], namespace: string): Faults {
  const { workloadSelector: selector } = spec;
  const wrong = workloadFaults(selector, 'service entry', warnings);
  if (wrong.length > 0) return wrong;
  const hosts = strings(spec.hosts);
  const ports = objects(spec.ports);
  const resolution = String(spec.resolution ?? 'NONE');
  const protocols = ports.map(port => String(port.protocol ?? ''));
  const faults: Faults = [];
  if (hosts.length === 0) faults.push('service entry must have at least one host');
  for (const host of hosts) faults.push(host === '*' ? `invalid host ${host}` : hostFault(host));
  faults.push(...strings(spec.addresses).map(subnetFault), ...portsFaults(ports));
  faults.push(...resolvedFaults(spec, resolution, hosts, new Set(ports.map(port => String(port.name ?? '')))));
  const isPlain = protocols.some(protocol => !isHttp(protocol) && !isTls(protocol));
  if (resolution !== 'NONE' && hosts.length > 1 && isPlain) {
    faults.push('multiple hosts provided with non-HTTP, non-TLS ports');
  }
  faults.push(...exportFaults(spec.exportTo, namespace, true));
  return faults;
}

function portsFaults(ports: JsonObject[]): Faults {
  const names = new Set<string>();
  return ports.flatMap(port => {
    const name = String(port.name ?? '');
    const again = names.has(name) ? `service entry port name "${name}" already defined` : undefined;
    names.add(name);
    const protocol = protocolFault(String(port.protocol ?? ''));
    return [again, portNameFault(name), protocol, portFault(Number(port.number ?? 0))];
  });
}

/** How the addresses behind it are found. */
function resolvedFaults(spec: JsonObject, resolution: string, hosts: string[], ports: Set<string>): Faults {
  const endpoints = objects(spec.endpoints);
  if (resolution === 'STATIC') return endpoints.flatMap(endpoint => addressedFaults(endpoint, ports));
  if (resolution === 'DYNAMIC_DNS') return dynamicFaults(spec, hosts);
  if (resolution === 'NONE') return [];
  const faults: Faults = [];
  const wrong = endpoints.length > 0 ? undefined : hosts.map(fqdnFault).find(fault => fault !== undefined);
  if (wrong) {
    const words = 'hosts must be FQDN or contain only prefix wildcards if no endpoints are provided';
    faults.push(`${words} for resolution mode ${resolution}, ${wrong}`);
  }
  return [...faults, ...endpoints.flatMap(endpoint => namedFaults(endpoint, ports))];
}

function namedFaults(endpoint: JsonObject, ports: Set<string>): Faults {
  const address = String(endpoint.address ?? '');
  const isSound = isIP(address) !== 0 || fqdnFault(address) === undefined;
  const wrong = isSound ? undefined : `endpoint address "${address}" is not a valid FQDN or an IP address`;
  return [wrong, ...labelFaults(endpoint.labels), ...portFaults(endpoint, ports)];
}

function addressedFaults(endpoint: JsonObject, ports: Set<string>): Faults {
  const address = String(endpoint.address ?? '');
  const path = socketPath(address);
  const faults: Faults = [];
  if (path !== undefined) faults.push(socketFault(path));
  else if (address !== '' && isIP(address) === 0) {
    faults.push(`endpoint address "${address}" is not a valid IP address`);
  }
  faults.push(...portFaults(endpoint, ports), ...labelFaults(endpoint.labels));
  if (path !== undefined && ports.size !== 1) faults.push('exactly 1 service port required for unix endpoints');
  return faults;
}

function portFaults(endpoint: JsonObject, ports: Set<string>): Faults {
  return record(endpoint.ports).flatMap(([name, port]) => [
    ports.has(name) ? undefined : `endpoint port ${port} is not defined by the service entry`,
    portNameFault(name),
    portFault(Number(port)),
  ]);
}

const DYNAMIC = ['http', 'tls', 'grpc', 'http2'];

/** Each request says where it wants to go. */
function dynamicFaults(spec: JsonObject, hosts: string[]): Faults {
  const type = 'resolution type DYNAMIC_DNS';
  const protocols = objects(spec.ports).map(port => String(port.protocol ?? '').toLowerCase());
  const supported = 'only HTTP, TLS, GRPC, and HTTP2 protocols are supported';
  // istiod's own words lack these blanks.
  const onlyHosts = 'HTTP route domains will only be generatedfrom the hosts field values';
  const fromHosts = 'Destination IP address determined from hostsfield values';
  return [
    ...hosts.filter(host => !host.startsWith('*')).map(() => 'host must be wildcarded for resolution mode DYNAMIC_DNS'),
    strings(spec.addresses).length > 0 ? `addresses cannot be set for ${type}. ${onlyHosts}` : undefined,
    objects(spec.endpoints).length > 0 ? `endpoints cannot be set for ${type}. ${fromHosts}` : undefined,
    ...protocols.filter(protocol => !DYNAMIC.includes(protocol)).map(() => `${supported} for ${type}`),
  ];
}
