/** What istiod's webhook refuses of the TLS that a Gateway's server or a Sidecar's ingress ends. */
import type { JsonObject } from '../../object.ts';
import { strings } from './admission-names.ts';
import { objects } from './schema.ts';

const OWN_CERTIFICATE = ['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL'];

/** Of ISTIO_MUTUAL, whose certificates are the mesh's: field, and how it is called. */
const GIVEN: [field: string, words: string][] = [
  ['serverCertificate', 'server certificate'],
  ['privateKey', 'private key'],
  ['caCertificates', 'CA bundle'],
  ['tlsCertificates', 'tlsCertificates'],
  ['credentialName', 'credentialName'],
  ['credentialNames', 'credentialNames'],
];

export function serverTlsFaults(tls: JsonObject): string[] {
  const mode = String(tls.mode ?? 'PASSTHROUGH');
  if (mode === 'ISTIO_MUTUAL') {
    const given = GIVEN.filter(([field]) =>
      Array.isArray(tls[field]) ? strings(tls[field]).length + objects(tls[field]).length > 0 : tls[field],
    );
    return given.map(([, words]) => `ISTIO_MUTUAL TLS cannot have associated ${words}`);
  }
  const faults: string[] = [];
  const certificates = objects(tls.tlsCertificates);
  const byName = [Boolean(tls.credentialName), strings(tls.credentialNames).length > 0];
  const sources = [Boolean(tls.serverCertificate && tls.privateKey), ...byName, certificates.length > 0];
  if (sources.filter(Boolean).length > 1) {
    faults.push(
      'only one of credential_name, credential_names, server_certificate/private_key, tls_certificates should be specified',
    );
  }
  const isOwn = OWN_CERTIFICATE.includes(mode);
  if (isOwn && byName.includes(true)) return faults;
  if (isOwn) {
    const words = mode === 'SIMPLE' ? 'SIMPLE TLS' : 'MUTUAL TLS';
    if (mode !== 'SIMPLE' && !tls.caCertificates) faults.push(`${words} requires a client CA bundle`);
    for (const certificate of certificates.length > 0 ? certificates : [tls]) {
      if (!certificate.serverCertificate) faults.push(`${words} requires a server certificate`);
      if (!certificate.privateKey) faults.push(`${words} requires a private key`);
    }
  }
  if (tls.caCrl && tls.credentialName) {
    faults.push('CRL is not supported with credentialName. CRL has to be specified in the credential');
  }
  if (tls.caCrl && mode === 'SIMPLE') faults.push('CRL is not supported with SIMPLE TLS');
  return faults;
}
