/** Which API server is spoken to and as whom, over one pool of connections for each credential. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { HttpMethod, KubeConfig, RequestContext } from '@kubernetes/client-node';
import { Agent, type buildConnector, type Dispatcher, ProxyAgent } from 'undici';
import { ClusterError } from '../ports.ts';
import { NoCredentials } from './errors.ts';

export type ClusterAddress =
  /** Without a path: $KUBECONFIG, else ~/.kube/config, else the account of the pod that this runs in. */
  | { kind: 'kubeconfig'; path?: string; context?: string }
  | { kind: 'in-cluster' }
  /** A server that asks for no credentials, `http://127.0.0.1:…`. */
  | { kind: 'server'; server: string };

export interface Credentials {
  headers: Record<string, string>;
  /** For requests that end: at most 8 connections. */
  requests: Dispatcher;
  /** For watches, each of which holds a connection for minutes: as many connections as there are watches. */
  streams: Dispatcher;
}

type Pool = Pick<Credentials, 'requests' | 'streams'>;

/**
 * client-node's own KubeConfig makes a new undici Agent, and so a new connection, for every request. This one keeps them
 * until the certificates change.
 */
export class PooledConfig extends KubeConfig {
  #pool: { key: string; made: Promise<Pool> } | undefined;

  /**
   * Reads token and certificate files or asks the exec plugin, as the kubeconfig says. Throws NoCredentials where
   * that fails, for now.
   */
  async credentials(): Promise<Credentials> {
    const options: RequestOptions = {};
    try {
      await this.applyToHTTPSOptions(options);
    } catch (cause) {
      const why = (cause as Error).message;
      throw new NoCredentials(`The credentials of the kubeconfig are of no use: ${why}`, cause);
    }
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(options.headers ?? {})) headers[name] = String(value);
    if (options.auth) headers.Authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
    const { requests, streams } = await this.#dispatchers(options);
    return { headers, requests, streams };
  }

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    const { headers, requests } = await this.credentials();
    for (const [name, value] of Object.entries(headers)) context.setHeaderParam(name, value);
    context.setDispatcher(requests);
  }

  /** Ends all connections, open watches too. */
  async close(): Promise<void> {
    const pool = await this.#pool?.made;
    this.#pool = undefined;
    await Promise.all([pool?.requests.destroy(), pool?.streams.destroy()]);
  }

  #dispatchers(options: RequestOptions): Promise<Pool> {
    const key = fingerprint(options);
    if (this.#pool?.key === key) return this.#pool.made;
    // What runs over the old certificate may end; nothing waits for it.
    this.#pool?.made.then(old => Promise.all([old.requests.close(), old.streams.close()])).catch(() => {});
    this.#pool = { key, made: this.#makePool(options) };
    return this.#pool.made;
  }

  async #makePool(options: RequestOptions): Promise<Pool> {
    const { ca, cert, key, rejectUnauthorized, servername, pfx, passphrase } = options;
    const given = { ca, cert, key, rejectUnauthorized, servername, pfx, passphrase };
    const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const wanted = this.createDispatcherOptions(this.getCurrentCluster(), set);
    if (wanted.type === 'socks') {
      // client-node knows how to speak SOCKS; its dispatcher is kept instead of being made for each request.
      const context = new RequestContext(this.getCurrentCluster()!.server, HttpMethod.GET);
      await super.applySecurityAuthentication(context);
      const dispatcher = context.getDispatcher()!;
      return { requests: dispatcher, streams: dispatcher };
    }
    const tls = wanted.type === 'none' ? {} : wanted.type === 'proxy' ? wanted.requestTls : wanted.connect;
    const connect = {
      ...tls,
      timeout: 5_000,
      keepAlive: true,
      keepAliveInitialDelay: 15_000,
    } as buildConnector.BuildOptions;
    const make = (limits: { connections?: number; bodyTimeout: number }): Dispatcher =>
      wanted.type === 'proxy'
        ? new ProxyAgent({ uri: wanted.uri, requestTls: connect, headersTimeout: 15_000, ...limits })
        : new Agent({ connect, headersTimeout: 15_000, ...limits });
    return {
      requests: make({ connections: 8, bodyTimeout: 15_000 }),
      // Silence on a watch is normal; the reflector has its own deadline for it.
      streams: make({ bodyTimeout: 0 }),
    };
  }
}

function fingerprint(options: RequestOptions): string {
  const hash = createHash('sha256');
  for (const part of [options.ca, options.cert, options.key, options.pfx]) {
    for (const piece of Array.isArray(part) ? part : [part]) {
      if (typeof piece === 'string' || Buffer.isBuffer(piece)) hash.update(piece);
      hash.update('\0');
    }
  }
  return hash.digest('hex');
}

/** Throws a ClusterError that says what to set where nothing usable is found. Speaks to nobody yet. */
export function loadConfig(address: ClusterAddress): PooledConfig {
  const config = new PooledConfig();
  try {
    load(config, address);
  } catch (cause) {
    if (cause instanceof ClusterError) throw cause;
    const what = address.kind === 'kubeconfig' ? `The kubeconfig${address.path ? ` ${address.path}` : ''}` : 'It';
    throw new ClusterError('invalid', `${what} cannot be read: ${(cause as Error).message}`, { cause });
  }
  const cluster = config.getCurrentCluster();
  if (!cluster?.server) {
    throw new ClusterError('invalid', `The context '${config.getCurrentContext()}' names no cluster with a server.`);
  }
  // Over plain HTTP there is no certificate to check; client-node wants to be told so.
  if (cluster.server.startsWith('http:') && !cluster.skipTLSVerify) Object.assign(cluster, { skipTLSVerify: true });
  return config;
}

function load(config: PooledConfig, address: ClusterAddress): void {
  if (address.kind === 'server') {
    const plain = address.server.startsWith('http:');
    config.loadFromClusterAndUser(
      { name: 'cluster', server: address.server.replace(/\/+$/, ''), skipTLSVerify: plain },
      { name: 'user' },
    );
    return;
  }
  if (address.kind === 'in-cluster') {
    if (!process.env.KUBERNETES_SERVICE_HOST) {
      throw new ClusterError('invalid', 'This does not run in a pod (KUBERNETES_SERVICE_HOST is not set).');
    }
    config.loadFromCluster();
    return;
  }
  if (address.path !== undefined) {
    if (!existsSync(address.path)) throw new ClusterError('invalid', `There is no kubeconfig at ${address.path}.`);
    config.loadFromFile(address.path);
  } else {
    config.loadFromDefault();
    // What client-node falls back to when it has found nothing at all.
    if (config.getCurrentContext() === 'loaded-context') {
      throw new ClusterError('invalid', 'No kubeconfig was found: set KUBECONFIG, or name one with --kubeconfig.');
    }
  }
  const { context } = address;
  if (context === undefined) return;
  if (!config.getContextObject(context)) {
    const known = config.getContexts().map(({ name }) => name);
    throw new ClusterError('invalid', `The kubeconfig has no context '${context}'; it has ${known.join(', ')}.`);
  }
  config.setCurrentContext(context);
}
