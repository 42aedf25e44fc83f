/** Host patterns: an exact name, `*.suffix`, `*-suffix` (which Istio takes where hosts are not a Gateway's), or `*`. */

/** Does the pattern cover this host, or all that this narrower pattern covers? */
export function covers(pattern: string, host: string): boolean {
  if (pattern === '*' || pattern === host) return true;
  return pattern.startsWith('*') && host.endsWith(pattern.slice(1)) && host.length >= pattern.length;
}

/** Exact names rank above wildcards, longer wildcards above shorter ones. */
export function specificity(pattern: string): number {
  return pattern.startsWith('*') ? pattern.length : Number.POSITIVE_INFINITY;
}

/** What both patterns cover: the narrower of them; undefined when they share nothing. */
export function intersection(a: string, b: string): string | undefined {
  if (covers(a, b)) return b;
  if (covers(b, a)) return a;
  return undefined;
}

/** The most specific pattern that covers the host. */
export function bestPattern(patterns: Iterable<string>, host: string): string | undefined {
  let best: string | undefined;
  for (const pattern of patterns) {
    if (covers(pattern, host) && (best === undefined || specificity(pattern) > specificity(best))) best = pattern;
  }
  return best;
}
