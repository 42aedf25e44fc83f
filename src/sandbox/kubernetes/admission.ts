/**
 * istiod's validating webhook: what it refuses of traffic's kinds beyond the CRD, and
 * what it warns of. Source: the rules and messages of istio's pkg/config/validation. Weights that do not sum to 100 and
 * the same destination twice are accepted, as there.
 */
import type { Json, JsonObject, KubeObject } from '../../object.ts';
import { exportFaults, labelFaults } from './admission-fields.ts';
import { hostFault, listed, objects, PROTOCOLS, portFault, strings, subsetFault } from './admission-names.ts';
import { serviceEntryFaults } from './admission-service-entry.ts';
import { virtualServiceFaults } from './admission-virtual-service.ts';
import { isObject } from './schema.ts';
import { ApiError } from './status-errors.ts';

/** Throws 400 for what istiod would refuse; adds its warnings. */
export function admitIstio(object: KubeObject, warnings: string[]): void {
  const check = CHECKS[object.kind];
  if (!check || !object.apiVersion.includes('istio.io/')) return;
  const faults = check(object.spec ?? {}, warnings, object.metadata.namespace ?? '');
  if (faults.length === 0) return;
  const text = faults.length === 1 ? faults[0] : listed(faults);
  const message = `admission webhook "validation.istio.io" denied the request: configuration is invalid: ${text}`;
  // istiod gives a code and a message, and no reason.
  throw new ApiError(400, '', message);
}

const CHECKS: Record<string, (spec: JsonObject, warnings: string[], namespace: string) => string[]> = {
  VirtualService: virtualServiceFaults,
  DestinationRule: destinationRuleFaults,
  Gateway: gatewayFaults,
  ServiceEntry: serviceEntryFaults,
};

function destinationRuleFaults(spec: JsonObject, _: string[], namespace: string): string[] {
  const faults: (string | undefined)[] = [hostFault(typeof spec.host === 'string' ? spec.host : '')];
  faults.push(...trafficPolicyFaults(spec.trafficPolicy));
  const seen = new Set<string>();
  for (const subset of objects(spec.subsets)) {
    const name = typeof subset.name === 'string' ? subset.name : '';
    if (seen.has(name)) faults.push(`duplicate subset names: ${name}`);
    seen.add(name);
    faults.push(subsetFault(name), ...labelFaults(subset.labels), ...trafficPolicyFaults(subset.trafficPolicy));
  }
  faults.push(...exportFaults(spec.exportTo, namespace));
  return faults.filter(fault => fault !== undefined);
}

function trafficPolicyFaults(policy: Json | undefined): string[] {
  if (!isObject(policy)) return [];
  const faults: string[] = [];
  if (Object.keys(policy).length === 0) faults.push('traffic policy must have at least one field');
  const { outlierDetection, connectionPool } = policy;
  if (isObject(outlierDetection)) {
    for (const field of ['maxEjectionPercent', 'minHealthPercent']) {
      const value = outlierDetection[field];
      if (typeof value === 'number' && (value < 0 || value > 100))
        faults.push(`percentage ${value} is not in range 0..100`);
    }
    const { splitExternalLocalOriginErrors, consecutiveLocalOriginFailures } = outlierDetection;
    if (splitExternalLocalOriginErrors !== true && Number(consecutiveLocalOriginFailures ?? 0) > 0) {
      faults.push(
        'outlier detection consecutive local origin failures is specified, but split external local origin errors is set to false',
      );
    }
  }
  if (isObject(connectionPool) && !isObject(connectionPool.http) && !isObject(connectionPool.tcp)) {
    faults.push('connection pool must have at least one field');
  }
  if (isObject(connectionPool)) faults.push(...poolFaults(connectionPool));
  if (isObject(policy.tls)) faults.push(...clientTlsFaults(policy.tls));
  for (const each of objects(policy.portLevelSettings)) {
    if (!isObject(each.port)) faults.push('portTrafficPolicy must have valid port');
  }
  if (isObject(policy.tunnel)) {
    const wrong = portFault(Number(policy.tunnel.targetPort ?? 0));
    if (wrong) faults.push(`tunnel target port is invalid: ${wrong}`);
  }
  return faults;
}

