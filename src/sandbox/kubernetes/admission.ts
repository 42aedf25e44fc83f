/**
 * istiod's validating webhook: what it refuses of traffic's and policies' kinds beyond the CRD, and what it warns of; a
 * file for each kind. Source: the rules and messages of istio's pkg/config/validation. Weights that do not sum to 100 and
 * the same destination twice are accepted, as there.
 */
import type { JsonObject, KubeObject } from '../../object.ts';
import { authorizationPolicyFaults } from './admission-authorization-policy.ts';
import { destinationRuleFaults } from './admission-destination-rule.ts';
import { type Faults, wordsOf } from './admission-faults.ts';
import { warnOfNoLabels } from './admission-fields.ts';
import { gatewayFaults } from './admission-gateway.ts';
import { serviceEntryFaults } from './admission-service-entry.ts';
import { sidecarFaults } from './admission-sidecar.ts';
import { virtualServiceFaults } from './admission-virtual-service.ts';
import { ApiError } from './status-errors.ts';

/** Throws 400 for what istiod would refuse; adds its warnings. */
export function admitIstio(object: KubeObject, warnings: string[]): void {
  const check = CHECKS[object.kind];
  if (!check || !object.apiVersion.includes('istio.io/')) return;
  const { name, namespace = '' } = object.metadata;
  const words = wordsOf(check(object.spec ?? {}, warnings, namespace, name));
  if (words === undefined) return;
  const message = `admission webhook "validation.istio.io" denied the request: configuration is invalid: ${words}`;
  // istiod gives a code and a message, and no reason.
  throw new ApiError(400, '', message);
}

type Check = (spec: JsonObject, warnings: string[], namespace: string, name: string) => Faults;

const CHECKS: Record<string, Check> = {
  VirtualService: virtualServiceFaults,
  DestinationRule: destinationRuleFaults,
  Gateway: gatewayFaults,
  ServiceEntry: serviceEntryFaults,
  Sidecar: sidecarFaults,
  AuthorizationPolicy: authorizationPolicyFaults,
  // Whatever istiod refuses of it, its CRD refuses before.
  PeerAuthentication: (spec, warnings) => {
    warnOfNoLabels(spec.selector, warnings);
    return [];
  },
};
