/** Requests to the Kubernetes API as meshbot makes them: pooled, bounded in time, with warnings, errors as ClusterError. */
import { type Dispatcher, request } from 'undici';
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
/** Clocks that differ by less are taken to show the same. ms. */
const SAME_CLOCK = 5_000;

export class KubeClient {
  readonly config: PooledConfig;
  /** As in the kubeconfig, without a slash at its end. */
  readonly server: string;
  readonly #options: ClientOptions;
  #ahead = 0;

  constructor(config: PooledConfig, options: ClientOptions) {
    this.config = config;
    this.server = (config.getCurrentCluster()?.server ?? '').replace(/\/+$/, '');
    this.#options = options;
  }

  /**
   * Epoch ms by the API server's clock, as it told with its last answer: the one clock that all replicas share. A
   * difference of a few seconds is none, for it tells whole seconds, and answers take their time.
   */
  now(): number {
    const now = this.#options.clock.now();
    return Math.abs(this.#ahead) < SAME_CLOCK ? now : now + this.#ahead;
  }

  /** One request, never tried again. Throws ClusterError, ApiError where the server answered. */
  async call(call: Call): Promise<Answer> {
    // AbortSignal.timeout would hold on to each request that was answered, until its time is over.
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new DOMException('no answer in time', 'TimeoutError')), DEADLINE).unref();
    const signal = call.signal ? AbortSignal.any([call.signal, late.signal]) : late.signal;
    try {
      return await this.#observed(call, call.method, async response => {
        const sent = await this.#send({ ...call, signal }, 'requests');
        const body = parsed(await sent.body.text());
        response.code = sent.statusCode;
        if (sent.statusCode >= 300) throw this.#refusal(call, sent.statusCode, body, sent.headers);
        return { status: sent.statusCode, body, warnings: warningsIn(sent.headers.warning) };
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * The same for an answer that is read while it arrives. Watches use 'streams', which are not limited in number. The
   * body fails with the connection's own error.
   */
  open(call: Call & { signal: AbortSignal }, pool: 'requests' | 'streams'): Promise<AsyncIterable<Buffer>> {
    return this.#observed(call, pool === 'streams' ? 'WATCH' : call.method, async response => {
      const sent = await this.#send(call, pool);
      response.code = sent.statusCode;
      if (sent.statusCode < 300) return sent.body;
      throw this.#refusal(call, sent.statusCode, parsed(await sent.body.text()), sent.headers);
    });
  }

  /** Ends all connections. */
  close(): Promise<void> {
    return this.config.close();
  }

  async #observed<T>(call: Call, method: string, send: (response: { code: number }) => Promise<T>): Promise<T> {
    const { clock, observe } = this.#options;
    const began = clock.now();
    const response = { code: 0 };
    try {
      return await send(response);
    } catch (error) {
      if (error instanceof ClusterError) throw error;
      throw unanswered(call.subject, this.server, error);
    } finally {
      observe?.({ method, code: response.code, took: clock.now() - began });
    }
  }

  async #send(call: Call & { signal: AbortSignal }, pool: 'requests' | 'streams'): Promise<Dispatcher.ResponseData> {
    const credentials = await this.config.credentials();
    const sent = await request(this.#url(call), {
      method: call.method,
      headers: this.#headers(credentials.headers, call),
      body: call.body === undefined ? null : JSON.stringify(call.body),
      dispatcher: credentials[pool],
      signal: call.signal,
    });
    const told = Date.parse(first(sent.headers.date) ?? '');
    if (!Number.isNaN(told)) this.#ahead = told - this.#options.clock.now();
    return sent;
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
