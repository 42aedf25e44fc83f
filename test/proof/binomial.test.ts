/** The exact intervals against values that are published or follow by hand. */
import { describe, expect, it } from 'vitest';
import { incompleteBeta, interval, ruledOut } from '../../src/proof/binomial.ts';

describe('the Clopper-Pearson interval', () => {
  // As R gives them: binom.test(k, n)$conf.int, in percent.
  it.each([
    [5, 10, 95, 18.7086, 81.2914],
    [1, 10, 95, 0.2529, 44.5016],
    [0, 10, 95, 0, 30.8497],
    [10, 10, 95, 69.1503, 100],
    [20, 100, 95, 12.6656, 29.1843],
  ])('of %i hits in %i requests at %i %% is as published', (hits, requests, confidence, low, high) => {
    const found = interval(hits, requests, confidence);
    expect(found.low).toBeCloseTo(low, 3);
    expect(found.high).toBeCloseTo(high, 3);
  });

  it('holds exactly what its bounds say: the tails of the binomial at them are half the error', () => {
    for (const [hits, requests] of [
      [3, 40],
      [20, 40],
      [39, 40],
      [150, 664],
    ] as const) {
      const { low, high } = interval(hits, requests, 99);
      expect(upperTail(hits, requests, low / 100)).toBeCloseTo(0.005, 6);
      expect(1 - upperTail(hits + 1, requests, high / 100)).toBeCloseTo(0.005, 6);
    }
  });

  it('is everything while nothing is known', () => {
    expect(interval(0, 0, 99)).toEqual({ low: 0, high: 100 });
  });

  it('covers the true share at least as often as it says', () => {
    for (const share of [0.01, 0.1, 0.5, 0.93]) {
      let covered = 0;
      for (let hits = 0; hits <= 40; hits++) {
        const { low, high } = interval(hits, 40, 99);
        if (low <= share * 100 && share * 100 <= high) covered += probability(hits, 40, share);
      }
      expect(covered).toBeGreaterThanOrEqual(0.99);
    }
  });
});

it('no hit rules out 10 % after 44 requests and 1 % after 459, at 99 %', () => {
  expect(ruledOut(44, 99)).toBeLessThanOrEqual(10);
  expect(ruledOut(43, 99)).toBeGreaterThan(10);
  expect(ruledOut(459, 99)).toBeLessThanOrEqual(1);
  expect(ruledOut(458, 99)).toBeGreaterThan(1);
});

it('the incomplete beta function is symmetric and has its closed forms', () => {
  expect(incompleteBeta(0.3, 1, 1)).toBeCloseTo(0.3, 12);
  expect(incompleteBeta(0.3, 4, 1)).toBeCloseTo(0.3 ** 4, 12);
  expect(incompleteBeta(0.3, 1, 7)).toBeCloseTo(1 - 0.7 ** 7, 12);
  expect(incompleteBeta(0.42, 30, 55)).toBeCloseTo(1 - incompleteBeta(0.58, 55, 30), 12);
});

/** P(X = hits), summed from logarithms. */
function probability(hits: number, requests: number, share: number): number {
  let log = 0;
  for (let i = 1; i <= hits; i++) log += Math.log(requests - hits + i) - Math.log(i);
  return Math.exp(log + hits * Math.log(share) + (requests - hits) * Math.log(1 - share));
}

function upperTail(from: number, requests: number, share: number): number {
  let sum = 0;
  for (let hits = from; hits <= requests; hits++) sum += probability(hits, requests, share);
  return sum;
}
