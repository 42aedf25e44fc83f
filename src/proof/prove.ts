/** Shows by requests whether the mesh does what was planned: sends them, follows their traces, counts, and says how sure it is. */

import type { Receipt } from '../change/meshchange.ts';
import { shortHost } from '../istio/hosts.ts';
import type { Expectation, Split } from '../plan.ts';
import { ProbeError } from '../ports.ts';
import { causesOf, liveEverywhere, stuckProxies } from './causes.ts';
import { failuresOf } from './failures.ts';
import { convergence } from './held/convergence.ts';
import type { Judged } from './judging.ts';
import type { Look } from './look.ts';
import type { ProofOptions, ProofPorts } from './looking.ts';
import { medianOf } from './sending.ts';
import { type Shown, showOnce } from './showing.ts';
import { proveShut } from './shut.ts';
import { sourceName } from './source.ts';
import { flatten } from './tracing.ts';

const PROOF: ProofOptions = {
  requests: 40,
  concurrency: 4,
  least: 20,
  confidence: 99,
  patience: 20_000,
  pause: 2_000,
  timeout: 10_000,
  traces: 12_000,
  metrics: 45_000,
};

/** Never throws for what the mesh, the tracer or the metrics answer: what is not known is said in the receipt. */
export async function prove(
  expectation: Expectation,
  ports: ProofPorts,
  given: Partial<ProofOptions> = {},
): Promise<Receipt> {
  const options: ProofOptions = { ...PROOF, ...given };
  if (expectation.kind === 'shut') return proveShut(expectation, ports, options);
  // Beside the requests, not before them: a proxy that is stuck must not hold up what can be seen already.
  const holding = heldBy(ports, options);
  const [seen, proxies] = await Promise.all([proveByRequests(expectation, ports, options, holding), holding]);
  if (!proxies) return seen;
  const stuck = stuckProxies(proxies);
  if (stuck === undefined) return { ...seen, proxies };
  return { ...seen, proxies, verdict: 'not-proven', summary: `${stuck}; ${seen.summary}` };
}

async function heldBy({ proxies, clock, isMeantFor }: ProofPorts, options: ProofOptions): Promise<Receipt['proxies']> {
  const { written, patience, signal } = options;
  if (!proxies || !written) return undefined;
  const { at: since, ...what } = written;
  const held = await convergence({ proxies, clock, isMeantFor }, { ...what, since, patience, signal });
  const live = held && liveEverywhere(held);
  if (live !== undefined) options.tell?.(live);
  return held;
}

async function proveByRequests(
  expectation: Split,
  ports: ProofPorts,
  options: ProofOptions,
  holding: Promise<Receipt['proxies']>,
): Promise<Receipt> {
  const host = shortHost(expectation.host);
  const { probe } = expectation;
  if (!probe) {
    const summary = `no request is known that falls under this route of ${host}: name one under probes in meshbot.yaml`;
    return receipt(expectation, ports, options, undefined, unproven(summary));
  }
  const until = ports.clock.now() + options.patience;
  // What comes before every proxy has the mirror is not copied, and must not be counted.
  if (expectation.mirror) await holding;
  const counter = { looks: 0, grown: 0 };
  for (;;) {
    let shown: Shown;
    const isLast = () => ports.clock.now() >= until || options.signal?.aborted === true;
    try {
      shown = await showOnce({ ...expectation, probe }, ports, options, { holding, counter, isLast });
    } catch (error) {
      if (!(error instanceof ProbeError)) throw error;
      return receipt(expectation, ports, options, undefined, unproven(`no request could be sent: ${error.message}`));
    }
    const { look, judged, own, besides } = shown;
    if (judged.verdict === 'proven' || isLast()) {
      const verdict = await explained(expectation, ports, look, { judged, own }, options);
      return { ...receipt(expectation, ports, options, look, verdict), ...besides };
    }
    await ports.clock.sleep(options.pause, options.signal);
  }
}

function unproven(summary: string): Judged {
  return { verdict: 'not-proven', summary, intervals: {}, unknown: true };
}

/** The verdict with what else a person must know: errors, causes, a tracer that does not answer, what the metrics say. */
async function explained(
  expectation: Expectation,
  ports: ProofPorts,
  look: Look,
  { judged, own }: { judged: Judged; own: Judged },
  { least, confidence }: ProofOptions,
): Promise<Judged> {
  const said = [judged.summary];
  const failures = failuresOf(look, confidence);
  if (failures) said.push(failures.says);
  const verdict = failures?.tooMany ? 'not-proven' : judged.verdict;
  // What is wrong stands first.
  if (failures?.tooMany) said.unshift(...said.splice(said.indexOf(failures.says), 1));
  if (verdict === 'not-proven') {
    const broken = ports.broken?.(expectation.host) ?? [];
    said.push(...causesOf(look, own, expectation, { least, confidence, broken }));
  }
  if (judged.unknown && look.tracer !== undefined) said.push(`the tracer does not answer: ${look.tracer}`);
  if (judged.unknown) said.push(...(await measured(expectation, ports)));
  return { ...judged, verdict, summary: said.join('; ') };
}

/** Rates of all requests, ours and others': a hint where traces fail, never a proof. */
async function measured(expectation: Expectation, { metrics }: ProofPorts): Promise<string[]> {
  const rates = await metrics.rateByVersion(expectation.host, 60).catch(() => undefined);
  const total = Object.values(rates ?? {}).reduce((sum, rate) => sum + rate, 0);
  if (!rates || !(total > 0)) return [];
  const shares = Object.entries(rates).map(([version, rate]) => `${version} ${Math.round((rate / total) * 100)} %`);
  return [`the metrics of the last minute, of all requests, say ${shares.join(', ')}`];
}

function receipt(
  expectation: Expectation,
  { traces, clock }: ProofPorts,
  options: ProofOptions,
  look: Look | undefined,
  judged: Judged,
): Receipt {
  const shown = look?.known.find(({ version }) => version === options.changed) ?? look?.known[0];
  const link = shown && traces.link(shown.traceId);
  return {
    verdict: judged.verdict,
    summary: judged.summary,
    sent: look?.sent ?? 0,
    seen: look?.seen ?? {},
    intervals: judged.intervals,
    confidence: options.confidence,
    expected: expectation.shares,
    ...(expectation.spread !== undefined && { spread: expectation.spread }),
    statuses: look?.statuses ?? {},
    median: medianOf(look?.took ?? []),
    ...(shown && { traceId: shown.traceId, trace: flatten(shown.hops) }),
    ...(link !== undefined && { traceLink: link }),
    from: expectation.probe ? sourceName(expectation.probe.from) : '',
    at: clock.now(),
  };
}

/** The version whose share grows most, for the trace that is shown. */
export function risingVersion(plan: {
  traffic: { destination: string; before: number; after: number }[];
  expectation: Expectation;
}): string | undefined {
  const rising = plan.traffic
    .filter(row => row.after > row.before)
    .sort((a, b) => b.after - b.before - (a.after - a.before));
  const versions = Object.keys(plan.expectation.shares);
  return rising
    .map(row => versions.find(version => row.destination.split(/\s+/).includes(version)))
    .find(version => version !== undefined);
}
