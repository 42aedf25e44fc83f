/** What a proof looks with, and how long and how closely. */
import type { KubeObject } from '../object.ts';
import type { Clock, MeshProxy, Metrics, Probe, Proxies, Random, Traces, Write } from '../ports.ts';

export interface ProofPorts {
  probe: Probe;
  traces: Traces;
  metrics: Metrics;
  clock: Clock;
  random: Random;
  /** Left out: nobody asks the proxies what they hold. */
  proxies?: Proxies;
  /** Whether a proxy is to have routes of it, by the mesh's objects; false where that is not known. */
  isMeantFor?(proxy: MeshProxy, virtualService: KubeObject): boolean;
  /** Destinations of a host that cannot answer now, and why, in words. */
  broken?(host: string): string[];
}

export interface ProofOptions {
  /** Requests of one look. */
  requests: number;
  concurrency: number;
  /** How many ways must be known to say anything. */
  least: number;
  /** Percent. */
  confidence: number;
  /** ms for which a wrong first impression is looked at again: proxies take their time. */
  patience: number;
  /** ms between two looks. */
  pause: number;
  /** ms for one request. */
  timeout: number;
  /** ms to wait for the traces of one look. */
  traces: number;
  /** ms to wait for the metrics of one look. */
  metrics: number;
  /** Version whose trace is shown, where one of its requests was seen. */
  changed?: string;
  /** Told what is waited for, or known already, while it goes on: one sentence without its full stop. */
  tell?: (progress: string) => void;
  /** The VirtualService that was written, and when: proxies are asked whether they hold it. */
  written?: { write: Write; older?: KubeObject[]; at: number; port?: number };
  signal?: AbortSignal;
}
