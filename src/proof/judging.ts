/** What counted requests prove about expected shares. Pure; says no more than the numbers do. */
import type { Receipt } from '../change/meshchange.ts';
import { percent } from '../istio/percent.ts';
import type { Expectation } from '../plan.ts';
import { interval, ruledOut } from './binomial.ts';

export interface Judged {
  verdict: Receipt['verdict'];
  summary: string;
  intervals: Receipt['intervals'];
  /** Too few ways are known, rather than the wrong ones. */
  unknown: boolean;
}

/**
 * `seen`: requests by version; `shares`: percent by version, on top of which each may get any part of `spread`; `least`:
 * how many must be known to say anything.
 */
export function judge(
  seen: Record<string, number>,
  { shares: expected, spread = 0 }: Pick<Expectation, 'shares' | 'spread'>,
  { sent, least, confidence, host }: { sent: number; least: number; confidence: number; host: string },
): Judged {
  const known = Object.values(seen).reduce((sum, count) => sum + count, 0);
  const versions = [...new Set([...Object.keys(expected), ...Object.keys(seen)])].sort();
  const intervals = Object.fromEntries(
    versions.map(version => [version, interval(seen[version] ?? 0, known, confidence)] as const),
  );
  if (known < least) {
    const summary =
      known === 0
        ? `of ${sent} requests none is known to have reached ${host}`
        : `the way of only ${known} of ${sent} requests through ${host} is known, which is too few to say`;
    return { verdict: 'not-proven', summary, intervals, unknown: true };
  }
  const wrong = versions.flatMap(version => {
    const share = expected[version] ?? 0;
    const hits = seen[version] ?? 0;
    const { low, high } = intervals[version]!;
    if (share + spread === 0 && hits > 0) return [`${version} got ${hits} of ${known} requests and should get none`];
    // A share of 100 % allows no other answer; the interval of n of n hits always holds it.
    if (share + spread >= low && share <= high) return [];
    const most = spread > 0 ? ` to ${percent(share + spread)}` : '';
    return [`${version} got ${hits} of ${known}, which ${percent(share)}${most} does not explain`];
  });
  if (wrong.length > 0) return { verdict: 'not-proven', summary: wrong.join('; '), intervals, unknown: false };
  return {
    verdict: 'proven',
    summary:
      spread >= 100
        ? `${known} requests reached ${host}, which spreads them over its versions by itself: ${counted(versions, seen)}`
        : consistent(versions, seen, { shares: expected, spread }, known, confidence),
    intervals,
    unknown: false,
  };
}

/** Percent. Of so small a share the count says more than that it is consistent. */
const RARE = 5;

function consistent(
  versions: string[],
  seen: Record<string, number>,
  { shares: expected, spread }: { shares: Record<string, number>; spread: number },
  known: number,
  confidence: number,
): string {
  const some = versions.filter(version => (expected[version] ?? 0) > 0);
  const none = versions.filter(version => (expected[version] ?? 0) + spread === 0);
  const rest = spread > 0 ? [`${percent(spread)} over all versions, as the Service spreads it`] : [];
  const shares = [...some.map(version => `${percent(expected[version] ?? 0)} to ${version}`), ...rest].join(', ');
  const ruled = none.map(version => {
    const least = Math.ceil(ruledOut(known, confidence) * 10) / 10;
    return `${version} got none, which rules out ${percent(least)} or more`;
  });
  const rare = some.filter(version => (expected[version] ?? 0) <= RARE);
  const missed = some.flatMap(version => {
    const hits = seen[version] ?? 0;
    if (hits === 0) return [`${version} was not seen yet`];
    return rare.includes(version) ? [`${version} was seen ${hits} ${hits === 1 ? 'time' : 'times'} of ${known}`] : [];
  });
  const said = `consistent with ${shares} (${known} requests, ${confidence} % sure)`;
  return [said, ...ruled, ...missed].join('; ');
}

function counted(versions: string[], seen: Record<string, number>): string {
  return versions.map(version => `${version} ${seen[version] ?? 0}`).join(', ');
}
