/** What istiod's webhook refuses of a ServiceEntry. */
import { isIP } from 'node:net';
import type { JsonObject } from '../../object.ts';
import { exportFaults, labelFaults, record } from './admission-fields.ts';
import { type Faults, fqdnFault, hostFault, objects, portFault, protocolFault, strings } from './admission-names.ts';

export function serviceEntryFaults(spec: JsonObject, _: string[], namespace: string): Faults {
  const faults: Faults = [];
  const hosts = strings(spec.hosts);
  const ports = objects(spec.ports);
  const endpoints = objects(spec.endpoints);
  const resolution = String(spec.resolution ?? 'NONE');
  if (hosts.length === 0) faults.push('service entry must have at least one host');
  for (const host of hosts) faults.push(host === '*' ? `invalid host ${host}` : hostFault(host));
  for (const address of strings(spec.addresses)) {
    if (isIP(address.split('/')[0]!) === 0) faults.push(`${address} is not a valid IP`);
  }
  const names = new Set<string>();
  for (const port of ports) {
    const name = String(port.name ?? '');
    if (names.has(name)) faults.push(`service entry port name "${name}" already defined`);
    names.add(name);
    faults.push(protocolFault(String(port.protocol ?? '')), portFault(Number(port.number ?? 0)));
  }
  const looksUp = resolution.startsWith('DNS');
  if (looksUp && endpoints.length === 0) {
    const wrong = hosts.map(fqdnFault).find(fault => fault !== undefined);
    if (wrong) {
      faults.push(
        `hosts must be FQDN or contain only prefix wildcards if no endpoints are provided for resolution mode ${resolution}, ${wrong}`,
      );
    }
  }
  if (looksUp || resolution === 'STATIC') {
    for (const endpoint of endpoints) faults.push(...endpointFaults(endpoint, names, looksUp));
  }
  const plain = ports.some(port => !/^(HTTP|GRPC|TLS|HTTPS)/.test(String(port.protocol ?? '').toUpperCase()));
  if (resolution !== 'NONE' && hosts.length > 1 && plain)
    faults.push('multiple hosts provided with non-HTTP, non-TLS ports');
  faults.push(...exportFaults(spec.exportTo, namespace, true));
  return faults;
}

function endpointFaults(endpoint: JsonObject, ports: Set<string>, looksUp: boolean): Faults {
  const address = String(endpoint.address ?? '');
  const faults: Faults = [];
  const isPath = address.startsWith('unix://');
  if (!isPath && isIP(address) === 0 && (!looksUp || fqdnFault(address) !== undefined)) {
    const wanted = looksUp ? 'a valid FQDN or an IP address' : 'a valid IP address';
    faults.push(`endpoint address "${address}" is not ${wanted}`);
  }
  faults.push(...labelFaults(endpoint.labels));
  for (const [name, port] of record(endpoint.ports)) {
    if (!ports.has(name)) faults.push(`endpoint port ${port} is not defined by the service entry`);
    faults.push(portFault(Number(port)));
  }
  return faults;
}
