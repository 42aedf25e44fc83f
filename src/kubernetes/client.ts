/** Requests to the Kubernetes API as meshbot makes them: pooled, bounded in time, with warnings, errors as ClusterError. */
import { request } from 'undici';
import { type Clock, ClusterError } from '../ports.ts';
import { type ClusterAddress, loadConfig, type PooledConfig } from './config.ts';
import { refusal, unanswered } from './errors.ts';

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  /** 'application/json' unless told. */
  contentType?: string;
  /** What it is about, for errors: 'VirtualService default/reviews'. */
  subject: string;
  signal?: AbortSignal;
}

export interface Answer {
  status: number;
  body: unknown;
  /** `Warning` headers, their text only. */
  warnings: string[];
}

/** One finished request, for metrics. `code` 0: no answer. */
export interface Observed {
  method: string;
  code: number;
  /** ms. */
  took: number;
}

export interface ClientOptions {
  clock: Pick<Clock, 'now'>;
  /** Sent as User-Agent and as the field manager of writes. */
  agent?: string;
  observe?(observed: Observed): void;
}

/** ms until a request that has not ended is given up. */
const DEADLINE = 30_000;

export class KubeClient {
  readonly config: PooledConfig;
  /** As in the kubeconfig, without a slash at its end. */
  readonly server: string;
  readonly #options: ClientOptions;

  constructor(config: PooledConfig, options: ClientOptions) {
    this.config = config;
    this.server = (config.getCurrentCluster()?.server ?? '').replace(/\/+$/, '');
    this.#options = options;
  }

  /** One request, never tried again. Throws ClusterError, ApiError where the server answered. */
  async call(call: Call): Promise<Answer> {
    const deadline = AbortSignal.timeout(DEADLINE);
    const signal = call.signal ? AbortSignal.any([call.signal, deadline]) : deadline;
    const began = this.#options.clock.now();
    let code = 0;
    try {
      const { headers, requests } = await this.config.credentials();
      const response = await request(this.#url(call), {
        method: call.method,
        headers: this.#headers(headers, call),
        body: call.body === undefined ? null : JSON.stringify(call.body),
        dispatcher: requests,
        signal,
      });
      const body = parsed(await response.body.text());
      code = response.statusCode;
      if (code >= 300) throw this.#refusal(call, code, body, response.headers);
      return { status: code, body, warnings: warningsIn(response.headers.warning) };
    } catch (error) {
      if (error instanceof ClusterError) throw error;
      throw unanswered(call.subject, this.server, error);
    } finally {
      this.#options.observe?.({ method: call.method, code, took: this.#options.clock.now() - began });
    }
  }

  /** Opens a stream of lines (a watch). The body ends, or fails, when the server or `signal` ends it. */
  async open(call: Call & { method: 'GET'; signal: AbortSignal }): Promise<AsyncIterable<Buffer>> {
    let code = 0;
    const began = this.#options.clock.now();
    try {
      const { headers, streams } = await this.config.credentials();
      const response = await request(this.#url(call), {
        method: 'GET',
        headers: this.#headers(headers, call),
        dispatcher: streams,
        signal: call.signal,
      });
      code = response.statusCode;
      if (code >= 300) throw this.#refusal(call, code, parsed(await response.body.text()), response.headers);
      return response.body;
    } catch (error) {
      if (error instanceof ClusterError) throw error;
      throw unanswered(call.subject, this.server, error);
    } finally {
      this.#options.observe?.({ method: 'WATCH', code, took: this.#options.clock.now() - began });
    }
  }

  /** Ends all connections. */
  close(): Promise<void> {
    return this.config.close();
  }

  #url(call: Call): string {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined) query.set(name, String(value));
    }
    return `${this.server}${call.path}${query.size > 0 ? `?${query}` : ''}`;
  }

  #headers(credentials: Record<string, string>, call: Call): Record<string, string> {
    return {
      ...credentials,
      accept: 'application/json',
      'user-agent': this.#options.agent ?? 'meshbot',
      ...(call.body === undefined ? {} : { 'content-type': call.contentType ?? 'application/json' }),
    };
  }

  #refusal(call: Call, code: number, body: unknown, headers: Record<string, string | string[] | undefined>): Error {
    return refusal(call.subject, code, body, { retryAfter: first(headers['retry-after']) }, this.#options.clock.now());
  }
}

/** Speaks to nobody yet. Throws a ClusterError for people where the address is of no use. */
export function connect(address: ClusterAddress, options: ClientOptions): KubeClient {
  return new KubeClient(loadConfig(address), options);
}

/** A proxy in between may answer with a page instead of JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text.slice(0, 500) };
  }
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** `299 - "text"`, one or more. RFC 9111, section 5.5; Kubernetes quotes with backslashes. */
export function warningsIn(header: string | string[] | undefined): string[] {
  const lines = header === undefined ? [] : Array.isArray(header) ? header : [header];
  return lines.flatMap(line =>
    [...line.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text!.replace(/\\(.)/g, '$1')),
  );
}
