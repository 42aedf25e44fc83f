/** Tells the time of the local Slack and gives out message timestamps, each one later than the one before. */
export interface Timestamps {
  /** Epoch ms. */
  now(): number;
  /** Slack's `ts`: seconds and six more digits, unique in the workspace. */
  next(): string;
}

export function timestamps(now: () => number): Timestamps {
  let last = 0;
  return {
    now,
    next() {
      last = Math.max(last + 1, Math.floor(now() * 1000));
      return `${Math.floor(last / 1_000_000)}.${String(last % 1_000_000).padStart(6, '0')}`;
    },
  };
}
