/** Requests and answers as they travel through the local mesh. Header names are in lower case. */

export type Headers = Record<string, string>;

export interface Inbound {
  method: string;
  scheme: 'http' | 'https';
  /** As in the Host header. */
  host: string;
  /** That was connected to. */
  port: number;
  /** The name or address that was connected to, where it is not `host`. */
  address?: string;
  /** With its query. */
  path: string;
  headers: Headers;
  body: string;
}

export interface Answer {
  /** 0: no answer came, `failure` says why. */
  status: number;
  headers: Headers;
  body: string;
  /** Envoy's response flags, '-' for none. */
  flags: string;
  /** What the client's socket sees instead of an answer. */
  failure?: 'refused' | 'reset' | 'unresolved' | 'timeout';
}

export function answer(status: number, body = '', flags = '-', headers: Headers = {}): Answer {
  const type: Headers = body === '' ? {} : { 'content-type': 'text/plain' };
  return { status, body, flags, headers: { ...type, ...headers } };
}

export function failed(failure: NonNullable<Answer['failure']>, flags = '-'): Answer {
  return { status: 0, body: '', flags, headers: {}, failure };
}
