/**
 * How many requests/s the rows of a traffic diff stand for. Istio counts by version and never by match, so a match's
 * rate is known only where the counts leave no other answer; elsewhere there is a most. Pure.
 */
import type { TrafficRow } from '../../../plan.ts';

export interface MatchRate {
  /** Requests/s of this match. */
  rate: number;
  /** The rate is the most it can be: others share its versions, and nothing tells them apart. */
  atMost: boolean;
}

interface Match {
  name: string;
  /** Version → part of its requests, 0 to 1, before the change. */
  parts: Map<string, number>;
  /** Part that goes to this service, whichever version. */
  here: number;
}

/** Shares below this are rounding. */
const NOTHING = 1e-6;

/**
 * By match. `service`: as rows name it; `measured`: requests/s by version. A match that sends nothing to the service is
 * left out, and all are where nothing was counted.
 */
export function ratesByMatch(
  rows: TrafficRow[],
  service: string,
  measured: Record<string, number>,
): Map<string, MatchRate> {
  const found = new Map<string, MatchRate>();
  const total = totalOf(measured);
  if (!(total > 0)) return found;
  const left = new Map(Object.entries(measured));
  let open = matchesIn(rows, service).filter(({ here }) => here > NOTHING);
  const settle = (match: Match, rate: number): void => {
    found.set(match.name, { rate, atMost: false });
    open = open.filter(each => each !== match);
    for (const [version, part] of match.parts) left.set(version, Math.max(0, (left.get(version) ?? 0) - rate * part));
  };
  for (;;) {
    const alone = open.flatMap(match => {
      const own = [...match.parts].filter(([version]) => isOnly(match, version, open));
      return own.length > 0 ? [{ match, own }] : [];
    })[0];
    if (!alone) break;
    const { match, own } = alone;
    const counted = own.reduce((sum, [version]) => sum + (left.get(version) ?? 0), 0);
    settle(match, counted / own.reduce((sum, [, part]) => sum + part, 0));
  }
  // Whatever the others leave over is the last one's.
  const [last, ...more] = open;
  if (last && more.length === 0) settle(last, sumOf(left) / last.here);
  for (const match of open) found.set(match.name, { rate: mostOf(match, left), atMost: true });
  return found;
}

/** The versions' sum: requests that no pod answered have no version of their own. */
export function totalOf(measured: Record<string, number>): number {
  return Object.values(measured).reduce((sum, rate) => sum + rate, 0);
}

function matchesIn(rows: TrafficRow[], service: string): Match[] {
  const matches = new Map<string, Match>();
  for (const { match, destination, before } of rows) {
    // Copies are no requests of their own: they are counted once, at the version that answers.
    if (before <= 0 || match.startsWith('copies of ')) continue;
    const known = matches.get(match) ?? { name: match, parts: new Map(), here: 0 };
    matches.set(match, known);
    if (!destination.startsWith(`${service} `)) continue;
    const version = destination.slice(service.length + 1);
    const part = before / 100;
    known.here += part;
    // A version that nobody counted was sent nothing; of those that any version may answer, nothing is known.
    if (version !== '(any version)') known.parts.set(version, (known.parts.get(version) ?? 0) + part);
  }
  return [...matches.values()];
}

/** Whether no other match can have sent anything to the version. */
function isOnly(match: Match, version: string, open: Match[]): boolean {
  return open.every(other => other === match || (!other.parts.has(version) && !spreads(other)));
}

function spreads({ parts, here }: Match): boolean {
  return here - [...parts.values()].reduce((sum, part) => sum + part, 0) > NOTHING;
}

function mostOf(match: Match, left: Map<string, number>): number {
  const bounds = [...match.parts].map(([version, part]) => (left.get(version) ?? 0) / part);
  return Math.min(sumOf(left) / match.here, ...bounds);
}

function sumOf(left: Map<string, number>): number {
  return [...left.values()].reduce((sum, rate) => sum + rate, 0);
}
