/** How much a counter grew over a range, as Prometheus extrapolates it from the samples it has. */
import type { TimeSeries } from '../metrics/samples.ts';

/**
 * undefined: fewer than two samples. Samples are taken at whole seconds. The growth between the first and the last of
 * the range is stretched to the range's ends, but not further than half a second, nor below zero, beyond the series'
 * own beginning. https://prometheus.io/docs/prometheus/latest/querying/functions/#rate
 */
export function extrapolated(series: TimeSeries, second: number, range: number): number | undefined {
  const last = Math.floor(second);
  const first = Math.max(Math.floor(second - range) + 1, series.since);
  if (last <= first) return undefined;
  const from = series.at(first);
  const growth = series.at(last) - from;
  const span = last - first;
  const limit = 1.1;
  let before = first - (second - range);
  if (before >= limit) before = 0.5;
  if (growth > 0 && from >= 0) before = Math.min(before, span * (from / growth));
  let after = second - last;
  if (after >= limit) after = 0.5;
  return growth * ((span + before + after) / span);
}
