/** Exact binomial (Clopper-Pearson) intervals: which true shares are consistent with k hits in n requests. */

/** Percent. The true share lies inside with at least `confidence` percent, whatever it is; half of the error on each side. */
export function interval(hits: number, requests: number, confidence: number): { low: number; high: number } {
  if (requests === 0) return { low: 0, high: 100 };
  const error = (1 - confidence / 100) / 2;
  return {
    low: hits === 0 ? 0 : 100 * betaQuantile(error, hits, requests - hits + 1),
    high: hits === requests ? 100 : 100 * betaQuantile(1 - error, hits + 1, requests - hits),
  };
}

/** Percent. The least share that so many requests without one hit rule out: 10 % after 44, at 99 % confidence. */
export function ruledOut(requests: number, confidence: number): number {
  return requests === 0 ? 100 : 100 * (1 - (1 - confidence / 100) ** (1 / requests));
}

/** x at which the regularised incomplete beta function is `probability`, by bisection: it grows with x. */
function betaQuantile(probability: number, a: number, b: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (incompleteBeta(middle, a, b) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The regularised incomplete beta function I_x(a, b), for 0 ≤ x ≤ 1 and positive a and b. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast on one side of the mean only; the function is symmetric.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log(1 - x) - logBeta(a, b)) / a;
  return front * fraction(x, a, b);
}

/** The continued fraction of the incomplete beta function, by Lentz's method (DLMF 8.17.22). */
function fraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const awayFromZero = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    const step = d * c;
    result *= step;
    if (Math.abs(step - 1) < 1e-14) break;
  }
  return result;
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** Stirling's series (DLMF 5.11.1), moved up to where it is exact to a double. */
function logGamma(x: number): number {
  if (x < 15) return logGamma(x + 1) - Math.log(x);
  const inverse = 1 / (x * x);
  const series = 1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)));
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series / x;
}
