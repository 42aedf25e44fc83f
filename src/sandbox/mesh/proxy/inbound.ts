/** The side that receives: a pod's proxy, where it has one, and the program behind it. */
import type { App, AppContext } from '../apps/app.ts';
import { passedOn } from '../apps/app.ts';
import { labelsOf } from '../metrics/labels.ts';
import { contextHeaders, requestId, under } from '../tracing/context.ts';
import { spanOf } from '../tracing/span.ts';
import { within } from './limits.ts';
import type { Answer, Inbound } from './messages.ts';
import { answer, failed } from './messages.ts';
import type { Surroundings } from './surroundings.ts';
import { draw } from './surroundings.ts';
import type { Workload } from './workload.ts';
import { isProxied, principal } from './workload.ts';

export interface Arrival {
  pod: Workload;
  request: Inbound;
  /** Fully qualified name of the service that was meant, 'unknown' for a pod's own address. */
  service: string;
  /** The client's proxy; absent: it has none. */
  source?: Workload;
  /** Aborted when the client gives up. */
  signal: AbortSignal;
}

export async function receive(mesh: Surroundings, arrival: Arrival): Promise<Answer> {
  const app = mesh.appOf(arrival.pod.app);
  return isProxied(arrival.pod) ? behindProxy(mesh, arrival, app) : run(mesh, arrival.pod, arrival.request, app);
}

async function behindProxy(mesh: Surroundings, arrival: Arrival, app: App): Promise<Answer> {
  const { pod, source, signal, service } = arrival;
  const start = mesh.clock.now();
  const context = under(arrival.request.headers, mesh.random);
  const mutualTls = source !== undefined;
  const request: Inbound = {
    ...arrival.request,
    headers: {
      ...arrival.request.headers,
      ...contextHeaders(context),
      'x-request-id': arrival.request.headers['x-request-id'] ?? requestId(mesh.random),
      'x-forwarded-proto': 'http',
      ...(source ? { 'x-forwarded-client-cert': certificate(pod, source) } : {}),
    },
  };
  const given = await orAbort(run(mesh, pod, request, app), signal);
  const end = mesh.clock.now();
  const took = Math.round(end - start);
  // Seen by clients without a proxy: another proxy puts its own name in its place.
  const own = { server: 'istio-envoy', 'x-envoy-upstream-service-time': String(took) };
  const heard = { ...given, headers: { ...given.headers, ...own } };
  const labels = labelsOf({
    reporter: 'destination',
    destination: pod,
    service,
    answer: heard,
    mutualTls,
    ...(source ? { source } : {}),
  });
  mesh.meter.observe(labels, end - start);
  if (context.sampled) {
    const cluster = `inbound|${request.port}||`;
    const operation = `${service}:${request.port}/*`;
    const peer = source?.address ?? '-';
    mesh.spans.add(
      spanOf({ workload: pod, side: 'SERVER', context, request, answer: heard, cluster, operation, peer, start, end }),
    );
  }
  return heard;
}

/** The client gave up: nobody hears what the program says. */
function orAbort(given: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  if (signal.aborted) return Promise.resolve(failed('reset', 'DC'));
  return new Promise(resolve => {
    const gone = () => resolve(failed('reset', 'DC'));
    signal.addEventListener('abort', gone, { once: true });
    void given.then(heard => {
      signal.removeEventListener('abort', gone);
      resolve(heard);
    });
  });
}

async function run(mesh: Surroundings, self: Workload, request: Inbound, app: App): Promise<Answer> {
  const context: AppContext = {
    self,
    clock: mesh.clock,
    draw: () => draw(mesh.random),
    passedOn: inbound => passedOn(inbound, mesh.lost),
    get: (host, port, path, headers, timeout) =>
      within(mesh.clock, timeout, signal =>
        mesh.call(
          self,
          { method: 'GET', scheme: 'http', host: `${host}:${port}`, port, path, headers, body: '' },
          signal,
        ),
      ),
  };
  try {
    return await app(request, context);
  } catch (cause) {
    return answer(500, `${self.app} failed: ${cause instanceof Error ? cause.message : String(cause)}\n`);
  }
}

function certificate(pod: Workload, source: Workload): string {
  return `By=${principal(pod)};Subject="";URI=${principal(source)}`;
}
