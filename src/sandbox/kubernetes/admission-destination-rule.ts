/** What istiod's webhook refuses of a DestinationRule. */
import type { Json, JsonObject } from '../../object.ts';
import { connectionPoolFaults } from './admission-connection-pool.ts';
import { exportFaults, labelFaults } from './admission-fields.ts';
import { type Faults, hostFault, objects, portFault, subsetFault } from './admission-names.ts';
import { isObject } from './schema.ts';

export function destinationRuleFaults(spec: JsonObject, _: string[], namespace: string): Faults {
  const faults: Faults = [hostFault(typeof spec.host === 'string' ? spec.host : '')];
  faults.push(...trafficPolicyFaults(spec.trafficPolicy));
  const seen = new Set<string>();
  for (const subset of objects(spec.subsets)) {
    const name = typeof subset.name === 'string' ? subset.name : '';
    if (seen.has(name)) faults.push(`duplicate subset names: ${name}`);
    seen.add(name);
    faults.push(subsetFault(name), ...labelFaults(subset.labels), ...trafficPolicyFaults(subset.trafficPolicy));
  }
  faults.push(...exportFaults(spec.exportTo, namespace));
  return faults;
}

function trafficPolicyFaults(policy: Json | undefined): Faults {
  if (!isObject(policy)) return [];
  const faults: Faults = [];
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
  faults.push(...connectionPoolFaults(connectionPool));
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

function clientTlsFaults(tls: JsonObject): string[] {
  const own = tls.clientCertificate || tls.privateKey || tls.caCertificates;
  if (tls.mode === 'MUTUAL' && !tls.credentialName) {
    return [
      ...(tls.clientCertificate ? [] : ['client certificate required for mutual tls']),
      ...(tls.privateKey ? [] : ['private key required for mutual tls']),
    ];
  }
  if (tls.credentialName && own && (tls.mode === 'SIMPLE' || tls.mode === 'MUTUAL')) {
    return ['cannot specify client certificates or CA certificate or CA CRL If credentialName is set'];
  }
  return [];
}
