/** Where probes were sent from, in words. */
import type { ProbeSource } from '../ports.ts';

export function sourceName(from: ProbeSource): string {
  if (from.kind === 'pod') return `pod ${from.namespace}/${from.pod}`;
  return from.name === undefined ? 'the ingress gateway' : `the gateway ${from.name}`;
}
