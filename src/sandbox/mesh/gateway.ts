/** The ingress gateway over real HTTP: what comes in on the socket goes through the gateway pod's proxy. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { listeningOn } from '../../istio/route/gateway.ts';
import type { GatewayClient } from '../../istio/route/request.ts';
import type { World } from '../../istio/world.ts';
import { isReady } from '../../istio/world.ts';
import type { App } from './apps/app.ts';
import type { Headers } from './proxy/messages.ts';
import { answer } from './proxy/messages.ts';
import { enter } from './proxy/outbound.ts';
import type { Surroundings } from './proxy/surroundings.ts';
import type { Workload } from './proxy/workload.ts';
import { isGateway, workloadOf } from './proxy/workload.ts';
import { bodyOf, type Listening, listen } from './server.ts';

/** Which port of the gateway's Service the local socket stands for. */
const HTTP = 80;

export interface LocalGateway extends Listening {
  /** Opens or closes the port, as the gateway's configuration says now. */
  follow(): void;
}

/** ms until a port that was closed, and that somebody else has meanwhile, is tried again. */
const AGAIN = 500;

/**
 * Listens while some Gateway has a server for the port, as Envoy does: the last one that goes takes the listener with it,
 * and connections are refused. Rejects when the port is taken at the start.
 */
export async function openGateway(mesh: Surroundings, port = 0): Promise<LocalGateway> {
  const handler: RequestListener = (request, response) => {
    void serve(mesh, request, response).catch(() => response.destroy());
  };
  let open: Listening | undefined = await listen(handler, port);
  const own = open.port;
  const ended = new AbortController();
  let turn: Promise<void> = Promise.resolve();
  const settle = async (): Promise<void> => {
    while (!ended.signal.aborted && (open !== undefined) !== isOpen(mesh)) {
      if (open) {
        const closing = open;
        open = undefined;
        await closing.close();
        continue;
      }
      open = await listen(handler, own).catch(() => undefined);
      if (!open) await mesh.clock.sleep(AGAIN, ended.signal);
    }
  };
  const gateway: LocalGateway = {
    port: own,
    follow() {
      turn = turn.then(settle);
    },
    async close() {
      ended.abort();
      await turn;
      await open?.close();
    },
  };
  gateway.follow();
  return gateway;
}

function isOpen(mesh: Surroundings): boolean {
  const gateway = gatewayPod(mesh.cluster());
  if (!gateway) return false;
  const client: GatewayClient = { kind: 'gateway', namespace: gateway.namespace, labels: gateway.labels, port: HTTP };
  return listeningOn(mesh.configOf(gateway.namespace, gateway.pod), client, 'http').length > 0;
}

async function serve(mesh: Surroundings, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gateway = gatewayPod(mesh.cluster());
  if (!gateway) return void request.socket.destroy();
  const body = await bodyOf(request);
  if (body === undefined) return void response.writeHead(413).end();
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const heard = await enter(
    mesh,
    gateway,
    {
      method: request.method ?? 'GET',
      scheme: 'http',
      host: request.headers.host ?? '',
      port: HTTP,
      path: request.url ?? '/',
      headers: headersIn(request),
      body,
    },
    gone.signal,
  );
  // The port is about to be closed.
  if (heard.status === 0) return void request.socket.destroy();
  response.writeHead(heard.status, { ...heard.headers, 'content-length': Buffer.byteLength(heard.body) });
  response.end(request.method === 'HEAD' ? undefined : heard.body);
}

function gatewayPod(world: World): Workload | undefined {
  const pods = world.pods(world.rootNamespace, { istio: 'ingressgateway' }).filter(isReady);
  return pods[0] && workloadOf(pods[0]);
}

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'host',
  'content-length',
  'te',
]);

function headersIn(request: IncomingMessage): Headers {
  const headers: Headers = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !HOP_BY_HOP.has(name)) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return { ...headers, 'x-forwarded-for': request.socket.remoteAddress ?? '127.0.0.1' };
}

/** What a gateway's pod does with a request from inside the cluster: the same as with one from outside. */
export function gatewayApp(mesh: Surroundings): App {
  return async (request, { self }) => {
    if (!isGateway(self)) return answer(404);
    const heard = await enter(mesh, self, request, new AbortController().signal);
    return heard.status === 0 ? answer(503, 'upstream connect error: connection refused', 'UF') : heard;
  };
}
