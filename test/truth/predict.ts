/** What route() says of a request, as the outcomes that a test can see from outside. */
import { corsOf } from '../../src/istio/route/cors.ts';
import type { Decision, Destination, Forward, Mirror, None } from '../../src/istio/route/decision.ts';
import { inOrder } from '../../src/istio/route/header-order.ts';
import type { Client, MeshRequest } from '../../src/istio/route/request.ts';
import { route } from '../../src/istio/route/route.ts';
import type { World } from '../../src/istio/world.ts';
import type { JsonObject } from '../../src/object.ts';
import { changed } from '../../src/sandbox/mesh/proxy/headers.ts';
import { CLIENTS, NAMESPACES, type Probe } from './case.ts';
import { refused } from './guarded.ts';
import type { Arrival, Chance, Expected, MirrorChance, Outcome } from './outcome.ts';
import { flagsOf, only, REQUEST_HEADERS, RESPONSE_HEADERS } from './outcome.ts';
import { ECHO_PORTS } from './surroundings.ts';
import { tried } from './tries.ts';

/** What an echo answers with before any route changes it. */
const ECHOED = { 'x-r': 'echo', 'x-s': 'echo' };

export function predict(world: World, probe: Probe): Expected {
  const request = requestOf(world, probe);
  return expected(world, route(world, request), request);
}

/** As the proxy of the probe's client gets it. */
export function requestOf(world: World, { client, host, port, path, method, headers }: Probe): MeshRequest {
  const { namespace } = CLIENTS[client];
  const pod = world.get('Pod', namespace, client === 'outside' ? 'gate' : client);
  const labels = pod?.metadata.labels ?? {};
  const from: Client =
    client === 'outside'
      ? { kind: 'gateway', namespace: NAMESPACES.gate, labels, port }
      : { kind: 'sidecar', namespace, labels };
  return { from, host, port, path, method, scheme: 'http', headers };
}

function expected(world: World, decision: Decision, request: MeshRequest): Expected {
  const fault = decision.kind === 'passthrough' ? undefined : decision.fault;
  const { chances, mirrors, triesOpen } = shared(world, decision, request);
  const limit = decision.kind === 'forward' ? (decision.retries.perTryTimeout ?? decision.timeout) : undefined;
  const delayed = (fault?.delay?.percent ?? 0) / 100;
  const aborted = (fault?.abort?.percent ?? 0) / 100;
  const all: Chance[] = [];
  for (const [share, flag] of [
    [delayed, 'DI'],
    [1 - delayed, '-'],
  ] as const) {
    for (const each of chances) {
      const flags = flagsOf(each.outcome.flags, flag);
      all.push({ ...each, share: share * (1 - aborted) * each.share, outcome: { ...each.outcome, flags } });
    }
    // The destination is drawn before: what it does to response headers is done to this answer, too.
    for (const each of answers(decision)) {
      const status = fault?.abort?.status ?? 0;
      const outcome = { status, flags: flagsOf(flag, 'FI'), headers: each.headers, body: 'fault filter abort' };
      all.push({ share: share * aborted * each.share, outcome });
    }
  }
  return {
    chances: all.filter(each => each.share > 0),
    mirrors: mirrors.map(each => ({ ...each, share: each.share * (1 - aborted) })),
    atLeast: delayed === 1 ? (fault?.delay?.fixed ?? 0) : 0,
    ...(triesOpen ? { triesOpen } : {}),
    ...(limit === undefined ? {} : { limit }),
  };
}

/** What a route does to the headers of an answer that no upstream gave, by its destinations. */
function answers(decision: Decision): { share: number; headers: Record<string, string> }[] {
  if (decision.kind === 'forward') {
    const alone = decision.destinations.length === 1;
    return decision.destinations.map(({ share, responseHeaders }) => ({
      share: share / 100,
      headers: answered({}, ...inOrder(decision.responseHeaders, responseHeaders, alone)),
    }));
  }
  if (decision.kind === 'none' && decision.failing) {
    return decision.failing.map(each => ({ share: each.share / 100, headers: answered({}, ...each.responseHeaders) }));
  }
  return [{ share: 1, headers: {} }];
}

/** With what a corsPolicy makes of it. */
function shared(world: World, decision: Decision, request: MeshRequest): Acted {
  const cors = corsOf(decision.kind === 'passthrough' ? undefined : decision.cors, request);
  if (cors?.answers) return surely({ status: 200, flags: '-', headers: cors.headers });
  const done = acted(world, decision, request);
  const chances = done.chances.map(each => {
    const headers = { ...each.outcome.headers, ...cors?.headers };
    return { ...each, outcome: { ...each.outcome, headers } };
  });
  return { ...done, chances };
}

type Acted = Pick<Expected, 'chances' | 'mirrors' | 'triesOpen'>;

const surely = (outcome: Outcome): Acted => ({ chances: [{ share: 1, outcome }], mirrors: [] });

function acted(world: World, decision: Decision, request: MeshRequest): Acted {
  switch (decision.kind) {
    case 'forward':
      return forwarded(world, decision, request);
    case 'redirect': {
      const headers = answered({}, decision.responseHeaders);
      return surely({ status: decision.status, flags: '-', headers, location: decision.location });
    }
    case 'direct-response': {
      const headers = answered({}, decision.responseHeaders);
      return surely({ status: decision.status, flags: '-', headers, ...bodied(decision.body) });
    }
    case 'passthrough':
      return passed(world, request);
    case 'none': {
      if (decision.failing) return failed(decision.failing);
      const body = decision.flag === 'UH' ? 'no healthy upstream' : '';
      return surely({ status: decision.status, flags: decision.flag, headers: {}, ...bodied(body) });
    }
  }
}

