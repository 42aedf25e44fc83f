/** How shares become weights: integers ≥ 0 with an exact sum, as near to the shares as integers can be. */

export { sharesOf } from '../../route/shares.ts';

/**
 * Splits `total` over `shares` in proportion, by largest remainder; equal remainders go to the earlier one.
 * All shares 0: all weights 0, unless `total` must go somewhere, which is the caller's question.
 */
export function apportion(total: number, shares: number[]): number[] {
  const sum = shares.reduce((all, share) => all + share, 0);
  if (sum <= 0) return shares.map(() => 0);
  const exact = shares.map(share => (total * share) / sum);
  // A share that is an integer but for floating point must not lose a point to rounding.
  const weights = exact.map(value => Math.floor(value + 1e-9));
  const left = total - weights.reduce((all, weight) => all + weight, 0);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - weights[index]! }))
    .filter(({ index }) => shares[index]! > 0)
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, left)) weights[index] = weights[index]! + 1;
  return weights;
}
