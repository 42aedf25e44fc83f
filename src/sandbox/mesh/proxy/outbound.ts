/** The side that sends: asks route() where a pod's request goes, does what it says, and reports it. */
import { corsOf } from '../../../istio/route/cors.ts';
import type { Decision, Failure, HeaderOps } from '../../../istio/route/decision.ts';
import { inOrder } from '../../../istio/route/header-order.ts';
import type { Client, MeshRequest } from '../../../istio/route/request.ts';
import { route } from '../../../istio/route/route.ts';
import { labelsOf } from '../metrics/labels.ts';
import { contextHeaders, requestId, under } from '../tracing/context.ts';
import { spanOf } from '../tracing/span.ts';
import { lookUp, podsBehind } from './dns.ts';
import { changed } from './headers.ts';
import { receive } from './inbound.ts';
import type { Answer, Inbound } from './messages.ts';
import { answer, failed } from './messages.ts';
import type { Surroundings } from './surroundings.ts';
import { draw, pick } from './surroundings.ts';
import type { Reached } from './upstream.ts';
import { chosen, forward, unreachable } from './upstream.ts';
import type { Workload } from './workload.ts';
import { isProxied, workloadOf } from './workload.ts';

/** A request of a program in the pod `from`, through the pod's proxy if it has one. */
export function call(mesh: Surroundings, from: Workload, request: Inbound, signal: AbortSignal): Promise<Answer> {
  if (!from.sidecar) return unproxied(mesh, from, request, signal);
  const client: Client = { kind: 'sidecar', namespace: from.namespace, labels: from.labels };
  return proxied(mesh, from, client, request, signal);
}

/** A request that has come in at a gateway's pod. At the edge the request's id is always a new one. */
export async function enter(
  mesh: Surroundings,
  gateway: Workload,
  request: Inbound,
  signal: AbortSignal,
): Promise<Answer> {
  const client: Client = { kind: 'gateway', namespace: gateway.namespace, labels: gateway.labels, port: request.port };
  const { 'x-request-id': _, ...headers } = request.headers;
  const heard = await proxied(mesh, gateway, client, { ...request, headers }, signal);
  return heard.status === 0 ? heard : { ...heard, headers: { ...heard.headers, server: 'istio-envoy' } };
}

async function proxied(
  mesh: Surroundings,
  self: Workload,
  from: Client,
  asked: Inbound,
  signal: AbortSignal,
): Promise<Answer> {
  const start = mesh.clock.now();
  const context = under(asked.headers, mesh.random);
  const id = asked.headers['x-request-id'] ?? requestId(mesh.random);
  const request = { ...asked, headers: { ...asked.headers, ...contextHeaders(context), 'x-request-id': id } };
  const { host, port, path, method, scheme, headers } = request;
  const decision = route(mesh.configOf(self.namespace, self.pod), { from, host, port, path, method, scheme, headers });
  const reached = await followed(mesh, decision, self, { ...request, from }, signal);
  const end = mesh.clock.now();
  const heard = reached.answer;
  if (heard.status === 0 && heard.failure === 'refused') return heard;

  const service = reached.destination?.host ?? 'unknown';
  const labels = labelsOf({
    reporter: 'source',
    source: self,
    service,
    answer: heard,
    mutualTls: reached.pod !== undefined && isProxied(reached.pod),
    ...(reached.pod ? { destination: reached.pod } : {}),
  });
  mesh.meter.observe(labels, end - start);
  if (context.sampled) {
    const cluster = clusterOf(decision, reached);
    const operation = reached.destination ? `${service}:${reached.destination.port}/*` : `${host}/*`;
    const peer = reached.pod?.address ?? '-';
    mesh.spans.add(
      spanOf({ workload: self, side: 'CLIENT', context, request, answer: heard, cluster, operation, peer, start, end }),
    );
  }
  return { ...heard, headers: { ...heard.headers, server: 'envoy' } };
}

type Outcome = Omit<Reached, 'destination'> & { destination?: Reached['destination'] };

