/** Do the observations of one request fit what was predicted? */
import type { Arrival, Expected, Observed, Outcome } from './outcome.ts';
import { textOf } from './outcome.ts';

/** So rare that a hundred thousand comparisons do not see it by chance. */
export const RARE = 1e-9;

/** What does not fit, in words; empty where all does. Counts fit unless they are rarer than `rare`. */
export function disagreements(expected: Expected, all: Observed[], rare = RARE): string[] {
  const seen = inTime(expected, all);
  const said: string[] = [];
  const counts = expected.chances.map(() => 0);
  for (const { outcome, version } of seen) {
    const wanted = textOf(comparable(expected, outcome));
    const index = expected.chances.findIndex(each => textOf(comparable(expected, each.outcome)) === wanted);
    if (index < 0) {
      said.push(`unforeseen: ${wanted}`);
      continue;
    }
    counts[index]! += 1;
    const versions = expected.chances
      .filter(each => textOf(comparable(expected, each.outcome)) === wanted)
      .flatMap(each => each.versions ?? []);
    if (version !== undefined && !versions.includes(version))
      said.push(`version ${version}, not one of ${versions.join(', ')}`);
  }
  said.push(...tooEarly(expected, seen), ...miscounted(expected, counts, seen.length, rare));
  said.push(...mirrored(expected, seen, rare));
  return [...new Set(said)];
}

/**
 * A proxy counts a delay from when it last looked at the clock, so a few of many come some ms early where it is busy. The
 * delay is another one where half of them do, or one by far.
 */
function tooEarly({ atLeast }: Expected, seen: Observed[]): string[] {
  const early = seen.map(each => each.took).filter(took => took < atLeast - 5);
  const least = Math.min(...early);
  const other = early.length * 2 > seen.length || least < atLeast * 0.75;
  return other
    ? [`${early.length} of ${seen.length} took less than ${atLeast} ms, one of them ${Math.round(least)}`]
    : [];
}

/** Without what only came too late, as on a busy machine a few do: that says nothing of where it was sent. */
function inTime({ limit, chances }: Expected, all: Observed[]): Observed[] {
  if (limit === undefined || chances.some(each => each.outcome.flags.includes('UT'))) return all;
  const seen = all.filter(({ outcome, took }) => !outcome.flags.includes('UT') || took < limit);
  return seen.length * 2 < all.length ? all : seen;
}

function comparable({ triesOpen }: Expected, outcome: Outcome): Outcome {
  if (!triesOpen) return outcome;
  const { tries: _, ...rest } = outcome;
  return { ...rest, flags: rest.flags.replace('URX,', '') };
}

/** Outcomes that look alike are counted as one. */
function miscounted(expected: Expected, counts: number[], total: number, rare: number): string[] {
  const shares = new Map<string, { share: number; count: number }>();
  expected.chances.forEach((chance, index) => {
    const text = textOf(comparable(expected, chance.outcome));
    const found = shares.get(text) ?? { share: 0, count: 0 };
    shares.set(text, { share: found.share + chance.share, count: found.count + counts[index]! });
  });
  return [...shares].flatMap(([text, { share, count }]) =>
    tail(count, total, share) < rare ? [`${count} of ${total}, not ${Math.round(share * 1000) / 10} %: ${text}`] : [],
  );
}

function mirrored(expected: Expected, seen: Observed[], rare: number): string[] {
  // The first tries of a request cannot be told from its mirrors.
  if (expected.triesOpen || seen.some(({ outcome }) => outcome.tries !== 1 && outcome.flags.includes('U'))) return [];
  const said: string[] = [];
  const key = (arrival: Arrival) => textOf(arrival);
  const shares = new Map<string, { share: number[]; count: number; versions: string[] }>();
  for (const { share, arrival, versions } of expected.mirrors) {
    const found = shares.get(key(arrival)) ?? { share: [], count: 0, versions: [] };
    shares.set(key(arrival), { share: [...found.share, share], count: 0, versions: [...found.versions, ...versions] });
  }
  for (const { arrival, version } of seen.flatMap(each => each.mirrors)) {
    const found = shares.get(key(arrival));
    if (!found) said.push(`unforeseen mirror: ${textOf({ ...arrival, version })}`);
    else if (!found.versions.includes(version))
      said.push(`mirror at ${version}, not one of ${found.versions.join(', ')}`);
    else found.count += 1;
  }
  for (const [text, { share, count }] of shares) {
    const all = share.reduce((sum, each) => sum + each, 0);
    if (tail(count, seen.length * share.length, all / share.length) < rare) {
      said.push(`mirrored ${count} times in ${seen.length}, not ${Math.round(all * 100)} %: ${text}`);
    }
  }
  return said;
}

/** How likely a count that far out is, on its side, among `total` with this share. */
function tail(count: number, total: number, share: number): number {
  if (share <= 0) return count === 0 ? 1 : 0;
  if (share >= 1) return count === total ? 1 : 0;
  const low = count <= total * share;
  let sum = 0;
  for (let each = low ? 0 : count; each <= (low ? count : total); each += 1) {
    sum += Math.exp(logChoose(total, each) + each * Math.log(share) + (total - each) * Math.log(1 - share));
  }
  return Math.min(1, sum);
}

function logChoose(total: number, count: number): number {
  let sum = 0;
  for (let each = 1; each <= count; each += 1) sum += Math.log(total - count + each) - Math.log(each);
  return sum;
}
