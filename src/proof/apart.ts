/** Whether what was seen could have been seen before the change too, and how many requests tell the two apart. Pure. */
import type { Receipt } from '../change/meshchange.ts';
import { percent } from '../istio/percent.ts';
import type { Earlier, Split } from '../plan.ts';
import { interval } from './binomial.ts';

/** Requests of one look at most: more are no proof any more but a load. */
export const MOST = 400;
/** How many more are tried at a time. */
const STRIDE = 20;
/** One-sided: 19 times in 20. */
const USUALLY = 1.645;
const SELDOM = 0.05;

export interface Found {
  seen: Record<string, number>;
  /** Of the mirror, by the metrics. */
  mirror?: NonNullable<Receipt['mirror']> | undefined;
}

/**
 * The error of one look, so that however many there are, all of them together err no more often than one would:
 * 1/2 + 1/6 + 1/12 + … = 1. Percent.
 */
export function sureOf(confidence: number, look: number): number {
  return 100 - (100 - confidence) / (look * (look + 1));
}

/** Those of the earlier states in which this could have been seen too, at that confidence; undefined: they are not known. */
export function notRuledOut({ before, mirror }: Split, found: Found, confidence: number): Earlier[] | undefined {
  return before?.filter(
    state =>
      !areSharesRuledOut(state, found.seen, confidence) && !(mirror && areCopiesRuledOut(state, found, confidence)),
  );
}

function areSharesRuledOut({ shares, spread = 0 }: Earlier, seen: Record<string, number>, confidence: number): boolean {
  const known = Object.values(seen).reduce((sum, count) => sum + count, 0);
  const versions = [...new Set([...Object.keys(shares), ...Object.keys(seen)])];
  const sure = sureOfEach(versions.length, confidence);
  return versions.some(version => {
    const share = shares[version] ?? 0;
    return isRuledOut({ low: share, high: share + spread }, seen[version] ?? 0, known, sure);
  });
}

function areCopiesRuledOut({ copies }: Earlier, { mirror }: Found, confidence: number): boolean {
  if (copies === undefined || !mirror) return false;
  return isRuledOut({ low: copies, high: copies }, mirror.copies, mirror.requests, confidence);
}

/** Of two versions one tells all; of more each could err. */
function sureOfEach(versions: number, confidence: number): number {
  return versions > 2 ? 100 - (100 - confidence) / versions : confidence;
}

/** Percents: the true share is said to lie from `low` to `high`. */
function isRuledOut(said: { low: number; high: number }, hits: number, known: number, confidence: number): boolean {
  // None and all leave nothing to chance.
  if (said.high <= 0) return hits > 0;
  if (said.low >= 100) return hits < known;
  const { low, high } = interval(hits, known, confidence);
  return said.high < low || said.low > high;
}

/**
 * How many requests must be known to tell what is expected from every earlier state, as a rule; undefined: `MOST` do
 * not, or nothing could.
 */
export function requestsToTell({ shares, spread = 0, mirror, before }: Split, confidence: number): number | undefined {
  if (!before) return undefined;
  const needs = before.map(state => {
    const versions = [...new Set([...Object.keys(shares), ...Object.keys(state.shares)])];
    const sure = sureOfEach(versions.length, confidence);
    const byVersion = versions.map(version => {
      const [now, then] = [shares[version] ?? 0, state.shares[version] ?? 0];
      return toTell({ low: now, high: now + spread }, { low: then, high: then + (state.spread ?? 0) }, sure);
    });
    const copied = mirror && state.copies !== undefined ? both(mirror.percent, state.copies, confidence) : undefined;
    const known = [...byVersion, copied].filter(count => count !== undefined);
    return known.length > 0 ? Math.min(...known) : undefined;
  });
  return needs.every(need => need !== undefined) ? Math.max(0, ...needs) : undefined;
}

function both(now: number, then: number, confidence: number): number | undefined {
  return toTell({ low: now, high: now }, { low: then, high: then }, confidence);
}

interface Range {
  low: number;
  high: number;
}

function toTell(now: Range, then: Range, confidence: number): number | undefined {
  const grows = now.low > then.high;
  if (!grows && now.high >= then.low) return undefined;
  const [is, was] = grows ? [now.low, then.high] : [100 - now.high, 100 - then.low];
  if (was <= 0) return atLeast(Math.ceil(Math.log(SELDOM) / Math.log1p(-Math.min(is, 99.999) / 100)));
  const tells = (requests: number, usually: number) => {
    const part = is / 100;
    const hits = Math.floor(requests * part - usually * Math.sqrt(requests * part * (1 - part)));
    return interval(Math.max(0, hits), requests, confidence).low > was;
  };
  for (let requests = STRIDE; requests <= MOST; requests += STRIDE) if (tells(requests, USUALLY)) return requests;
  // Better than even is worth it.
  return tells(MOST, 0) ? MOST : undefined;
}

/** How many requests show each version whose share came or grew and that was not seen yet, as a rule. */
export function requestsToSee({ shares, before }: Split, seen: Record<string, number>): number {
  const missed = Object.entries(shares).filter(
    ([version, share]) => share > 0 && !seen[version] && before?.some(state => (state.shares[version] ?? 0) < share),
  );
  const needs = missed.map(([, share]) => Math.ceil(Math.log(SELDOM) / Math.log1p(-Math.min(share, 99.999) / 100)));
  return Math.max(0, ...needs.map(atLeast));
}

function atLeast(requests: number): number {
  return Math.min(requests, MOST);
}

/** Why requests do not show the change, and what would. `held`: what the proxies said; undefined: none was asked. */
export function sameAsBefore(
  { shares, spread = 0, mirror }: Split,
  left: Earlier[] | undefined,
  held: Receipt['proxies'],
): string {
  const next =
    held?.why !== undefined
      ? 'apply deploy/exec.yaml in the namespaces of the clients, so that their proxies can be asked'
      : 'ask a proxy of a client: istioctl proxy-config routes';
  const [state] = left ?? [];
  if (!state) return `what these requests did before the change is not known, so they do not show it: ${next}`;
  const still = isSame({ shares, spread }, state) && (!mirror || mirror.percent === state.copies);
  if (still) return `no request goes another way by this change, so requests do not show it: ${next}`;
  return `the requests look the same as before the change (${inWords(state)}), so they do not show that it was taken: ${next}`;
}

function isSame(now: Earlier, then: Earlier): boolean {
  const versions = [...Object.keys(now.shares), ...Object.keys(then.shares)];
  const near = (a = 0, b = 0) => Math.abs(a - b) < 0.05;
  return near(now.spread, then.spread) && versions.every(each => near(now.shares[each], then.shares[each]));
}

function inWords({ shares, spread = 0, copies }: Earlier): string {
  const some = Object.entries(shares).filter(([, share]) => share > 0);
  return [
    ...some.map(([version, share]) => `${percent(share)} to ${version}`),
    ...(spread > 0 ? [`${percent(spread)} spread by the Service itself`] : []),
    ...(copies !== undefined ? [`${percent(copies)} copied`] : []),
  ].join(', ');
}
