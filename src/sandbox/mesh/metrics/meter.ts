/**
 * Counts requests as Istio's standard metrics do, and remembers each second of the last two hours.
 * https://istio.io/latest/docs/reference/config/metrics/
 */
import type { Clock } from '../../../ports.ts';
import { Steps } from './steps.ts';

export type Labels = Record<string, string>;

/** Upper bounds of istio_request_duration_milliseconds. */
export const BUCKETS = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000, 1800000, 3600000,
];

/** s. */
const KEPT = 2 * 3600;

/** One combination of labels: how many requests, how long they took. */
export interface Series {
  labels: Labels;
  /** Epoch s of the first request. */
  since: number;
  count: Steps;
  /** ms. */
  sum: Steps;
  /** Requests within each bound alone, not below it; the last is for what is over all of them. */
  buckets: Steps[];
}

export class Meter {
  readonly #clock: Clock;
  readonly #series = new Map<string, Series>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  observe(labels: Labels, milliseconds: number): void {
    const second = Math.floor(this.#clock.now() / 1000);
    const series = this.#of(labels, second);
    const bound = BUCKETS.findIndex(each => milliseconds <= each);
    series.count.add(second, 1);
    series.sum.add(second, milliseconds);
    series.buckets[bound < 0 ? BUCKETS.length : bound]!.add(second, 1);
    for (const steps of [series.count, series.sum, ...series.buckets]) steps.trim(second - KEPT);
  }

  series(): Series[] {
    return [...this.#series.values()];
  }

  /** Epoch s, with fractions. */
  now(): number {
    return this.#clock.now() / 1000;
  }

  #of(labels: Labels, second: number): Series {
    const key = Object.values(labels).join('\u0000');
    const found = this.#series.get(key);
    if (found) return found;
    const buckets = Array.from({ length: BUCKETS.length + 1 }, () => new Steps());
    const series = { labels, since: second, count: new Steps(), sum: new Steps(), buckets };
    this.#series.set(key, series);
    return series;
  }
}
