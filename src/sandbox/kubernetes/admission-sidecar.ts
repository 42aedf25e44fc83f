/** What istiod's webhook refuses of a Sidecar, and the hosts it warns of. */
import { isIP } from 'node:net';
import type { Json, JsonObject } from '../../object.ts';
import { connectionPoolFaults } from './admission-connection-pool.ts';
import { destinationFaults } from './admission-destination.ts';
import type { Faults } from './admission-faults.ts';
import { workloadFaults } from './admission-fields.ts';
import { fqdnFault, scopedHostFaults, strings } from './admission-names.ts';
import { isHttp, isTls, portFault, portNameFault, protocolFault, socketFault, socketPath } from './admission-ports.ts';
import { serverTlsFaults } from './admission-server-tls.ts';
import { isObject, objects } from './schema.ts';

export function sidecarFaults(spec: JsonObject, warnings: string[], namespace: string): Faults {
  const { workloadSelector: selector, outboundTrafficPolicy: policy, inboundConnectionPool: pool } = spec;
  const wrong = workloadFaults(selector, 'sidecar', warnings);
  if (wrong.length > 0) return wrong;
  const [ingress, egress] = [objects(spec.ingress), objects(spec.egress)];
  if (egress.length + ingress.length === 0 && policy === undefined && pool === undefined) {
    return ['sidecar: empty configuration provided'];
  }
  return [
    ...ingressFaults(ingress, warnings),
    ...connectionPoolFaults(pool),
    ...egressFaults(egress, warnings, namespace),
    ...outboundFaults(policy),
  ];
}

const NOT_UNIQUE = 'sidecar: ports on IP bound listeners must be unique';

function ingressFaults(listeners: JsonObject[], warnings: string[]): Faults {
  const numbers = new Set<number>();
  return listeners.flatMap(listener => {
    const port = isObject(listener.port) ? listener.port : {};
    const number = Number(port.number ?? 0);
    const protocol = String(port.protocol ?? '');
    const faults: Faults = [targetPortFault(port), ...boundPortFaults(port, listener.bind)];
    if (numbers.has(number)) faults.push(NOT_UNIQUE);
    numbers.add(number);
    if (listener.defaultEndpoint) faults.push(...endpointFaults(String(listener.defaultEndpoint)));
    if (isObject(listener.tls)) faults.push(...ingressTlsFaults(listener.tls, protocol));
    faults.push(...connectionPoolFaults(listener.connectionPool));
    if (isObject(listener.connectionPool) && isObject(listener.connectionPool.http) && !isHttp(protocol)) {
      const which = `port ${number} ("${port.name ?? ''}") but its protocol is not HTTP (${protocol})`;
      warnings.push(`sidecar: HTTP connection pool settings are configured for ${which}; only TCP settings will apply`);
    }
    return faults;
  });
}

function targetPortFault(port: JsonObject): string | undefined {
  return Number(port.targetPort ?? 0) > 0 ? 'targetPort has no impact on Sidecars' : undefined;
}

function boundPortFaults(port: JsonObject, bind: Json | undefined): Faults {
  return [
    nameFault(port),
    protocolFault(String(port.protocol ?? '')),
    portFault(Number(port.number ?? 0)),
    bind && isIP(String(bind)) === 0 ? `${bind} is not a valid IP` : undefined,
  ];
}

function nameFault({ name }: JsonObject): string | undefined {
  return name ? portNameFault(String(name)) : undefined;
}

const LOCAL = new Set(['', '127.0.0.1', '0.0.0.0', '::1', '::']);

/** Where the ingress hands requests to: `127.0.0.1:80`, `[::1]:80`, `:80` or a socket. */
function endpointFaults(endpoint: string): Faults {
  const path = socketPath(endpoint);
  if (path !== undefined) return [socketFault(path)];
  const faults: Faults = [];
  const [, inBrackets, plain, port = ''] = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(endpoint) ?? [];
  const host = inBrackets ?? plain;
  if (host === undefined) {
    const why = /^[^:]*$|\]$/.test(endpoint) ? 'missing port in address' : 'too many colons in address';
    faults.push(`address ${endpoint}: ${why}`);
  } else if (!LOCAL.has(host)) {
    const forms = '127.0.0.1:<port>,0.0.0.0:<port>,[::1]:port,[::]:port,unix://filepath or unset';
    faults.push(`sidecar: defaultEndpoint must be of form ${forms}`);
  }
  if (/^[-+]?\d+$/.test(port)) faults.push(portFault(Number(port)));
  else {
    const why = `strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`;
    faults.push(`sidecar: defaultEndpoint port (${port}) is not a number: ${why}`);
  }
  return faults;
}

