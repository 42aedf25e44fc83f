/**
 * Requests that no pod answered: proxies count them for no version (UH, NR), so a version whose pods are all gone would
 * look as good as it last was. What they grew by since a change began counts for the version whose share it raises. Pure.
 */
import type { Behaviour } from '../../ports.ts';
import { interval } from '../../proof/binomial.ts';

type ByVersion = Readonly<Record<string, Behaviour>>;

/** Under which version they are counted. */
const UNANSWERED = 'unknown';
/** Percent: sure enough that they grew. Lower than for a breach, as this alone only holds a step. */
const SURE = 95;

export interface Attributed {
  byVersion: ByVersion;
  /** So many of the version's requests are such. */
  lost: number;
}

/** Whether any are known, so that it matters how many there were before. */
export function hasUnanswered(byVersion: ByVersion | undefined): boolean {
  return failing(byVersion) > 0;
}

/** `window` in s; `before`: how the versions of the service did before the first step. */
export function withUnanswered(
  byVersion: ByVersion,
  window: number,
  version: string,
  before: ByVersion | undefined,
): Attributed {
  const failed = failing(byVersion);
  const all = total(byVersion);
  const share = before && total(before) > 0 ? failing(before) / total(before) : 0;
  const count = Math.round(failed * window);
  const grew = count > 0 && interval(count, Math.max(count, Math.round(all * window)), SURE).low / 100 > share;
  const more = failed - share * all;
  if (!grew || more <= 0 || version === UNANSWERED) return { byVersion, lost: 0 };
  const own = byVersion[version];
  const rate = (own?.rate ?? 0) + more;
  const errors = ((own?.rate ?? 0) * (own?.errors ?? 0) + more) / rate;
  return {
    byVersion: { ...byVersion, ...without(byVersion, more), [version]: { ...own, rate, errors } },
    lost: Math.max(1, Math.round(more * window)),
  };
}

/** The rest of them stays with no version. */
function without({ [UNANSWERED]: unanswered }: ByVersion, more: number): ByVersion {
  if (!unanswered) return {};
  const rate = Math.max(0, unanswered.rate - more);
  const failed = Math.max(0, unanswered.rate * (unanswered.errors ?? 0) - more);
  return { [UNANSWERED]: { rate, ...(rate > 0 && { errors: Math.min(1, failed / rate) }) } };
}

/** Requests/s. */
function failing(byVersion: ByVersion | undefined): number {
  const found = byVersion?.[UNANSWERED];
  return found ? found.rate * (found.errors ?? 0) : 0;
}

function total(byVersion: ByVersion): number {
  return Object.values(byVersion).reduce((sum, { rate }) => sum + rate, 0);
}
