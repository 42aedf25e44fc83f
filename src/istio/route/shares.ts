/** What the weights of a route's destinations mean. */

/**
 * Percent of the route's requests for each. A lone destination gets everything, whatever its weight; otherwise weights
 * are proportional, and an absent one is 0.
 * https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRouteDestination
 */
export function sharesOf(weights: (number | undefined)[]): number[] {
  if (weights.length === 1) return [100];
  const counted = weights.map(weight => Math.max(0, weight ?? 0));
  const total = counted.reduce((sum, weight) => sum + weight, 0);
  return counted.map(weight => (total > 0 ? (100 * weight) / total : 0));
}
