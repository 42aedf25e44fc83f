/** Where a request goes, and what happens to it on the way. */
import type { JsonObject, ObjectRef } from '../../object.ts';

/** `remove` takes away first (Envoy's order), then `set` overwrites and `add` appends to what is there. */
export interface HeaderOps {
  set: Record<string, string>;
  add: Record<string, string>;
  remove: string[];
}

/**
 * Envoy's response flags: NR no route, NC no such cluster, UH no healthy endpoint; '-' where Envoy sets none.
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage
 */
type Flag = 'NR' | 'NC' | 'UH' | '-';

/** What the client gets instead of an answer. Status 0: the connection is refused or closed, no HTTP at all. */
export interface Failure {
  status: number;
  flag: Flag;
  /** One sentence. */
  why: string;
}

/** The route that took the request. */
export interface Via {
  virtualService: ObjectRef;
  /** In the `spec.http` of `virtualService`; for a delegated route that of the root. */
  index: number;
  /** As the proxies name it: `<route>.<match>` where a match is named. */
  name?: string;
  /** The VirtualService that was delegated to. */
  delegate?: ObjectRef;
}

/** A service's cluster as the client's proxy knows it. */
export interface Target {
  /** Fully qualified. */
  host: string;
  port: number;
  subset?: string;
  /** Labels that the subset asks for. */
  labels: Record<string, string>;
  /** The version this stands for: see versionOf. */
  version?: string;
  /** Where the endpoints' pods live. */
  namespace: string;
  /** Names of ready pods; addresses where a ServiceEntry lists them. */
  endpoints: string[];
  /** Ready endpoints by their version label ('' without one). */
  versions: Record<string, number>;
  /** Set where every request sent here fails. */
  fails?: Failure;
}

export interface Destination extends Target {
  /** Percent 0–100 of the route's requests. */
  share: number;
  requestHeaders: HeaderOps;
  responseHeaders: HeaderOps;
  /** The Host header that this destination alone is sent. */
  authority?: string;
}

export interface Mirror extends Target {
  /** 0–100. */
  percent: number;
}

export interface Retries {
  /** After the first try. */
  attempts: number;
  /** ms. */
  perTryTimeout?: number;
  /** Envoy's retry-on policies, comma-separated. */
  retryOn: string;
}

/** Comes before all else that a route does. Percent 0–100 of requests. */
export interface Fault {
  delay?: { /** ms */ fixed: number; percent: number };
  abort?: { status: number; percent: number };
}

interface Routed {
  /** Absent: no VirtualService speaks for the host. */
  via?: Via;
  fault?: Fault;
  cors?: JsonObject;
}

export interface Forward extends Routed {
  kind: 'forward';
  /** Never empty; shares sum to 100. */
  destinations: Destination[];
  mirrors: Mirror[];
  /** With its query, as upstream sees it. */
  path: string;
  /** The Host header as upstream sees it. */
  authority: string;
  /** ms for the whole of the answer, retries included. Absent: no limit. Starts after a fault's delay. */
  timeout?: number;
  retries: Retries;
  requestHeaders: HeaderOps;
  responseHeaders: HeaderOps;
}

interface Redirect extends Routed {
  kind: 'redirect';
  status: number;
  /** Absolute URL. */
  location: string;
  responseHeaders: HeaderOps;
}

interface DirectResponse extends Routed {
  kind: 'direct-response';
  status: number;
  body: string;
  responseHeaders: HeaderOps;
}

/** The mesh does not know the host and lets it go where it asked to (ALLOW_ANY). */
interface Passthrough {
  kind: 'passthrough';
  host: string;
  port: number;
  why: string;
}

/** Nothing takes the request, or nothing that takes it can answer. */
export interface None extends Routed, Failure {
  kind: 'none';
  /** What each of the destinations that fail answers with, where there are some: the route changes headers here, too. */
  failing?: (Failure & { /** Percent 0–100. */ share: number; responseHeaders: HeaderOps[] })[];
}

export type Decision = Forward | Redirect | DirectResponse | Passthrough | None;

export const NO_HEADER_OPS: HeaderOps = Object.freeze({ set: {}, add: {}, remove: [] });
