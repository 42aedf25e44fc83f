/** The metrics that a Meter's series make, each with its labels and its value at any second. */
import type { Labels, Meter, Series } from './meter.ts';
import { BUCKETS } from './meter.ts';

/** One Prometheus time series. */
export interface TimeSeries {
  name: string;
  labels: Labels;
  /** Epoch s of its first sample; it has one each second from there. */
  since: number;
  at(second: number): number;
}

const DURATION = 'istio_request_duration_milliseconds';

export const METRICS = ['istio_requests_total', `${DURATION}_bucket`, `${DURATION}_sum`, `${DURATION}_count`];

export function timeSeries(meter: Meter, name: string): TimeSeries[] {
  const all = meter.series();
  const plain = (at: (series: Series, second: number) => number) =>
    all.map(series => ({ name, labels: series.labels, since: series.since, at: (s: number) => at(series, s) }));
  switch (name) {
    case 'istio_requests_total':
    case `${DURATION}_count`:
      return plain((series, second) => series.count.valueAt(second));
    case `${DURATION}_sum`:
      return plain((series, second) => series.sum.valueAt(second));
    case `${DURATION}_bucket`:
      return all.flatMap(bucketsOf);
    default:
      return [];
  }
}

/** Each counts all requests up to its bound, as Prometheus has it. */
function bucketsOf(series: Series): TimeSeries[] {
  return series.buckets.map((_, index) => ({
    name: `${DURATION}_bucket`,
    labels: { ...series.labels, le: index === BUCKETS.length ? '+Inf' : String(BUCKETS[index]) },
    since: series.since,
    at: second => series.buckets.slice(0, index + 1).reduce((sum, steps) => sum + steps.valueAt(second), 0),
  }));
}
