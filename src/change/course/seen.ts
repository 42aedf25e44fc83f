/** What a reading of the metrics says of the version that is judged, and what of it is kept for the charts. Pure. */
import type { Behaviour } from '../../ports.ts';
import type { Measured } from '../meshchange.ts';
import type { SteppedPlan } from '../phases.ts';
import type { Counted, Seen } from './gates.ts';
import type { Reading, Whole } from './readings.ts';
import { withUnanswered } from './unanswered.ts';

/** ms after which a reading judges nothing any more: whoever was held up for a while must look again before going on. */
const OLD = 10_000;

export function seenOf(reading: Reading | undefined, version: string, now: number): Seen {
  if (!reading) return { kind: 'silent', why: 'nothing was measured yet' };
  if (now - reading.at > OLD) return { kind: 'silent', why: 'nothing was measured lately' };
  if (reading.kind === 'silent') return reading;
  const lately = countedIn(reading, version, reading.before);
  const whole = reading.whole && countedIn(reading.whole, version, reading.before);
  if (lately) return { kind: 'seen', ...lately, ...(whole && { whole }) };
  return whole ? { kind: 'seen', ...whole } : { kind: 'silent', why: `no request to ${version} was counted yet` };
}

type Span = Pick<Whole, 'byVersion' | 'window'>;

function countedIn(
  { byVersion = {}, window }: Span,
  version: string,
  before: Whole['byVersion'],
): Omit<Counted, 'kind' | 'whole'> | undefined {
  const attributed = withUnanswered(byVersion, window, version, before);
  const { [version]: behaviour } = attributed.byVersion;
  if (!behaviour || behaviour.rate === 0) return undefined;
  return { behaviour, requests: Math.round(behaviour.rate * window), lost: attributed.lost };
}

export function measuredIn(reading: Reading | undefined, { rollout }: SteppedPlan): { measured?: Measured } {
  if (reading?.kind !== 'seen' || !reading.byVersion) return {};
  const { version } = rollout.counted;
  const { byVersion } = withUnanswered(reading.byVersion, reading.window, version, reading.before);
  const { [version]: own, ...rest } = byVersion;
  const others = Object.values(rest).reduce((sum: number, { rate }: Behaviour) => sum + rate, 0);
  const { rate = 0, errors, p50, p95 } = own ?? {};
  const known = {
    ...(errors !== undefined && { errors }),
    ...(p50 !== undefined && { p50 }),
    ...(p95 !== undefined && { p95 }),
  };
  return { measured: { at: reading.at, rate, others, ...known } };
}
