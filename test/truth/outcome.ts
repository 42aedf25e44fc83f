/** What became of one request, as both the prediction and the observation say it. */

export interface Arrival {
  namespace: string;
  /** Of the pod, which tells the Service that was meant. */
  port: number;
  path: string;
  authority: string;
  /** Only those that configurations touch. */
  headers: Record<string, string>;
}

export interface Outcome {
  /** 0: the connection was refused. */
  status: number;
  /** Envoy's response flags, in alphabetical order; '-' for none. */
  flags: string;
  /** Envoy's name of it; only where a pod was reached. */
  cluster?: string;
  /** How often upstream was tried; only where a pod was reached. */
  tries?: number;
  upstream?: Arrival;
  /** Response headers that configurations touch. */
  headers: Record<string, string>;
  location?: string;
  /** Of an answer that the mesh itself gave. */
  body?: string;
}

/** What may become of it, and how often. */
export interface Chance {
  /** 0–1. */
  share: number;
  outcome: Outcome;
  /** Versions of pods that may have answered. */
  versions?: string[];
}

export interface MirrorChance {
  /** 0–1 of the requests that reach an upstream. */
  share: number;
  arrival: Arrival;
  versions: string[];
}

export interface Expected {
  chances: Chance[];
  mirrors: MirrorChance[];
  /** ms that every answer takes at least. */
  atLeast: number;
  /** ms after which the proxy gives up; absent: never. */
  limit?: number;
  /** The tries cannot be told: the limit ends somewhere among them. */
  triesOpen?: boolean;
}

export interface Observed {
  outcome: Outcome;
  version?: string;
  mirrors: { arrival: Arrival; version: string }[];
  /** ms. */
  took: number;
}

export const REQUEST_HEADERS = ['x-a', 'x-b', 'end-user', 'x-canary', 'cookie'];
export const RESPONSE_HEADERS = [
  ...['x-r', 'x-s', 'x-t'],
  ...['origin', 'credentials', 'methods', 'headers'].map(name => `access-control-allow-${name}`),
  ...['access-control-expose-headers', 'access-control-max-age'],
];

export function only(names: string[], headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(names.flatMap(name => (headers[name] === undefined ? [] : [[name, headers[name]]])));
}

/** Two outcomes are one where their texts are. */
export function textOf(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

export function flagsOf(...flags: string[]): string {
  const set = [...new Set(flags.flatMap(each => each.split(',')))].filter(each => each !== '-' && each !== '');
  return set.length === 0 ? '-' : set.sort().join(',');
}