function ingressTlsFaults(tls: JsonObject, protocol: string): Faults {
  const faults: Faults = [];
  if (strings(tls.subjectAltNames).length > 0) {
    faults.push('sidecar: subjectAltNames is not supported in ingress tls');
  }
  if (tls.httpsRedirect === true) faults.push('sidecar: httpsRedirect is not supported');
  const certificates: [boolean, string][] = [
    [Boolean(tls.credentialName), 'credentialName'],
    [strings(tls.credentialNames).length > 0, 'credentialNames'],
    [objects(tls.tlsCertificates).length > 0, 'tls_certificates'],
  ];
  for (const [isGiven, words] of certificates) {
    if (isGiven) faults.push(`sidecar: ${words} is not currently supported`);
  }
  if (tls.mode === 'ISTIO_MUTUAL' || tls.mode === 'AUTO_PASSTHROUGH') {
    faults.push(`configuration is invalid: cannot set mode to ${tls.mode} in sidecar ingress tls`);
  }
  if (!isTls(protocol)) faults.push('server cannot have TLS settings for non HTTPS/TLS ports');
  return [...faults, ...serverTlsFaults(tls)];
}

function egressFaults(listeners: JsonObject[], warnings: string[], namespace: string): Faults {
  const numbers = new Set<number>();
  const sockets = new Set<string>();
  return listeners.flatMap((listener, index) => {
    const { port } = listener;
    const bind = String(listener.bind ?? '');
    const faults: Faults = [];
    if (!isObject(port)) {
      if (index < listeners.length - 1) {
        faults.push('sidecar: the egress listener with empty port should be the last listener in the list');
      }
    } else {
      const number = Number(port.number ?? 0);
      faults.push(targetPortFault(port));
      if (number !== 0) {
        faults.push(...boundPortFaults(port, bind), numbers.has(number) ? NOT_UNIQUE : undefined);
        numbers.add(number);
      } else {
        faults.push(...socketFaults(port, bind, listener.captureMode));
        if (sockets.has(bind)) faults.push('sidecar: unix domain socket values for listeners must be unique');
        sockets.add(bind);
      }
    }
    const hosts = strings(listener.hosts);
    if (hosts.length === 0) faults.push('sidecar: egress listener must contain at least one host');
    faults.push(...hosts.flatMap(host => scopedHostFaults(host, 'sidecar')));
    warnings.push(...hostWarnings(hosts, namespace));
    return faults;
  });
}

/** Of an egress listener of port 0. */
function socketFaults(port: JsonObject, bind: string, captureMode: Json | undefined): Faults {
  const path = socketPath(bind);
  const bound = 'sidecar: ports with 0 value must have a unix domain socket bind address';
  return [
    nameFault(port),
    protocolFault(String(port.protocol ?? '')),
    path === undefined ? bound : socketFault(path),
    captureMode === 'IPTABLES'
      ? 'sidecar: captureMode must be DEFAULT/NONE for unix domain socket listeners'
      : undefined,
  ];
}

/** Hosts that a listener imports twice. */
function hostWarnings(hosts: string[], namespace: string): string[] {
  const warnings: string[] = [];
  const imported = new Map<string, Set<string>>();
  for (const host of hosts) {
    const slash = host.indexOf('/');
    if (slash < 0 || host.startsWith('~')) continue;
    const [scope, name] = [host.slice(0, slash), host.slice(slash + 1)];
    const key = scope === '.' ? namespace : scope;
    const names = imported.get(key) ?? new Set<string>();
    imported.set(key, names);
    const again = name === '*' ? names.size > 0 : names.has(name) || names.has('*');
    if (again) warnings.push(`duplicated egress host: ${host}`);
    names.add(name);
  }
  if (imported.get('*')?.has('*') && imported.size > 1) {
    warnings.push('`*/*` host select all resources, no other hosts can be added');
  }
  return warnings;
}

function outboundFaults(policy: Json | undefined): Faults {
  const proxy = isObject(policy) ? policy.egressProxy : undefined;
  if (!isObject(policy) || !isObject(proxy)) return [];
  if (policy.mode !== 'ALLOW_ANY') {
    return ['sidecar: egress_proxy must be set only with ALLOW_ANY outbound_traffic_policy mode'];
  }
  const wrong = fqdnFault(String(proxy.host ?? ''));
  if (!isObject(proxy.port)) return [wrong, 'sidecar: egress_proxy port must be non-nil'];
  return [wrong, ...destinationFaults(proxy)];
}
