/** Shows by requests that nobody is behind a gateway any more: refused, or answered with 404 by the gateway itself. */
import type { Receipt } from '../change/meshchange.ts';
import { shortHost } from '../istio/hosts.ts';
import type { Shut } from '../plan.ts';
import { type ProbeAnswer, ProbeError } from '../ports.ts';
import { ruledOut } from './binomial.ts';
import type { ProofOptions, ProofPorts } from './looking.ts';
import { medianOf, type Sent, sendAll, statusesOf } from './sending.ts';
import { sourceName } from './source.ts';
import { reaches } from './tracing.ts';

/** ms. A gateway that does not ask the service has no more of a trace to wait for than its own hop. */
const TRACES = 4_000;

/** Never throws for what the mesh or the tracer answers. A wrong first impression is looked at again until patience ends. */
export async function proveShut(expectation: Shut, ports: ProofPorts, options: ProofOptions): Promise<Receipt> {
  const { probe, host } = expectation;
  const none = { ports, expectation, sent: [], confidence: options.confidence };
  if (!probe) {
    const summary = 'no request is known that comes through this gateway, so none can show what it does';
    return receipt(none, { verdict: 'not-proven', summary });
  }
  const until = ports.clock.now() + options.patience;
  for (;;) {
    let sent: Sent[];
    try {
      sent = await sendAll(ports, { ...expectation, probe }, options);
    } catch (error) {
      if (!(error instanceof ProbeError)) throw error;
      return receipt(none, { verdict: 'not-proven', summary: `no request could be sent: ${error.message}` });
    }
    const judged = judge(sent, await tracedOf(sent, host, ports), { host, confidence: options.confidence });
    const again = judged.verdict === 'not-proven' && ports.clock.now() < until && !options.signal?.aborted;
    if (!again) return receipt({ ...none, sent }, judged);
    await ports.clock.sleep(options.pause, options.signal);
  }
}

/** By trace id: those that have a trace at all, and of these the ones with a hop at the service, whatever was answered. */
interface Traced {
  known: ReadonlySet<string>;
  reached: ReadonlySet<string>;
}

async function tracedOf(sent: Sent[], host: string, { traces, clock }: ProofPorts): Promise<Traced> {
  const reached = new Set<string>();
  const answered = sent.filter(({ answer }) => answer.outcome === 'answered');
  const until = clock.now() + TRACES;
  const known = new Set<string>();
  while (known.size < answered.length) {
    for (const { traceId } of answered.filter(each => !known.has(each.traceId))) {
      const hops = await traces.find(traceId).catch(() => undefined);
      if (!hops) continue;
      known.add(traceId);
      if (reaches(hops, host)) reached.add(traceId);
    }
    if (clock.now() >= until) break;
    await clock.sleep(500);
  }
  return { known, reached };
}

type Judged = Pick<Receipt, 'verdict' | 'summary'>;

function judge(
  sent: Sent[],
  { known, reached }: Traced,
  { host, confidence }: { host: string; confidence: number },
): Judged {
  const service = shortHost(host);
  const count = (wanted: (each: Sent) => boolean) => sent.filter(wanted).length;
  const through = count(each => reached.has(each.traceId) || isFromBehind(each.answer));
  if (through > 0) {
    return { verdict: 'not-proven', summary: `${through} of ${sent.length} requests still came through the gateway` };
  }
  const unshown = whyUnshown(sent);
  if (unshown !== undefined) return { verdict: 'not-proven', summary: unshown };
  const doubtful = count(({ traceId, answer }) => answer.status === 404 && !known.has(traceId) && !isBare(answer));
  if (doubtful > 0) {
    const said = `${doubtful} of ${sent.length} requests got 404, and no trace says whether that was the gateway or who is behind it`;
    return { verdict: 'not-proven', summary: said };
  }
  const refused = count(({ answer }) => answer.outcome === 'refused');
  const said = [
    ...(refused > 0 ? [`${refused} of ${sent.length} requests were refused`] : []),
    ...(refused < sent.length
      ? [`${sent.length - refused} of ${sent.length} requests got 404 from the gateway itself`]
      : []),
  ];
  const least = Math.ceil(ruledOut(sent.length, confidence) * 10) / 10;
  const sure = `none reached ${service}, which rules out that ${least} % or more still do (${confidence} % sure)`;
  return { verdict: 'proven', summary: `${said.join(', ')}; ${sure}` };
}

/** Of requests that nobody behind it answered: which of them does not show that it is shut. undefined: each does. */
function whyUnshown(sent: Sent[]): string | undefined {
  const all = sent.length;
  const itself = sent.find(({ answer }) => answer.outcome === 'answered' && answer.status !== 404);
  if (itself) return `the gateway answers ${itself.answer.status} by itself`;
  const failed = sent.filter(({ answer }) => answer.outcome === 'failed');
  if (failed.length > 0) {
    // Who takes a connection still listens, whatever becomes of it; who is not found may be anywhere.
    const why = failed[0]!.answer.error ?? 'no reason was given';
    return `${failed.length} of ${all} requests failed (${why}), which does not show that the gateway is off: only a refused connection or its own 404 does. Look whether it still listens there`;
  }
  const late = sent.filter(({ answer }) => answer.outcome === 'late').length;
  if (late > 0 || all === 0) {
    return `${late} of ${all} requests had no answer in time, which a gateway that is away would look like too`;
  }
  return undefined;
}

/** Envoy says how long whoever is behind it took; what it answers by itself has no such header. */
function isFromBehind({ status, headers }: ProbeAnswer): boolean {
  return status !== 0 && headers['x-envoy-upstream-service-time'] !== undefined;
}

/** As Envoy answers where it has no route: with nothing at all. https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/local_reply */
function isBare({ body, headers }: ProbeAnswer): boolean {
  return body === '' && headers['content-type'] === undefined;
}

function receipt(
  { ports, expectation, sent, confidence }: { ports: ProofPorts; expectation: Shut; sent: Sent[]; confidence: number },
  { verdict, summary }: Judged,
): Receipt {
  return {
    ...{ verdict, summary, confidence },
    statuses: statusesOf(sent),
    sent: sent.length,
    seen: {},
    intervals: {},
    expected: {},
    shut: true,
    median: medianOf(sent.map(({ answer }) => answer.took)),
    from: expectation.probe ? sourceName(expectation.probe.from) : '',
    at: ports.clock.now(),
  };
}
