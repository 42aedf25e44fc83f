/** Which of the probes failed, and whether so many that the change cannot be called good, wherever they went. */
import { interval } from './binomial.ts';

/** Percent. More than this for sure, and nothing is proven: traffic that goes where it should and fails there is no success. */
const MOST = 5;

export interface Failures {
  /** '10 of 40 requests failed (10 × 503)'. */
  says: string;
  /** Whether the share that fails is above the limit, at this confidence. */
  tooMany: boolean;
}

/** `statuses`: HTTP status → count, '0' for no answer. undefined: none failed. `confidence` in percent. */
export function failuresOf(
  { statuses, sent, failure }: { statuses: Record<string, number>; sent: number; failure?: string | undefined },
  confidence: number,
): Failures | undefined {
  const failed = Object.entries(statuses).filter(([code]) => code === '0' || Number(code) >= 500);
  const count = failed.reduce((sum, [, times]) => sum + times, 0);
  if (count === 0) return undefined;
  const codes = failed.map(([code, times]) => `${times} × ${code === '0' ? 'no answer' : code}`).join(', ');
  return {
    says: `${count} of ${sent} requests failed (${codes}${failure ? `: ${failure}` : ''})`,
    tooMany: interval(count, sent, confidence).low > MOST,
  };
}
