/** The Probe port: one request, sent through the gateway or from a pod, once it was judged. */
import type { World } from '../istio/world.ts';
import type { KubeClient } from '../kubernetes/client.ts';
import { type ExecRequest, type ExecResult, exec } from '../kubernetes/exec.ts';
import type { JsonObject } from '../object.ts';
import {
  type Clock,
  ClusterError,
  type Probe,
  type ProbeAnswer,
  ProbeError,
  type ProbeRequest,
  type ProbeSource,
  type Random,
} from '../ports.ts';
import { refusedAddress } from './addresses.ts';
import { MOST } from './body.ts';
import { curlWords, readCurl } from './curl.ts';
import { CheckedConnections, sendFromGateway } from './from-gateway.ts';
import { configuredAddress, discoveredAddress } from './gateway-address.ts';
import { checkHeaders } from './headers.ts';
import { authority, judge, parse, portOf } from './targets.ts';

export interface ProbeOptions {
  client: KubeClient;
  clock: Clock;
  random: Random;
  world: World;
  /** `http://host:port` of the gateway that is meant where none is named; undefined: its Service says it. */
  gateway: string | undefined;
}

type GatewaySource = Extract<ProbeSource, { kind: 'gateway' }>;
type PodSource = Extract<ProbeSource, { kind: 'pod' }>;

/** Those that change nothing. */
const METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
/** ms. */
const LONGEST = 5_000;
/** Headers in front of the body, and curl's last line. */
const AROUND_BODY = 64 * 1_024;

export class MeshProbe implements Probe {
  readonly #options: ProbeOptions;
  readonly #connections = new CheckedConnections();

  constructor(options: ProbeOptions) {
    this.#options = options;
  }

  async send(asked: ProbeRequest): Promise<ProbeAnswer> {
    const request = { ...asked, timeout: Math.min(Math.max(asked.timeout, 1), LONGEST) };
    if (!METHODS.has(request.method)) {
      throw new ProbeError(`Only ${[...METHODS].join(', ')} are sent: a question must change nothing.`);
    }
    checkHeaders(request.headers);
    const url = parse(request.url);
    const { from } = request;
    return from.kind === 'pod' ? this.#fromPod(request, url, from) : this.#fromGateway(request, url, from);
  }

  /** Ends open connections. */
  close(): Promise<void> {
    return this.#connections.close();
  }

  #fromGateway(request: ProbeRequest, url: URL, { name }: GatewaySource): Promise<ProbeAnswer> {
    const { gateway, world, clock } = this.#options;
    const port = url.port === '' ? undefined : Number(url.port);
    // Somebody who copies the address of the configured gateway out of a browser means the gateway.
    const isGateway = gateway !== undefined && authority(url) === authority(new URL(gateway));
    const { host, ...headers } = lowerCase(request.headers);
    if (host !== undefined) url.host = parse(host).host;
    if (!isGateway || host !== undefined) judge(world, url, request.from);
    const known = gateway !== undefined && (name === undefined || isGateway);
    const isTls = url.protocol === 'https:';
    if (known && isTls && !gateway.startsWith('https:')) throw new ProbeError(otherScheme(gateway));
    const address = known ? configuredAddress(gateway) : discoveredAddress(world, name, isTls ? portOf(url) : port);
    if (known && isTls) address.port = portOf(new URL(gateway));
    return sendFromGateway({ ...request, headers }, url, address, { connections: this.#connections, clock });
  }

  async #fromPod(request: ProbeRequest, url: URL, from: PodSource): Promise<ProbeAnswer> {
    const { world, clock, random } = this.#options;
    judge(world, url, from);
    this.#judgeHost(request, url);
    const container = this.#container(from);
    const marker = `meshbot-${random.hex(16)}`;
    const command = curlWords(request, url, marker);
    const { namespace, pod } = from;
    const began = clock.now();
    // A little longer than curl's own limit, so that it is curl that says what took so long.
    const deadline = request.timeout + 2_000;
    const ran = await this.#run({ namespace, pod, container, command, deadline, most: MOST + AROUND_BODY });
    const said = readCurl(ran, marker);
    if (said.remoteAddress !== undefined) refuseReached(said.remoteAddress);
    const { remoteAddress: _, took, ...answer } = said;
    const all = { ...answer, took: took ?? clock.now() - began };
    if (ran.ended !== 'deadline') return all;
    const error = `no answer within ${request.timeout / 1_000} s`;
    return { ...all, error, ...(answer.status === 0 && { outcome: 'late' as const }) };
  }

  /** A sidecar routes by the Host header, so that it is a target like the address. */
  #judgeHost(request: ProbeRequest, url: URL): void {
    const { host } = lowerCase(request.headers);
    if (host === undefined) return;
    const meant = parse(host);
    if (meant.pathname !== '/' || meant.search !== '') throw new ProbeError(`'${host}' is no Host header.`);
    if (meant.port === '') meant.port = url.port;
    judge(this.#options.world, meant, request.from);
  }

  async #run(request: ExecRequest): Promise<ExecResult> {
    const { client, clock } = this.#options;
    try {
      const ran = await exec(client, clock, request);
      if (ran.refused !== undefined) {
        throw new ProbeError(`Pod ${request.pod} cannot send it: ${ran.refused.slice(0, 300)}`);
      }
      return ran;
    } catch (cause) {
      if (!(cause instanceof ClusterError)) throw cause;
      const next = cause.kind === 'forbidden' ? ' Apply deploy/exec.yaml there, or say --from gateway.' : '';
      throw new ProbeError(`${cause.message}.${next}`, { cause });
    }
  }

  /** The application's own: requests of the sidecar's container do not pass through the sidecar. */
  #container({ namespace, pod, container }: PodSource): string | undefined {
    const found = this.#options.world.get('Pod', namespace, pod);
    if (!found) throw new ProbeError(`No pod '${pod}' is known in namespace ${namespace}.`);
    const containers = (Array.isArray(found.spec?.containers) ? found.spec.containers : []) as JsonObject[];
    const names = containers.map(({ name }) => String(name));
    if (container !== undefined) {
      if (names.includes(container)) return container;
      throw new ProbeError(`Pod ${pod} has no container '${container}'; it has ${names.join(', ')}.`);
    }
    const preferred = found.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
    return names.find(name => name === preferred) ?? names.find(name => name !== 'istio-proxy') ?? names[0];
  }
}

/** Who was reached is known only afterwards, in a pod: nobody gets to read it then. Loopback is the pod's own sidecar. */
function refuseReached(address: string): void {
  const why = refusedAddress(address);
  if (why !== undefined && !address.startsWith('127.')) throw new ProbeError(`${address} is not asked: ${why}.`);
}

/** By which port the other one is reached nobody said; a guess that is refused would look like a gateway that is off. */
function otherScheme(gateway: string): string {
  return `The gateway is configured as ${gateway}, which does not say where it takes https: leave \`gateway:\` out of meshbot.yaml to have it found.`;
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
