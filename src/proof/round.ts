/** One look with all that is looked at beside it, and what that shows; it may be gone on with by more requests. */
import type { Receipt } from '../change/meshchange.ts';
import { shortHost } from '../istio/hosts.ts';
import type { Split } from '../plan.ts';
import type { Counts } from '../ports.ts';
import { copiedSince, joined, lookAtOthers, othersOf } from './besides.ts';
import { countsFromHere } from './copies.ts';
import { type Judged, judge } from './judging.ts';
import { type Look, lookOnce, together } from './look.ts';
import type { ProofOptions, ProofPorts } from './looking.ts';

/** What else was looked at, besides the requests of the changed route. */
export type Besides = Pick<Receipt, 'others' | 'mirror'>;

export type Sendable = Split & { probe: NonNullable<Split['probe']> };

export interface Round {
  look: Look;
  rest: Look | undefined;
  /** Before the first of its requests. */
  counts: Counts | undefined;
}

/** Throws ProbeError when a request must not or cannot be sent. */
export async function lookRound(expectation: Sendable, ports: ProofPorts, options: ProofOptions): Promise<Round> {
  const counts = expectation.mirror && (await countsFromHere(ports, expectation.host, options));
  const look = await lookOnce(ports, expectation, { ...options, signal: options.signal });
  const rest = await lookAtOthers(ports, expectation, options);
  return { look, rest, counts };
}

/** The same with so many more requests. Throws as above. */
export async function lookOn(
  { look, ...round }: Round,
  requests: number,
  expectation: Sendable,
  ports: ProofPorts,
  options: ProofOptions,
): Promise<Round> {
  const more = await lookOnce(ports, expectation, { ...options, requests, signal: options.signal });
  return { ...round, look: together(look, more) };
}

/** `own`: of the requests of the changed route alone. */
export async function judgeRound(
  { look, rest, counts }: Round,
  expectation: Split,
  ports: ProofPorts,
  options: ProofOptions,
): Promise<{ judged: Judged; own: Judged; besides: Besides }> {
  const host = shortHost(expectation.host);
  const sent = look.sent + (rest?.sent ?? 0);
  const copied = await copiedSince(counts, sent, ports, expectation, options);
  const others = othersOf(rest, expectation, options, host);
  const meant = expectation.where ? `${host} where ${expectation.where.says}` : host;
  const own = judge(look.seen, expectation, { ...options, sent: look.sent, host: meant });
  const judged = joined([own, ...(others ? [others.judged] : []), ...(copied ? [copied.judged] : [])]);
  const besides = { ...(others && { others: others.seen }), ...(copied?.seen && { mirror: copied.seen }) };
  return { judged, own, besides };
}
