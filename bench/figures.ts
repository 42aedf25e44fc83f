/** What a benchmark answers: a ratio of two things measured side by side in one run, and the bound it must keep. */
export interface Outcome {
  name: string;
  /** What was measured, in words. */
  what: string;
  value: number;
  bound: number;
  /** Raw figures, for people. */
  figures: Record<string, string>;
}

/** What could not be measured on this machine, and what it needs. */
export interface Unmeasured {
  name: string;
  why: string;
}

/** `share` 0–1 of the sorted values: 0.99 is the p99. */
export function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
