/** What a proof looks at besides the requests of the changed route: those that must not move, and copies of them. */
import type { Receipt } from '../change/meshchange.ts';
import type { Expectation, Split } from '../plan.ts';
import type { Counts } from '../ports.ts';
import { copiesSince, isExplained } from './copies.ts';
import { type Judged, judge } from './judging.ts';
import { type Look, lookOnce } from './look.ts';
import type { ProofOptions, ProofPorts } from './looking.ts';

/** Half as many: they need only show that nothing moved. */
export async function lookAtOthers(
  ports: ProofPorts,
  expectation: Expectation & { probe: NonNullable<Expectation['probe']> },
  options: ProofOptions,
): Promise<Look | undefined> {
  if (!expectation.others) return undefined;
  const requests = Math.ceil(options.requests / 2);
  const { where: _, ...bare } = expectation;
  return lookOnce(ports, { ...bare, headers: {} }, { ...options, requests, signal: options.signal });
}

/** Judged by itself: other requests have other shares. */
export function othersOf(
  look: Look | undefined,
  { others, headers }: Expectation,
  options: ProofOptions,
  host: string,
): { judged: Judged; seen: NonNullable<Receipt['others']> } | undefined {
  if (!look || !others) return undefined;
  const least = Math.ceil(options.least / 2);
  const found = judge(look.seen, others, { ...options, least, sent: look.sent, host });
  const { sent, seen } = look;
  return {
    judged: { ...found, summary: `without ${Object.keys(headers).join(', ')}: ${found.summary}` },
    seen: { ...{ sent, seen }, intervals: found.intervals, expected: others.shares, ...spreadOf(others) },
  };
}

function spreadOf({ spread }: { spread?: number }): { spread?: number } {
  return spread === undefined ? {} : { spread };
}

/** What the metrics counted since `before`, at least `sent` requests of ours among them. */
export async function copiedSince(
  before: Counts | undefined,
  sent: number,
  ports: ProofPorts,
  { mirror, ...expectation }: Split,
  options: ProofOptions,
): Promise<{ judged: Judged; seen?: NonNullable<Receipt['mirror']> } | undefined> {
  if (!mirror) return undefined;
  const { version, percent } = mirror;
  const { confidence, pause, signal } = options;
  if (before) options.tell?.(`Waiting for the metrics to count the copies that ${version} got`);
  const wait = { sent, confidence, pause, patience: options.metrics, signal };
  const found = before && (await copiesSince(before, ports, { ...expectation, mirror }, wait));
  if (!found) {
    const summary = `the metrics do not say which requests were copied to ${version}`;
    return { judged: { verdict: 'not-proven', summary, intervals: {}, unknown: false } };
  }
  const { requests, copies } = found;
  const right = isExplained(found, percent);
  const summary = right
    ? `${version} got copies of ${copies} of ${requests} requests, by the metrics, which is consistent with ${percent} %`
    : `${version} got copies of ${copies} of ${requests} requests, by the metrics, which ${percent} % does not explain`;
  const verdict = right && requests >= sent ? 'proven' : 'not-proven';
  return {
    judged: { verdict, summary, intervals: {}, unknown: false },
    seen: { version, expected: percent, ...found },
  };
}

/** Proven only where each part is; what is wrong comes first. */
export function joined([own, ...besides]: [Judged, ...Judged[]]): Judged {
  const all = [own, ...besides];
  const wrong = all.filter(({ verdict }) => verdict === 'not-proven');
  const said = [...wrong, ...all.filter(each => !wrong.includes(each))].map(({ summary }) => summary);
  return { ...own, verdict: wrong.length > 0 ? 'not-proven' : 'proven', summary: said.join('; ') };
}
