/** Whether what was measured of a version keeps to the gates of a step. Pure: values in, a verdict with its words out. */
import type { Gate } from '../../plan.ts';
import type { Behaviour } from '../../ports.ts';
import { interval } from '../../proof/binomial.ts';
import { percent } from '../phrases.ts';

export interface Judgement {
  /** 'frozen': as far as the gates go it may go on, but a freeze holds it. */
  verdict: 'pass' | 'breach' | 'inconclusive' | 'frozen';
  /** What was measured and how it compares, for people: 'errors 0.4 % of 230 requests (below 1 %)'. */
  says: string;
}

/** What is known of the version since the step began, or why nothing is. */
export type Seen = Counted | { kind: 'silent'; why: string };

export interface Counted {
  kind: 'seen';
  /** Of the last minutes. */
  behaviour: Behaviour;
  requests: number;
  /** So many of them reached no pod: failures that nobody counted for any version, and that were not there before. */
  lost?: number;
  /** Of the whole step, where the last minutes are too few requests to judge. */
  whole?: Pick<Counted, 'behaviour' | 'requests' | 'lost'>;
}

/** Requests from which a quantile, or an error rate of none, says something. A p95 of fewer is all but the slowest one. */
export const LEAST = 50;
/** Percent. High, because the same step is judged every second: one look in a hundred must not end it by chance. */
const SURE = 99.9;

/**
 * breach: surely over a limit. pass: below all of them, by enough requests. All between is inconclusive: errors that
 * are over the limit but could be chance, too few requests, nothing known. A step is never left on that. The last minutes
 * are judged, and the whole step where they are too few requests.
 */
export function judgeGates(gates: readonly Gate[], seen: Seen): Judgement {
  if (seen.kind === 'silent') return { verdict: gates.length === 0 ? 'pass' : 'inconclusive', says: seen.why };
  const lately = judgeCounted(gates, seen);
  if (!seen.whole || lately.verdict === 'breach' || seen.requests >= LEAST) return lately;
  const whole = judgeCounted(gates, seen.whole);
  // Errors that came late must not drown in a good beginning.
  const spoilt = gates.some(gate => gate.measure === 'errors' && (measuredOf(gate, seen.behaviour) ?? 0) >= gate.below);
  return whole.verdict === 'pass' && spoilt ? lately : whole;
}

function judgeCounted(gates: readonly Gate[], seen: NonNullable<Counted['whole']>): Judgement {
  const { lost = 0 } = seen;
  const each = gates.map(gate => judgeOne(gate, seen.behaviour, seen.requests));
  const measured = each.map(({ says }) => says).join(', ');
  const says = lost > 0 && gates.length > 0 ? `${measured}; ${lost} of its requests reached no pod` : measured;
  const breach = each.some(({ verdict }) => verdict === 'breach');
  if (breach) return { verdict: 'breach', says };
  if (gates.length > 0 && seen.requests < LEAST) {
    return { verdict: 'inconclusive', says: `${says}; ${LEAST} requests are needed to judge` };
  }
  // Whose they were is not known for sure, so alone they only hold a step.
  const passes = each.every(({ verdict }) => verdict === 'pass') && (lost === 0 || gates.length === 0);
  return { verdict: passes ? 'pass' : 'inconclusive', says };
}

function judgeOne(gate: Gate, behaviour: Behaviour, requests: number): Judgement {
  const value = measuredOf(gate, behaviour);
  const limit = `below ${amount(gate, gate.below)}`;
  if (value === undefined) return { verdict: 'inconclusive', says: `${gate.measure} not known (must be ${limit})` };
  const of = gate.measure === 'errors' ? ` of ${requests} requests` : '';
  const kept = value < gate.below;
  const says = `${gate.measure} ${amount(gate, value)}${of} (${kept ? limit : `must be ${limit}`})`;
  if (kept) return { verdict: 'pass', says };
  const sure = gate.measure === 'errors' ? surelyOver(value, requests, gate.below) : requests >= LEAST;
  return { verdict: sure ? 'breach' : 'inconclusive', says };
}

/** Errors in percent, latencies in ms. */
export function measuredOf({ measure }: Gate, behaviour: Pick<Behaviour, Gate['measure']>): number | undefined {
  const value = behaviour[measure];
  return measure === 'errors' && value !== undefined ? value * 100 : value;
}

function surelyOver(errors: number, requests: number, below: number): boolean {
  const failed = Math.min(requests, Math.round((errors / 100) * requests));
  return interval(failed, requests, SURE).low >= below;
}

/** `errors below 1 %`. */
export function gateName(gate: Gate): string {
  return `${gate.measure} below ${amount(gate, gate.below)}`;
}

function amount({ measure }: Gate, value: number): string {
  if (measure !== 'errors') return value >= 1_000 ? `${Math.round(value / 100) / 10} s` : `${Math.round(value)} ms`;
  return value > 0 && value < 0.1 ? `${Number(value.toPrecision(1))} %` : percent(value);
}
