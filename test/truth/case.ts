/** One small configuration that stands alone in the mesh by its hosts, and the requests that ask about it. */
import type { KubeObject } from '../../src/object.ts';

export const NAMESPACES = {
  a: 'truth-a',
  b: 'truth-b',
  c: 'truth-c',
  gate: 'truth-gate',
  root: 'istio-system',
} as const;

/** Pods that send. `outside` has no sidecar and speaks to the gateway. */
export const CLIENTS = {
  'plain-a': { namespace: NAMESPACES.a, role: 'plain' },
  'scoped-a': { namespace: NAMESPACES.a, role: 'scoped' },
  'plain-b': { namespace: NAMESPACES.b, role: 'plain' },
  'plain-c': { namespace: NAMESPACES.c, role: 'plain' },
  outside: { namespace: NAMESPACES.gate, role: 'outside' },
} as const;

export type ClientName = keyof typeof CLIENTS;
export const SIDECARS: ClientName[] = ['plain-a', 'scoped-a', 'plain-b', 'plain-c'];

export interface Probe {
  client: ClientName;
  /** As in the Host header. */
  host: string;
  port: number;
  /** With its query. */
  path: string;
  method: string;
  headers: Record<string, string>;
}

export interface Made {
  object: KubeObject;
  /** Created at least a second after those that are not. */
  young: boolean;
}

export interface Case {
  /** `k017`: part of every name and host of the case, so that cases do not meet. */
  slot: string;
  made: Made[];
  /** What the Sidecar of the client `scoped-a` imports of this case, as in `egress[].hosts`. */
  imports: string[];
  probes: Probe[];
}

export const slotName = (index: number) => `k${String(index).padStart(3, '0')}`;

/** The same case elsewhere. */
export function moved(found: Case, slot: string): Case {
  if (found.slot === slot) return found;
  return { ...(JSON.parse(JSON.stringify(found).replaceAll(found.slot, slot)) as Case), slot };
}

export const serviceHost = (name: string, namespace: string) => `${name}.${namespace}.svc.cluster.local`;