function failed(failing: NonNullable<None['failing']>): Acted {
  const chances = failing.map(({ share, status, flag, responseHeaders }) => {
    const headers = answered({}, ...responseHeaders);
    return {
      share: share / 100,
      outcome: { status, flags: flag, headers, ...bodied(flag === 'UH' ? 'no healthy upstream' : '') },
    };
  });
  return { chances, mirrors: [] };
}

const answered = (given: Record<string, string>, ...ops: Parameters<typeof inOrder>[0][]) =>
  only(RESPONSE_HEADERS, changed(given, ...ops));

const bodied = (body: string) => (body === '' ? {} : { body });

function forwarded(world: World, decision: Forward, request: MeshRequest): Acted {
  const alone = decision.destinations.length === 1;
  let triesOpen = false;
  const chances = decision.destinations.map((destination): Chance => {
    const share = destination.share / 100;
    const sent = changed(
      lower(request.headers),
      ...inOrder(decision.requestHeaders, destination.requestHeaders, alone),
    );
    const ops = inOrder(decision.responseHeaders, destination.responseHeaders, alone);
    if (destination.fails) {
      const { status, flag } = destination.fails;
      const body = flag === 'UH' ? 'no healthy upstream' : '';
      return { share, outcome: { status, flags: flag, headers: answered({}, ...ops), ...bodied(body) } };
    }
    const port = podPort(world, destination);
    const authority = destination.authority ?? decision.authority;
    const arrival = arrivalAt(destination, port, decision.path, authority, sent);
    const knock = { port, host: authority, path: decision.path, headers: sent };
    const refusal = refused(world, request, destination, knock, decision.retries);
    if (refusal) return { share, outcome: { ...refusal, headers: answered({}, ...ops) } };
    const { status, flags, tries, answers, open } = tried(decision, sent, isListening(port));
    if (open) triesOpen = true;
    const headers = answered(answers ? ECHOED : {}, ...ops);
    if (!answers) return { share, outcome: { status, flags, headers } };
    return {
      share,
      outcome: { status, flags, headers, cluster: clusterOf(destination), tries, upstream: arrival },
      versions: versionsOf(destination),
    };
  });
  // A mirror gets what the destination gets, whichever was drawn.
  const mirrors = decision.destinations
    .filter(each => !each.fails)
    .flatMap(destination =>
      decision.mirrors.flatMap((mirror): MirrorChance[] => {
        if (mirror.fails) return [];
        const ops = inOrder(decision.requestHeaders, destination.requestHeaders, alone);
        const sent = changed(lower(request.headers), ...ops);
        const authority = destination.authority ?? decision.authority;
        const port = podPort(world, mirror);
        if (!isListening(port)) return [];
        const knock = { port, host: authority, path: decision.path, headers: sent };
        if (refused(world, request, mirror, knock, decision.retries)) return [];
        const arrival = arrivalAt(mirror, port, decision.path, authority, sent);
        return [{ share: (destination.share * mirror.percent) / 10_000, arrival, versions: versionsOf(mirror) }];
      }),
    );
  return { chances, mirrors, ...(triesOpen ? { triesOpen } : {}) };
}

function passed(world: World, request: MeshRequest): Acted {
  const { status, flags } = tried({ retries: { attempts: 0, retryOn: '' } }, lower(request.headers), true);
  const upstream: Arrival = {
    namespace: NAMESPACES.b,
    port: 8085,
    path: request.path,
    authority: request.host,
    headers: only(REQUEST_HEADERS, lower(request.headers)),
  };
  const outcome = { status, flags, headers: ECHOED, cluster: 'PassthroughCluster', tries: 1, upstream };
  const versions = Object.keys(
    Object.fromEntries(
      world.pods(NAMESPACES.b, { app: 'echo' }).map(pod => [pod.metadata.labels?.version ?? '', true]),
    ),
  );
  return { chances: [{ share: 1, outcome, versions }], mirrors: [] };
}

function arrivalAt(
  target: Destination | Mirror,
  port: number,
  path: string,
  authority: string,
  sent: Record<string, string>,
): Arrival {
  const namespace = target.endpoints.some(name => name.includes('.')) ? NAMESPACES.b : target.namespace;
  return { namespace, port, path, authority, headers: only(REQUEST_HEADERS, sent) };
}

/** A name that is looked up leads to `landing`, any version of it. */
function versionsOf({ endpoints, versions }: Destination | Mirror): string[] {
  return endpoints.some(name => name.includes('.')) ? ['v1', 'v2', 'v3'] : Object.keys(versions);
}

/** The pod's port behind a port of the Service or ServiceEntry. */
function podPort(world: World, { host, port, endpoints }: Destination | Mirror): number {
  if (endpoints.some(name => name.startsWith('landing.'))) return 8085;
  const [name = '', namespace = ''] = host.split('.');
  const found = world.get('Service', namespace, name) ?? world.forHost('ServiceEntry', host)[0];
  const ports = (found?.spec?.ports ?? []) as JsonObject[];
  const wanted = ports.find(each => (each.port ?? each.number) === port);
  return Number(wanted?.targetPort ?? port);
}

const isListening = (port: number) => (ECHO_PORTS as readonly number[]).includes(port);

function clusterOf({ host, port, subset }: Destination): string {
  return `outbound|${port}|${subset ?? ''}|${host}`;
}

function lower(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()]));
}
