/** The local mesh's own proxies, asked as the real ones are: in memory, and with pods that echo. */
import type { World } from '../../src/istio/world.ts';
import type { KubeObject } from '../../src/object.ts';
import type { Clock } from '../../src/ports.ts';
import type { App } from '../../src/sandbox/mesh/apps/app.ts';
import { json } from '../../src/sandbox/mesh/apps/app.ts';
import { Meter } from '../../src/sandbox/mesh/metrics/meter.ts';
import { call, enter } from '../../src/sandbox/mesh/proxy/outbound.ts';
import type { Surroundings } from '../../src/sandbox/mesh/proxy/surroundings.ts';
import { workloadOf } from '../../src/sandbox/mesh/proxy/workload.ts';
import { SpanStore } from '../../src/sandbox/mesh/tracing/store.ts';
import { CLIENTS, NAMESPACES, type Probe } from './case.ts';
import {
  type Arrival,
  flagsOf,
  type Observed,
  type Outcome,
  only,
  REQUEST_HEADERS,
  RESPONSE_HEADERS,
} from './outcome.ts';
import type { Draw } from './random.ts';

/** Time passes so many times faster. */
const HASTE = 20;

interface Came {
  nonce: string;
  version: string;
  arrival: Arrival;
  attempt: number;
}

export class LocalMesh {
  readonly #world: World;
  readonly #mesh: Surroundings;
  readonly #came = new Map<string, Came[]>();
  #count = 0;

  constructor(world: World, draw: Draw) {
    this.#world = world;
    const clock = hasty();
    this.#mesh = {
      clock,
      random: { hex: bytes => Array.from({ length: bytes * 2 }, () => draw.int(0, 15).toString(16)).join('') },
      configOf: () => world,
      cluster: () => world,
      spans: new SpanStore(),
      meter: new Meter(clock),
      appOf: () => this.#echo,
      call: (from, request, signal) => call(this.#mesh, from, request, signal),
      lost: new Set(),
    };
  }

  /** Of a pod's ports the local mesh knows nothing. */
  readonly #echo: App = async (request, { self, clock }) => {
    const { headers } = request;
    this.#count += 1;
    const nonce = String(this.#count);
    const arrival: Arrival = {
      namespace: self.namespace,
      port: 0,
      path: request.path,
      authority: request.host,
      headers: only(REQUEST_HEADERS, headers),
    };
    const id = headers['user-agent'] ?? '';
    const attempt = Number(headers['x-envoy-attempt-count'] ?? 1);
    this.#came.set(id, [...(this.#came.get(id) ?? []), { nonce, version: self.version, arrival, attempt }]);
    const delay = Number(headers['x-echo-delay'] ?? 0);
    if (delay > 0) await clock.sleep(delay);
    const answer = json(Number(headers['x-echo-status'] ?? 200), { nonce });
    return { ...answer, headers: { ...answer.headers, 'x-r': 'echo', 'x-s': 'echo' } };
  };

  async ask({ client, host, port, path, method, headers }: Probe, id: string): Promise<Observed> {
    const { namespace } = CLIENTS[client];
    const pod = this.#world.get('Pod', namespace, client === 'outside' ? 'gate' : client) as KubeObject;
    const request = {
      ...{ method, host, port, path, body: '', scheme: 'http' as const },
      address: `landing.${NAMESPACES.b}`,
      headers: { ...lower(headers), 'user-agent': id },
    };
    const self = { ...workloadOf(pod), sidecar: client !== 'outside' };
    const send = client === 'outside' ? enter : call;
    const start = this.#mesh.clock.now();
    const heard = await send(this.#mesh, self, request, new AbortController().signal);
    await new Promise(resolve => setImmediate(resolve));
    const came = this.#came.get(id) ?? [];
    const nonce = nonceOf(heard.body);
    const main = came.find(each => each.nonce === nonce);
    const { location } = heard.headers;
    const outcome: Outcome = {
      status: heard.status,
      flags: flagsOf(heard.flags),
      headers: only(RESPONSE_HEADERS, heard.headers),
      ...(main ? { tries: main.attempt, upstream: main.arrival } : bodied(heard.body)),
      ...(location === undefined ? {} : { location }),
    };
    return {
      outcome,
      ...(main ? { version: main.version } : {}),
      mirrors: came.filter(each => each !== main).map(({ arrival, version }) => ({ arrival, version })),
      took: this.#mesh.clock.now() - start,
    };
  }
}

/** A real timer may fire a little early, and so much earlier here: a sleep ends no sooner than this clock says so. */
function hasty(): Clock {
  const now = () => performance.now() * HASTE;
  const sleep = async (ms: number, signal?: AbortSignal) => {
    const until = now() + ms;
    for (let left = ms; left > 0 && !signal?.aborted; left = until - now()) {
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, Math.ceil(left / HASTE));
        signal?.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  };
  return { now, sleep };
}

function bodied(body: string): { body?: string } {
  return body === '' || body.startsWith('upstream ') ? {} : { body };
}

function nonceOf(body: string): string | undefined {
  try {
    return (JSON.parse(body) as { nonce?: string }).nonce;
  } catch {
    return undefined;
  }
}

function lower(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()]));
}
