/** Did you mean: the known name that a mistyped one is nearest to, by Damerau-Levenshtein (optimal string alignment). */

/**
 * undefined when nothing is near, or two are equally near: at most a third of the letters, and never more than three,
 * may differ.
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const lower = word.toLowerCase();
  let best: { name: string | undefined; distance: number } | undefined;
  for (const name of new Set(known)) {
    const most = Math.min(3, Math.max(1, Math.floor(Math.max(name.length, lower.length) / 3)));
    if (Math.abs(name.length - lower.length) > most) continue;
    const distance = editDistance(lower, name.toLowerCase());
    if (distance > most || (best && distance > best.distance)) continue;
    best = best?.distance === distance ? { name: undefined, distance } : { name, distance };
  }
  return best?.name;
}

/** Letters put in, left out, exchanged, or swapped with their neighbour. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
