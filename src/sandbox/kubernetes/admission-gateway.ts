/** What istiod's webhook refuses of a Gateway. */
import type { Json, JsonObject } from '../../object.ts';
import {
  type Faults,
  isHttp,
  isProtocol,
  isTls,
  objects,
  portFault,
  scopedHostFaults,
  strings,
} from './admission-names.ts';
import { serverTlsFaults } from './admission-server-tls.ts';
import { isObject } from './schema.ts';

export function gatewayFaults(spec: JsonObject): Faults {
  const servers = objects(spec.servers);
  if (servers.length === 0) return ['gateway must have at least one server'];
  const faults = servers.flatMap(serverFaults);
  const names = new Set<string>();
  for (const { port } of servers) {
    if (!isObject(port)) continue;
    const name = String(port.name ?? '');
    if (names.has(name)) faults.push(`port names in servers must be unique: duplicate name ${name}`);
    names.add(name);
  }
  return faults;
}

function serverFaults(server: JsonObject): string[] {
  const hosts = strings(server.hosts);
  const faults = hosts.flatMap(host => scopedHostFaults(host, 'gateway'));
  if (hosts.length === 0) faults.push('server config must contain at least one host');
  const ports = portFaults(server.port);
  faults.push(...ports);
  if (isObject(server.tls)) faults.push(...serverTlsFaults(server.tls));
  // Of a port that is wrong itself istiod does not ask what it needs.
  if (isObject(server.port) && ports.length === 0) {
    const wrong = needsTlsFault(String(server.port.protocol ?? ''), server.tls);
    if (wrong) faults.push(wrong);
  }
  return faults;
}

function portFaults(port: Json | undefined): string[] {
  if (!isObject(port)) return ['port is required'];
  const faults: (string | undefined)[] = [];
  if (!isProtocol(String(port.protocol ?? ''))) {
    const supported = 'HTTP, HTTP2, GRPC, GRPC-WEB, MONGO, REDIS, MYSQL, TCP';
    faults.push(`invalid protocol "${port.protocol ?? ''}", supported protocols are ${supported}`);
  }
  faults.push(portFault(Number(port.number ?? 0)));
  if (Number(port.targetPort ?? 0) > 0) faults.push('targetPort has no impact on Gateways');
  if (!port.name) faults.push(`port name must be set: ${JSON.stringify(port)}`);
  return faults.filter(fault => fault !== undefined);
}

/** A server of plain HTTP may redirect to https, and nothing else of TLS. */
function needsTlsFault(protocol: string, tls: Json | undefined): string | undefined {
  if (!isObject(tls)) return isTls(protocol) ? 'server must have TLS settings for HTTPS/TLS protocols' : undefined;
  if (isTls(protocol)) return undefined;
  if (!isHttp(protocol)) return 'server cannot have TLS settings for non HTTPS/TLS ports';
  const isPassed = ['PASSTHROUGH', 'AUTO_PASSTHROUGH'].includes(String(tls.mode ?? 'PASSTHROUGH'));
  const own = tls.caCertificates || tls.privateKey || tls.serverCertificate;
  return isPassed && !own ? undefined : 'server cannot have TLS settings for plain text HTTP ports';
}
