/** `trace productpage`: sends one request and shows the way it took; `trace <id>` shows any other's. */
import { defineQuery, type QueryContext } from '../src/command.ts';
import { meant } from '../src/grammar/read.ts';
import { derivedProbe } from '../src/istio/edit/plan/probe.ts';
import { hostMeant } from '../src/istio/edit/service/service.ts';
import { serviceAt } from '../src/istio/edit/service/versions.ts';
import { serviceOf, shortHost } from '../src/istio/hosts.ts';
import { type Hop, ProbeError, type ProbeRequest, type ProbeSource } from '../src/ports.ts';
import { tracedHeaders } from '../src/proof/traced.ts';
import { type Phrase, plain, type View } from '../src/view.ts';
import { awaitTrace } from './answers/awaiting.ts';
import { refusedHeader, serviceUrl } from './answers/request.ts';
import { callerFor, insideHint, sourceOf } from './answers/sender.ts';
import { missingView, type Sent, traceView, waitingView } from './answers/trace-view.ts';

/** ms for the request. */
const TIMEOUT = 10_000;

const NO_TRACER: Phrase = [
  'No tracer is known, so no trace can be shown. Set ',
  { code: 'telemetry.zipkin' },
  ', ',
  { code: 'telemetry.jaeger' },
  ' or ',
  { code: 'telemetry.tempo' },
  ' in meshbot.yaml.',
];

export default defineQuery({
  verb: 'trace',
  summary: 'Send one request and show the way it took, or show a trace by its id',
  parameters: {
    what: { type: 'word', required: true, shown: '<url|service|id>', about: 'where to, or the id of a trace' },
    from: {
      type: 'source',
      flag: true,
      shown: '<outside|pod:name.namespace>',
      about: 'where from; outside unless told',
    },
    header: { type: 'pairs', flag: true, shown: '<name=value>', about: 'a header; may be given more than once' },
  },
  examples: [
    { line: 'trace productpage', says: 'one request that is known to reach it' },
    { line: 'trace productpage/productpage --header end-user=jason', says: 'as user jason' },
    { line: 'trace reviews/reviews/0 --from pod:ratings', says: 'from a pod of ratings' },
    { line: 'trace 5af7183fb1d4cf5f6b2b4f5d5a7c1e2d', says: 'a trace whose id is known' },
  ],
  notes: [
    'The request asks the proxies to sample it. A trace that is not there yet is waited for, 30 s at most.',
    'An id has 16 or 32 hex digits, as in the headers x-b3-traceid and traceparent.',
  ],
  async answer(values, context) {
    const { what, header = [] } = values;
    const tracer = context.traces.name;
    if (tracer === undefined) return sorry(NO_TRACER);
    const id = /^(?:[0-9a-f]{16}|[0-9a-f]{32})$/i.test(what) && !serviceNamed(what, context) ? what : undefined;
    if (id !== undefined) return shown(id.toLowerCase(), tracer, undefined, context);
    const bad = header.map(({ name }) => refusedHeader(name)).find(why => why !== undefined);
    if (bad !== undefined) return sorry(bad);
    const from = values.from && sourceOf(values.from, context);
    if (typeof from === 'string') return sorry(from);
    const target = targetOf(what, from, context);
    if ('says' in target) return sorry(target.says);
    const own = Object.fromEntries(header.map(({ name, value }) => [name.toLowerCase(), value]));
    const traceId = context.random.hex(16);
    const headers = { ...own, ...tracedHeaders(traceId, context.random.hex(8)) };
    const request: ProbeRequest = { from: target.from, method: 'GET', url: target.url, headers, timeout: TIMEOUT };
    try {
      const sent = { request, own, answer: await context.probe.send(request) };
      const hint = insideHint('trace', target.url, target.from, context);
      return await shown(traceId, tracer, { ...sent, to: target.to, hint }, context);
    } catch (error) {
      if (error instanceof ProbeError) return sorry(error.message);
      throw error;
    }
  },
});

type Target = { from: ProbeSource; url: string; to: string | undefined } | { says: Phrase };

/** `to`: the host that is meant, where it is a service's. */
function targetOf(what: string, from: ProbeSource | undefined, context: QueryContext): Target {
  const { world, namespace, probes } = context;
  const service = serviceNamed(what, context);
  if (service !== undefined && !from) {
    const known = (Object.hasOwn(probes, service) && probes[service]) || derivedProbe(world, service);
    if (known) return { from: known.from, url: known.url, to: service };
    const name = shortHost(service, namespace);
    const caller = callerFor(service, world, namespace) ?? '<name>';
    const line = { code: `trace ${name}/path --from pod:${caller}` };
    return { says: [`No request is known that reaches ${name}. Name its path and where from: `, line] };
  }
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(what) ? what : `http://${what}`;
  const { hostname } = URL.canParse(full) ? new URL(full) : { hostname: '' };
  const fqdn = hostMeant(hostname, namespace);
  // A word without a dot can only be a service; with one it can be any host.
  const isHost = /^([a-z0-9-]+\.)+[a-z0-9-]+\.?$|^\[/.test(hostname);
  if (!isHost && !serviceAt(world, fqdn)) return { says: unknown(what, context) };
  const source = from ?? { kind: 'gateway' };
  const url = serviceUrl(full, undefined, source, context);
  return url === undefined
    ? { says: unknown(what, context) }
    : { from: source, url, to: serviceAt(world, fqdn) ? fqdn : undefined };
}

function serviceNamed(word: string, { world, namespace }: QueryContext): string | undefined {
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(word)) return undefined;
  const fqdn = hostMeant(word, namespace);
  return serviceAt(world, fqdn) && fqdn;
}

function unknown(what: string, { world, namespace }: QueryContext): Phrase {
  const services = world.inNamespace('Service', namespace).map(({ metadata }) => metadata.name);
  return [
    { code: what },
    ' is neither a service here, nor an address, nor the id of a trace, which is 16 or 32 hex digits.',
    ...meant(what.split('/')[0]!, services),
  ];
}

async function shown(
  traceId: string,
  tracer: string,
  sent: (Sent & { to: string | undefined; hint: Phrase | undefined }) | undefined,
  context: QueryContext,
): Promise<View> {
  const { traces, world, progress } = context;
  const view = (hops: Hop[], notes: Phrase[]) => traceView(hops, { traceId, sent, link: traces.link(traceId), notes });
  const { hops, trouble } = await awaitTrace(context, traceId, (found, waited) =>
    progress(found ? view(found, ['More of it may still come.']) : waitingView(traceId, tracer, sent, waited)),
  );
  if (!hops) return missingView({ traceId, tracer, sent, trouble, rootNamespace: world.rootNamespace });
  if (sent?.to === undefined || isIn(hops, sent.to)) return view(hops, []);
  const name = shortHost(sent.to, context.namespace);
  const why = `No hop of ${name} is in it: the request did not get there, it has no sidecar, or an app on the way does not pass on the headers of the trace (traceparent, x-b3-*, x-request-id).`;
  return view(hops, [sent.hint ?? why]);
}

function isIn(hops: Hop[], host: string): boolean {
  const service = serviceOf(host);
  return hops.some(hop => hop.side === 'server' && hop.service === `${service?.name}.${service?.namespace}`);
}

function sorry(says: Phrase): View {
  return { text: plain(says), parts: [{ kind: 'text', text: says }] };
}
