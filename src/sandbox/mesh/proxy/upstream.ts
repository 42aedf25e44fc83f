/** Reaches a pod of the chosen destination: tries, retries, the route's timeout, mirrors. */
import type { Destination, Forward, Mirror, Retries } from '../../../istio/route/decision.ts';
import { inOrder } from '../../../istio/route/header-order.ts';
import { isReady } from '../../../istio/world.ts';
import { changed } from './headers.ts';
import { receive } from './inbound.ts';
import { within } from './limits.ts';
import type { Answer, Inbound } from './messages.ts';
import { answer } from './messages.ts';
import type { Surroundings } from './surroundings.ts';
import { draw, pick } from './surroundings.ts';
import type { Workload } from './workload.ts';
import { workloadOf } from './workload.ts';

export interface Reached {
  answer: Answer;
  destination: Destination;
  pod?: Workload;
}

export async function forward(
  mesh: Surroundings,
  decision: Forward,
  source: Workload,
  request: Inbound,
  signal: AbortSignal,
): Promise<Reached> {
  const destination = chosen(mesh, decision.destinations);
  const alone = decision.destinations.length === 1;
  const sent: Inbound = {
    ...request,
    host: destination.authority ?? decision.authority,
    path: decision.path,
    headers: changed(request.headers, ...inOrder(decision.requestHeaders, destination.requestHeaders, alone)),
  };
  // What cannot be sent on is not mirrored either.
  for (const mirror of destination.fails ? [] : decision.mirrors) shadow(mesh, mirror, source, sent);

  const reached: Reached = { answer: answer(503, '', 'NC'), destination };
  if (destination.fails) {
    const { status, flag } = destination.fails;
    reached.answer = answer(status, flag === 'UH' ? 'no healthy upstream' : '', flag);
  } else {
    reached.answer = await tried(mesh, decision, destination, source, sent, signal, reached);
  }
  const operations = inOrder(decision.responseHeaders, destination.responseHeaders, alone);
  return { ...reached, answer: { ...reached.answer, headers: changed(reached.answer.headers, ...operations) } };
}

/** By lot, each with its share. The lot is drawn once: a retry stays with the destination. */
export function chosen<T extends { share: number }>(mesh: Surroundings, destinations: T[]): T {
  let lot = draw(mesh.random) * 100;
  for (const destination of destinations) {
    lot -= destination.share;
    if (lot < 0) return destination;
  }
  return destinations.findLast(each => each.share > 0) ?? destinations[0]!;
}

async function tried(
  mesh: Surroundings,
  { retries, timeout }: Forward,
  destination: Destination,
  source: Workload,
  sent: Inbound,
  signal: AbortSignal,
  reached: Reached,
): Promise<Answer> {
  const all = async (stop: AbortSignal): Promise<Answer> => {
    for (let attempt = 0; ; attempt += 1) {
      const once = (inner: AbortSignal) => attemptOne(mesh, destination, source, sent, attempt, inner, reached);
      const heard = await limited(mesh, retries.perTryTimeout, stop, once);
      const again = isRetriable(retries, heard);
      if (!again || stop.aborted) return heard;
      if (attempt >= retries.attempts) return attempt > 0 ? exhausted(heard) : heard;
      await mesh.clock.sleep(25 * 2 ** attempt * draw(mesh.random), stop);
    }
  };
  return limited(mesh, timeout, signal, all);
}

/** With a limit the answer after it is Envoy's own 504; without one there is none. */
async function limited(
  mesh: Surroundings,
  limit: number | undefined,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  if (limit === undefined) return work(outer);
  const heard = await within(mesh.clock, limit, inner => work(AbortSignal.any([inner, outer])));
  return heard.failure === 'timeout' ? answer(504, 'upstream request timeout', 'UT') : heard;
}

/** Envoy says so of every answer that it would have liked to ask for again. */
function exhausted(heard: Answer): Answer {
  return { ...heard, flags: heard.flags === '-' ? 'URX' : `${heard.flags},URX` };
}

async function attemptOne(
  mesh: Surroundings,
  destination: Destination,
  source: Workload,
  sent: Inbound,
  attempt: number,
  signal: AbortSignal,
  reached: Reached,
): Promise<Answer> {
  const name = pick(mesh.random, destination.endpoints);
  const pod = name === undefined ? undefined : mesh.cluster().get('Pod', destination.namespace, name);
  if (!pod || !isReady(pod)) return unreachable(name);
  const headers = { ...sent.headers, 'x-envoy-attempt-count': String(attempt + 1) };
  reached.pod = workloadOf(pod);
  const request = { ...sent, headers, port: destination.port };
  return receive(mesh, { pod: reached.pod, request, service: destination.host, source, signal });
}

export function unreachable(name: string | undefined): Answer {
  const reason = 'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure';
  return answer(
    503,
    `${reason}${name === undefined ? '' : ', transport failure reason: delayed connect error: 111'}`,
    'UF',
  );
}

/** https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-retry-on */
function isRetriable({ retryOn }: Retries, { status, flags }: Answer): boolean {
  const policies = retryOn.split(',').map(each => each.trim());
  return policies.some(policy => {
    if (policy === '5xx') return status >= 500 || status === 0;
    if (policy === 'gateway-error') return status >= 502 && status <= 504;
    if (policy === 'connect-failure' || policy === 'refused-stream') return flags === 'UF';
    if (policy === 'reset') return status === 0 || flags === 'UF' || flags === 'UT';
    if (policy === 'retriable-4xx') return status === 409;
    if (policy === 'retriable-status-codes') return status === 503;
    return String(status) === policy;
  });
}

/** A copy whose answer nobody waits for. istiod keeps mirrored requests out of traces. */
function shadow(mesh: Surroundings, mirror: Mirror, source: Workload, request: Inbound): void {
  if (mirror.fails || draw(mesh.random) * 100 >= mirror.percent) return;
  const name = pick(mesh.random, mirror.endpoints);
  const pod = name === undefined ? undefined : mesh.cluster().get('Pod', mirror.namespace, name);
  if (!pod || !isReady(pod)) return;
  const headers = { ...request.headers, 'x-b3-sampled': '0', 'x-envoy-internal': 'true' };
  const { signal } = new AbortController();
  void receive(mesh, {
    pod: workloadOf(pod),
    request: { ...request, headers, port: mirror.port },
    service: mirror.host,
    source,
    signal,
  });
}