async function followed(
  mesh: Surroundings,
  decision: Decision,
  self: Workload,
  request: Inbound & MeshRequest,
  signal: AbortSignal,
): Promise<Outcome> {
  const { fault } = decision.kind === 'passthrough' ? {} : decision;
  const delayed = fault?.delay !== undefined && draw(mesh.random) * 100 < fault.delay.percent;
  if (delayed) await mesh.clock.sleep(fault.delay!.fixed, signal);
  if (signal.aborted) return { answer: failed('reset', 'DC') };
  if (fault?.abort && draw(mesh.random) * 100 < fault.abort.percent) {
    const flags = delayed ? 'DI,FI' : 'FI';
    return {
      answer: answer(fault.abort.status, 'fault filter abort', flags, changed({}, ...failing(mesh, decision).ops)),
    };
  }
  const outcome = await shared(mesh, decision, self, request, signal);
  if (!delayed) return outcome;
  const { flags } = outcome.answer;
  return { ...outcome, answer: { ...outcome.answer, flags: flags === '-' ? 'DI' : `${flags},DI` } };
}

/** With what a corsPolicy makes of it. */
async function shared(
  mesh: Surroundings,
  decision: Decision,
  self: Workload,
  request: Inbound & MeshRequest,
  signal: AbortSignal,
): Promise<Outcome> {
  const cors = corsOf(decision.kind === 'passthrough' ? undefined : decision.cors, request);
  if (cors?.answers) return { answer: answer(200, '', '-', cors.headers) };
  const outcome = await acted(mesh, decision, self, request, signal);
  if (!cors || outcome.answer.status === 0) return outcome;
  return { ...outcome, answer: { ...outcome.answer, headers: { ...outcome.answer.headers, ...cors.headers } } };
}

async function acted(
  mesh: Surroundings,
  decision: Decision,
  self: Workload,
  request: Inbound,
  signal: AbortSignal,
): Promise<Outcome> {
  switch (decision.kind) {
    case 'forward':
      return forward(mesh, decision, self, request, signal);
    case 'redirect': {
      const headers = changed({ location: decision.location }, decision.responseHeaders);
      return { answer: answer(decision.status, '', '-', headers) };
    }
    case 'direct-response':
      return { answer: answer(decision.status, decision.body, '-', changed({}, decision.responseHeaders)) };
    case 'passthrough': {
      const heard = await unproxied(mesh, self, request, signal);
      return { answer: heard.status === 0 ? unreachable(undefined) : heard };
    }
    case 'none': {
      if (decision.status === 0) return { answer: failed('refused') };
      const { status, flag, ops } = { ...decision, ...failing(mesh, decision) };
      return { answer: answer(status, flag === 'UH' ? 'no healthy upstream' : '', flag, changed({}, ...ops)) };
    }
  }
}

/** What is done to the headers of an answer that no pod gave: a destination is drawn all the same. */
function failing(mesh: Surroundings, decision: Decision): { ops: HeaderOps[] } & Partial<Failure> {
  if (decision.kind === 'forward') {
    const { responseHeaders } = chosen(mesh, decision.destinations);
    return { ops: inOrder(decision.responseHeaders, responseHeaders, decision.destinations.length === 1) };
  }
  if (decision.kind !== 'none' || !decision.failing) return { ops: [] };
  const { responseHeaders, ...failure } = chosen(mesh, decision.failing);
  return { ops: responseHeaders, ...failure };
}

/** Straight to a pod that the name or address leads to, as without a mesh. */
async function unproxied(mesh: Surroundings, from: Workload, request: Inbound, signal: AbortSignal): Promise<Answer> {
  const world = mesh.cluster();
  const found = lookUp(world, request.address ?? request.host.replace(/:\d+$/, ''), from.namespace);
  if (!found) return failed('unresolved');
  if (found.kind === 'outside') return failed('refused');
  const pod = found.kind === 'pod' ? found.pod : pick(mesh.random, podsBehind(world, found.service, request.port));
  if (!pod) return failed('refused');
  const { name, namespace } = found.kind === 'service' ? found.service.metadata : { name: '', namespace: '' };
  const service = found.kind === 'service' ? `${name}.${namespace}.svc.cluster.local` : 'unknown';
  return receive(mesh, { pod: workloadOf(pod), request, service, signal });
}

function clusterOf(decision: Decision, { destination }: Outcome): string {
  if (decision.kind === 'passthrough') return 'PassthroughCluster';
  if (!destination) return '-';
  return `outbound|${destination.port}|${destination.subset ?? ''}|${destination.host}`;
}