const POOL: [string, string, string][] = [
  ['tcp', 'maxConnections', 'max connections'],
  ['http', 'http1MaxPendingRequests', 'http1 max pending requests'],
  ['http', 'http2MaxRequests', 'http2 max requests'],
  ['http', 'maxRequestsPerConnection', 'max requests per connection'],
  ['http', 'maxRetries', 'max retries'],
];

function poolFaults(pool: JsonObject): string[] {
  return POOL.flatMap(([part, field, words]) => {
    const given = pool[part];
    return isObject(given) && Number(given[field] ?? 0) < 0 ? [`${words} must be non-negative`] : [];
  });
}

function clientTlsFaults(tls: JsonObject): string[] {
  const own = tls.clientCertificate || tls.privateKey || tls.caCertificates;
  if (tls.mode === 'MUTUAL' && !tls.credentialName) {
    const missing = [
      ...(tls.clientCertificate ? [] : ['client certificate required for mutual tls']),
      ...(tls.privateKey ? [] : ['private key required for mutual tls']),
    ];
    return missing.length === 0 ? [] : [listed(missing)];
  }
  if (tls.credentialName && own && (tls.mode === 'SIMPLE' || tls.mode === 'MUTUAL')) {
    return ['cannot specify client certificates or CA certificate or CA CRL If credentialName is set'];
  }
  return [];
}

function gatewayFaults(spec: JsonObject): string[] {
  const faults: (string | undefined)[] = [];
  const servers = objects(spec.servers);
  if (servers.length === 0) faults.push('gateway must have at least one server');
  const names = new Set<string>();
  for (const server of servers) {
    const hosts = strings(server.hosts);
    if (hosts.length === 0) faults.push('server config must contain at least one host');
    for (const host of hosts) faults.push(gatewayHostFault(host));
    const port = isObject(server.port) ? server.port : undefined;
    const protocol = String(port?.protocol ?? '').toUpperCase();
    if (!port) faults.push('port is required');
    else {
      if (!PROTOCOLS.has(protocol)) {
        faults.push(
          `invalid protocol "${port.protocol ?? ''}", supported protocols are HTTP, HTTP2, GRPC, GRPC-WEB, MONGO, REDIS, MYSQL, TCP`,
        );
      }
      const number = Number(port.number ?? 0);
      if (number < 1 || number > 65535) faults.push(`port number ${number} must be in the range 1..65535`);
      const name = String(port.name ?? '');
      if (name === '') faults.push('port name must be set: ' + JSON.stringify(port));
      if (names.has(name)) faults.push(`port names in servers must be unique: duplicate name ${name}`);
      names.add(name);
    }
    faults.push(...tlsFaults(server.tls, protocol));
  }
  return faults.filter(fault => fault !== undefined);
}

/** `namespace/host`, `host` or `*`; short names are refused. */
function gatewayHostFault(text: string): string | undefined {
  const host = text.includes('/') ? text.slice(text.indexOf('/') + 1) : text;
  if (text.startsWith('~/')) return 'invalid namespace value "~" in gateway';
  if (host !== '*' && !host.includes('.')) return 'short names (non FQDN) are not allowed';
  if (/^\*[^.]/.test(host)) return `partial wildcard "${host}" not allowed`;
  return hostFault(host);
}

function tlsFaults(tls: Json | undefined, protocol: string): string[] {
  const secure = protocol === 'HTTPS' || protocol === 'TLS';
  if (!isObject(tls)) return secure ? ['server must have TLS settings for HTTPS/TLS protocols'] : [];
  const mode = tls.mode ?? 'PASSTHROUGH';
  if (!secure) {
    const own = tls.caCertificates || tls.privateKey || tls.serverCertificate || tls.credentialName;
    return mode === 'PASSTHROUGH' && !own ? [] : ['server cannot have TLS settings for plain text HTTP ports'];
  }
  if (!['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL'].includes(String(mode))) return [];
  if (tls.credentialName || strings(tls.credentialNames).length > 0 || objects(tls.tlsCertificates).length > 0)
    return [];
  const kind = mode === 'SIMPLE' ? 'SIMPLE TLS' : 'MUTUAL TLS';
  const faults: string[] = [];
  if (mode !== 'SIMPLE' && !tls.caCertificates) faults.push(`${kind} requires a client CA bundle`);
  if (!tls.serverCertificate) faults.push(`${kind} requires a server certificate`);
  if (!tls.privateKey) faults.push(`${kind} requires a private key`);
  return faults;
}
