/** What istiod's webhook refuses of a Gateway. */
import { isIP } from 'node:net';
import type { Json, JsonObject } from '../../object.ts';
import type { Faults } from './admission-faults.ts';
import { isDnsLabel, scopedHostFaults, strings } from './admission-names.ts';
import { isHttp, isProtocol, isTls, portFault, socketFault, socketPath } from './admission-ports.ts';
import { serverTlsFaults } from './admission-server-tls.ts';
import { isObject, objects } from './schema.ts';

export function gatewayFaults(spec: JsonObject, warnings: string[], _: string, name: string): Faults {
  const servers = objects(spec.servers);
  const faults: Faults = isDnsLabel(name) ? [] : [`invalid gateway name: "${name}"`];
  if (servers.length === 0) faults.push('gateway must have at least one server');
  faults.push(...servers.flatMap(serverFaults));
  const names = new Set<string>();
  for (const { port, tls } of servers) {
    if (!isObject(port)) continue;
    const named = String(port.name ?? '');
    if (names.has(named)) faults.push(`port names in servers must be unique: duplicate name ${named}`);
    names.add(named);
    if (isObject(tls) && tls.httpsRedirect === true && !isHttp(String(port.protocol ?? ''))) {
      warnings.push('tls.httpsRedirect should only be used with http servers');
    }
  }
  return faults;
}

function serverFaults(server: JsonObject): Faults {
  const hosts = strings(server.hosts);
  const faults: Faults = hosts.flatMap(host => scopedHostFaults(host, 'gateway'));
  if (hosts.length === 0) faults.push('server config must contain at least one host');
  const path = socketPath(String(server.bind ?? ''));
  const ports = portFaults(server.port, path !== undefined);
  faults.push(...ports, ...bindFaults(server, path));
  if (isObject(server.tls)) faults.push(...serverTlsFaults(server.tls));
  // Of a port that is wrong itself istiod does not ask what it needs.
  if (isObject(server.port) && ports.every(fault => fault === undefined)) {
    const wrong = needsTlsFault(String(server.port.protocol ?? ''), server.tls);
    if (wrong) faults.push(wrong);
  }
  return faults;
}

function portFaults(port: Json | undefined, isSocket: boolean): Faults {
  if (!isObject(port)) return ['port is required'];
  const faults: Faults = [];
  if (!isProtocol(String(port.protocol ?? ''))) {
    const supported = 'HTTP, HTTP2, GRPC, GRPC-WEB, MONGO, REDIS, MYSQL, TCP';
    faults.push(`invalid protocol "${port.protocol ?? ''}", supported protocols are ${supported}`);
  }
  const number = Number(port.number ?? 0);
  if (number > 0 || !isSocket) faults.push(portFault(number));
  if (Number(port.targetPort ?? 0) > 0) faults.push('targetPort has no impact on Gateways');
  if (!port.name) faults.push(`port name must be set: ${asText(port)}`);
  return faults;
}

function bindFaults({ bind, port }: JsonObject, path: string | undefined): Faults {
  if (path === undefined) return [bind && isIP(String(bind)) === 0 ? `${bind} is not a valid IP` : undefined];
  const isNumbered = isObject(port) && Number(port.number ?? 0) !== 0;
  return [socketFault(path), isNumbered ? `port number must be 0 for unix domain socket: ${asText(port)}` : undefined];
}

/** As protobuf writes it for people, without what is empty. */
function asText(port: JsonObject): string {
  const given = ['number', 'protocol', 'name', 'targetPort'].filter(field => port[field]);
  return given.map(field => `${field}:${JSON.stringify(port[field])}`).join(' ');
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
