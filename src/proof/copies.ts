/**
 * Which part of the requests a mirror got copies of, by the metrics: Istio keeps copies out of traces. The proxy that
 * sends counts a request once; the one that gets it counts copies too, so the difference at the version is the copies.
 */
import type { Expectation } from '../plan.ts';
import type { Clock, Counts, Metrics } from '../ports.ts';
import { interval } from './binomial.ts';

export interface Copies {
  /** Requests of the mirrored route, ours and others', since the count before. */
  requests: number;
  copies: number;
  /** Percent. */
  low: number;
  high: number;
}

interface Ports {
  metrics: Metrics;
  clock: Clock;
}

export interface Wait {
  /** Of our own requests, which must all be counted. */
  sent: number;
  /** Percent. */
  confidence: number;
  /** ms until the metrics must have it: they are scraped every so often. */
  patience: number;
  /** ms. */
  pause: number;
  signal: AbortSignal | undefined;
}

/** ms from an answer until its request is counted, at the latest, where counts come from logs or through a collector. */
const SETTLING = 3_000;
/** ms. Who scrapes less often than each minute cannot be waited for. */
const LONGEST = 150_000;

/**
 * The counts to begin from: of a scrape before which all that was sent until now was counted. Where the metrics do not
 * tell when they were scraped, those that there are. Never throws.
 */
export async function countsFromHere(
  ports: Ports,
  host: string,
  { pause, signal, tell }: { pause: number; signal?: AbortSignal; tell?(progress: string): void },
): Promise<Counts | undefined> {
  const began = ports.clock.now();
  for (let told = false; ; told = true) {
    const counts = await countsNow(ports, host);
    const isThere = counts?.at === undefined || counts.at >= began + SETTLING;
    if (isThere || ports.clock.now() >= began + LONGEST || signal?.aborted) return counts;
    if (!told) tell?.('Waiting until the metrics have counted what came before, so that copies are told apart from it');
    await ports.clock.sleep(Math.min(pause, 1_000), signal);
  }
}

/** Never throws. undefined: the metrics cannot say. */
function countsNow({ metrics }: Ports, host: string): Promise<Counts | undefined> {
  return metrics.countsByVersion?.(host).catch(() => undefined) ?? Promise.resolve(undefined);
}

/** Asks until what is counted is explained by the percent that is expected, or time is up. */
export async function copiesSince(
  before: Counts,
  ports: Ports,
  expectation: Expectation & { mirror: NonNullable<Expectation['mirror']> },
  wait: Wait,
): Promise<Copies | undefined> {
  const began = ports.clock.now();
  const until = began + wait.patience;
  for (;;) {
    const counts = await countsNow(ports, expectation.host);
    const found = counts && counted(before, counts, expectation, wait.confidence);
    const isThere =
      found !== undefined && found.requests >= wait.sent && isExplained(found, expectation.mirror.percent);
    // However patient: what was not scraped since says nothing.
    const isOld = counts?.at !== undefined && counts.at < began + SETTLING && ports.clock.now() < began + LONGEST;
    if (isThere || (ports.clock.now() >= until && !isOld) || wait.signal?.aborted) return found;
    await ports.clock.sleep(wait.pause, wait.signal);
  }
}

/** A mirror of 0 or 100 % copies none or every request: no interval is needed to tell. */
export function isExplained({ requests, copies, low, high }: Copies, percent: number): boolean {
  if (percent === 0) return copies === 0;
  if (percent === 100) return copies === requests;
  return percent >= low && percent <= high;
}

function counted(
  before: Counts,
  now: Counts,
  { shares, spread = 0, mirror }: Expectation & { mirror: NonNullable<Expectation['mirror']> },
  confidence: number,
): Copies | undefined {
  const grown = (side: 'sent' | 'received', version: string) =>
    (now[side][version] ?? 0) - (before[side][version] ?? 0);
  // Other routes lead to other versions, as a rule: what goes there is not copied.
  const served = spread > 0 ? Object.keys(now.sent) : Object.keys(shares).filter(version => shares[version]! > 0);
  const requests = served.reduce((sum, version) => sum + grown('sent', version), 0);
  const received = served.reduce((sum, version) => sum + grown('received', version), 0);
  const copies = grown('received', mirror.version) - grown('sent', mirror.version);
  // A proxy that was restarted counts from 0 again; one that was not asked yet has not seen what was sent.
  if (requests <= 0 || received < requests || copies < 0) return undefined;
  const hits = Math.min(copies, requests);
  return { requests, copies: hits, ...interval(hits, requests, confidence) };
}
