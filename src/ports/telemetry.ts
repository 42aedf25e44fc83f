/** What is measured of the mesh: traces and metrics. */

/** One hop of a trace. */
export interface Hop {
  id: string;
  parent?: string;
  /** Workload's service, as the tracer names it: `reviews.default`. */
  service: string;
  /** Version label of the workload that answered, where known. */
  version?: string;
  /** `client` or `server` side of the hop. */
  side: 'client' | 'server' | 'other';
  name: string;
  /** Epoch ms, with fractions. */
  start: number;
  /** ms. */
  took: number;
  status?: number;
  tags: Record<string, string>;
}

export interface Traces {
  /** What answers: `Zipkin`. undefined: no tracer is known, and so nothing is ever found. */
  readonly name?: string;
  /** undefined: not there (yet). Throws when the tracer cannot be asked. */
  find(traceId: string): Promise<Hop[] | undefined>;
  /** Where a person can look at it. */
  link(traceId: string): string | undefined;
}

/** Only requests that this workload sends, by its canonical name. */
export interface Sender {
  name: string;
  namespace: string;
}

export interface Metrics {
  /** Requests/s to a service by destination version, over the last `window` s. undefined: nothing is known. */
  rateByVersion(host: string, window: number, sender?: Sender): Promise<Record<string, number> | undefined>;
  /** Requests/s to a service by the workload that sends them, `productpage-v1.default`. May be left out. */
  rateByCaller?(host: string, window: number): Promise<Record<string, number> | undefined>;
  /**
   * How the versions of a service did over the last `window` s before `until` (epoch ms; now unless told). undefined:
   * nothing is known. May be left out.
   */
  behaviourByVersion?(host: string, window: number, until?: number): Promise<Record<string, Behaviour> | undefined>;
  /**
   * How each service did over the `window` s before `at` (epoch ms; absent: now), by fully qualified host. Services of
   * which nothing is known are left out; requests that reached none are those of `unknown`. Nothing is told of p50. May be left out.
   */
  services?(window: number, at?: number): Promise<Record<string, Behaviour>>;
  /** Requests ever counted, for differences between two moments. undefined: nothing is known. May be left out. */
  countsByVersion?(host: string): Promise<Counts | undefined>;
}

/** By destination version. What is received but was not sent is a mirror's copies. */
export interface Counts {
  /** Epoch ms since which all of it was scraped; undefined: not known. */
  at?: number;
  sent: Record<string, number>;
  received: Record<string, number>;
}

/** What is not known of it is left out; nothing of it is ever guessed. */
export interface Behaviour {
  /** Requests/s. */
  rate: number;
  /** Share of them that was answered with 5xx, or of gRPC with a status that means a fault of the server; 0 to 1. */
  errors?: number;
  /** ms within which half of them were answered. */
  p50?: number;
  /** ms within which 95 % of them were answered. */
  p95?: number;
}
