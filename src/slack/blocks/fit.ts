/** How much of something fits into a given room, counted as Slack counts: characters of JSON. */

export function size(value: unknown): number {
  return JSON.stringify(value).length;
}

/** The largest whole n in [least, most] with `fits(n)`, or undefined. `fits` must not turn true again as n grows. */
export function largest(least: number, most: number, fits: (n: number) => boolean): number | undefined {
  if (least > most || !fits(least)) return undefined;
  let low = least;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
