/** histogram_quantile: where in the buckets a share of the requests lies. */
import type { Labels } from '../metrics/meter.ts';

export interface Sample {
  labels: Labels;
  value: number;
}

/** One sample for each group of buckets that differ in `le` alone. */
export function quantiles(q: number, buckets: Sample[]): Sample[] {
  const groups = new Map<string, { labels: Record<string, string>; bounds: [number, number][] }>();
  for (const { labels, value } of buckets) {
    const { le, __name__, ...rest } = labels;
    if (le === undefined) continue;
    const key = JSON.stringify(rest);
    const group = groups.get(key) ?? { labels: rest, bounds: [] };
    group.bounds.push([le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le), value]);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ labels, bounds }) => ({ labels, value: quantile(q, bounds) }));
}

/** Straight lines within a bucket; what lies over the last bound is said to be at that bound. */
function quantile(q: number, bounds: [number, number][]): number {
  const sorted = bounds.toSorted((a, b) => a[0] - b[0]);
  const total = sorted.at(-1)?.[1] ?? 0;
  if (sorted.length < 2 || sorted.at(-1)![0] !== Number.POSITIVE_INFINITY || total === 0) return Number.NaN;
  if (q < 0) return Number.NEGATIVE_INFINITY;
  if (q > 1) return Number.POSITIVE_INFINITY;
  const rank = q * total;
  const index = sorted.findIndex(([, count]) => count >= rank);
  if (index === sorted.length - 1) return sorted.at(-2)![0];
  const [end, count] = sorted[index]!;
  const [start, below] = index === 0 ? [0, 0] : sorted[index - 1]!;
  return count === below ? end : start + (end - start) * ((rank - below) / (count - below));
}
