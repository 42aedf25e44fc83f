/** The mesh as one can ask it: requests sent into it, its proxies, its certificates. */
import type { JsonObject } from '../object.ts';

export type ProbeSource =
  /** From outside, through the ingress gateway. */
  { kind: 'gateway'; name?: string } | { kind: 'pod'; namespace: string; pod: string; container?: string };

export interface ProbeRequest {
  from: ProbeSource;
  method: string;
  /** `http://host[:port]/path`. From 'gateway' the host is the Host header and the connection goes to the gateway. */
  url: string;
  headers: Record<string, string>;
  /** ms. */
  timeout: number;
}

/**
 * answered: with an HTTP status. refused: nobody took the connection (ECONNREFUSED), and nothing else. late: time was up,
 * while connecting or after. failed: all else, which says nothing of who listens there: a name or a way that is not
 * known, a TLS handshake that fails, a connection that was taken and broke off.
 */
export type ProbeOutcome = 'answered' | 'refused' | 'late' | 'failed';

export interface ProbeAnswer {
  outcome: ProbeOutcome;
  /** HTTP status, or 0 where the outcome is another than `answered`: see `error`. */
  status: number;
  headers: Record<string, string>;
  /** Cut at 64 KiB. */
  body: string;
  truncated: boolean;
  /** ms. */
  took: number;
  /** In words, why no answer came. */
  error?: string;
}

/** Sends one request. Never throws for what the mesh answers; throws ProbeError when it must not or cannot be sent. */
export interface Probe {
  send(request: ProbeRequest): Promise<ProbeAnswer>;
}

export class ProbeError extends Error {
  override name = 'ProbeError';
  /** meshbot lacks the right to do it, there and in the whole namespace. */
  readonly forbidden: boolean;
  constructor(message: string, options?: { cause?: unknown; forbidden?: boolean }) {
    super(message, options);
    this.forbidden = options?.forbidden ?? false;
  }
}

/** A sidecar, or a gateway, which is a proxy alone. */
export interface MeshProxy {
  namespace: string;
  pod: string;
  labels: Record<string, string>;
  gateway: boolean;
}

/** The routing of the proxies themselves, as each has it now. */
export interface Proxies {
  /** Those that are ready, as the watches have them. */
  list(): MeshProxy[];
  /** Envoy's RouteConfigurations, of one port or of all. Throws ProbeError where the proxy cannot be asked. */
  routes(proxy: Pick<MeshProxy, 'namespace' | 'pod'>, port?: number): Promise<JsonObject[]>;
}

/** Certificates as whoever connects to a gateway sees them. */
export interface Certificates {
  /**
   * Epoch ms at which the one ends that the Gateway presents to who asks for `host` (undefined: for no name).
   * undefined: not known. Throws where the gateway cannot be reached.
   */
  expiry(
    gateway: { namespace: string; name: string },
    port: number,
    host: string | undefined,
  ): Promise<number | undefined>;
}
