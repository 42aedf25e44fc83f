/** What istiod's webhook refuses of a DestinationRule. */
import { isIP } from 'node:net';
import type { Json, JsonObject } from '../../object.ts';
import { connectionPoolFaults } from './admission-connection-pool.ts';
import type { Faults } from './admission-faults.ts';
import { durationFault, exportFaults, labelFaults, selectorFaults, warnOfNoLabels } from './admission-fields.ts';
import { balancerFaults } from './admission-load-balancer.ts';
import { fqdnFault, hostFault, strings, subsetFault } from './admission-names.ts';
import { portFault } from './admission-ports.ts';
import { isObject, objects } from './schema.ts';

export function destinationRuleFaults(spec: JsonObject, warnings: string[], namespace: string): Faults {
  const faults: Faults = [hostFault(typeof spec.host === 'string' ? spec.host : '')];
  faults.push(...trafficPolicyFaults(spec.trafficPolicy, namespace));
  const seen = new Set<string>();
  for (const subset of objects(spec.subsets)) {
    const name = typeof subset.name === 'string' ? subset.name : '';
    if (seen.has(name)) faults.push(`duplicate subset names: ${name}`);
    seen.add(name);
    faults.push(
      subsetFault(name),
      ...labelFaults(subset.labels),
      ...trafficPolicyFaults(subset.trafficPolicy, namespace),
    );
  }
  faults.push(...exportFaults(spec.exportTo, namespace));
  const { workloadSelector: selector } = spec;
  if (!isObject(selector)) return faults;
  const elsewhere = new Set(strings(spec.exportTo).filter(each => each !== '.' && each !== namespace));
  if (elsewhere.size > 0) {
    const isHere = strings(spec.exportTo).length > elsewhere.size;
    const words = isHere ? 'multiple entries in exportTo' : 'exportTo beyond current namespace';
    faults.push(`destination rule with workload selector cannot have ${words}`);
  }
  warnOfNoLabels(selector, warnings);
  return [...faults, ...selectorFaults(selector.matchLabels)];
}

const SHARED = ['outlierDetection', 'connectionPool', 'loadBalancer', 'tls'];
const OWN = ['tunnel', 'proxyProtocol', 'retryBudget'];

function trafficPolicyFaults(policy: Json | undefined, namespace: string): Faults {
  if (!isObject(policy)) return [];
  const ports = objects(policy.portLevelSettings);
  if (![...SHARED, ...OWN].some(field => isObject(policy[field])) && ports.length === 0) {
    return ['traffic policy must have at least one field'];
  }
  const { tunnel } = policy;
  if (isObject(tunnel) && isObject(policy.proxyProtocol)) return ['tunnel and proxyProtocol must not be set together'];
  return [
    ...sharedFaults(policy, namespace),
    ...ports.flatMap(port => portPolicyFaults(port, namespace)),
    ...(isObject(tunnel) ? tunnelFaults(tunnel) : []),
  ];
}

function portPolicyFaults(settings: JsonObject, namespace: string): Faults {
  const faults: Faults = isObject(settings.port) ? [] : ['portTrafficPolicy must have valid port'];
  if (SHARED.some(field => isObject(settings[field]))) return [...faults, ...sharedFaults(settings, namespace)];
  return [...faults, 'port traffic policy must have at least one field'];
}

/** Of all ports, or of one. */
function sharedFaults(policy: JsonObject, namespace: string): Faults {
  const { outlierDetection, connectionPool, loadBalancer, tls } = policy;
  return [
    ...(isObject(outlierDetection) ? outlierFaults(outlierDetection) : []),
    ...connectionPoolFaults(connectionPool),
    ...(isObject(loadBalancer) ? balancerFaults(loadBalancer) : []),
    ...(isObject(tls) ? clientTlsFaults(tls, namespace) : []),
  ];
}

function outlierFaults(outlier: JsonObject): Faults {
  const { splitExternalLocalOriginErrors, consecutiveLocalOriginFailures } = outlier;
  const isSplit = splitExternalLocalOriginErrors === true || Number(consecutiveLocalOriginFailures ?? 0) === 0;
  return [
    durationFault(outlier.baseEjectionTime),
    isSplit
      ? undefined
      : 'outlier detection consecutive local origin failures is specified, but split external local origin errors is set to false',
    durationFault(outlier.interval),
    ...['maxEjectionPercent', 'minHealthPercent'].map(field => {
      const value = Number(outlier[field] ?? 0);
      return value < 0 || value > 100 ? `percentage ${value} is not in range 0..100` : undefined;
    }),
  ];
}

function tunnelFaults(tunnel: JsonObject): Faults {
  const host = String(tunnel.targetHost ?? '');
  const noName = fqdnFault(host);
  const wrongPort = portFault(Number(tunnel.targetPort ?? 0));
  return [
    ['', 'CONNECT', 'POST'].includes(String(tunnel.protocol ?? ''))
      ? undefined
      : 'tunnel protocol must be "CONNECT" or "POST"',
    noName && isIP(host) === 0
      ? `tunnel target host must be valid FQDN or IP address: ${noName}; ${host} is not a valid IP`
      : undefined,
    wrongPort && `tunnel target port is invalid: ${wrongPort}`,
  ];
}

function clientTlsFaults(tls: JsonObject, namespace: string): Faults {
  const { mode, credentialName, clientCertificate, privateKey, caCertificates, caCrl } = tls;
  const faults: Faults = [configMapFault(String(credentialName ?? ''), namespace)];
  if (tls.insecureSkipVerify === true) {
    const names = strings(tls.subjectAltNames).length > 0;
    if (mode === 'SIMPLE' && (caCertificates || credentialName || names)) {
      faults.push(
        'cannot specify CaCertificates or CredentialName or SubjectAltNames when InsecureSkipVerify is set true',
      );
    }
    if (mode === 'MUTUAL' && (caCertificates || names)) {
      faults.push('cannot specify CaCertificates or SubjectAltNames when InsecureSkipVerify is set true');
    }
  }
  if (credentialName && (mode === 'SIMPLE' || mode === 'MUTUAL')) {
    if (clientCertificate || caCertificates || privateKey || caCrl) {
      faults.push('cannot specify client certificates or CA certificate or CA CRL If credentialName is set');
    }
    return faults;
  }
  if (mode === 'MUTUAL' && !clientCertificate) faults.push('client certificate required for mutual tls');
  if (mode === 'MUTUAL' && !privateKey) faults.push('private key required for mutual tls');
  return faults;
}

/** `configmap://namespace/name`, of the rule's own namespace. */
function configMapFault(name: string, namespace: string): string | undefined {
  const [, path] = /^configmap:\/\/(.*)$/s.exec(name) ?? [];
  if (path === undefined) return undefined;
  const [where, which] = path.split('/');
  const said = 'invalid configmap:// credentialName:';
  const missing = which === undefined ? 'namespace and name' : where === '' ? 'namespace' : which === '' ? 'name' : '';
  if (missing) return `${said} invalid resource name ${JSON.stringify(name)}. Expected ${missing}`;
  if (where === namespace) return undefined;
  return `${said} namespace must match the configuration namespace "${namespace}"`;
}
