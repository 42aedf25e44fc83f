/**
 * What the metrics last said of a version, asked again and again beside the work on its change: a Prometheus that takes
 * its time holds up no click.
 */
import type { Behaviour, Clock, Metrics } from '../../ports.ts';
import { LEAST } from './gates.ts';
import { hasUnanswered } from './unanswered.ts';

/** ms between two questions where gates are judged by the answers: half of what a breach may take to be acted on. */
const EVERY = 1_000;
/** ms between two questions where they are only for people to see. */
const SELDOM = 7_500;
/** ms after which no answer is an answer too. */
const PATIENCE = 5_000;
/** s: a fault that comes late in a long step must not drown in its good beginning. */
const WINDOW_MOST = 300;
/** s: a day, though a step may be paused for longer. */
const WHOLE_MOST = 86_400;

type ByVersion = Record<string, Behaviour> | undefined;

export type Reading =
  /**
   * `window` in s, ending at `at`. undefined: no request to the service is known. `before`: how it was before the first
   * step, where some requests reached no pod.
   */
  | { kind: 'seen'; at: number; window: number; byVersion: ByVersion; whole?: Whole; before?: ByVersion }
  | { kind: 'silent'; at: number; why: string };

/** All requests since the step began, where the last minutes are too few to judge. `window` in s. */
export interface Whole {
  at: number;
  window: number;
  byVersion: ByVersion;
}

interface Question {
  host: string;
  /** Of which enough requests are needed. */
  version: string;
  /** Epoch ms from which on requests count. */
  since: number;
  /** Epoch ms at which the first step was written. */
  first: number;
  /** Whether something is decided by the answer. */
  judged: boolean;
}

interface Entry extends Question {
  asked: number;
  answered: boolean;
  last?: Reading;
  /** Of the past, which does not move. */
  before?: { byVersion: ByVersion };
}

export class Readings {
  readonly #metrics: Metrics | undefined;
  readonly #clock: Clock;
  readonly #heard: (name: string) => void;
  readonly #entries = new Map<string, Entry>();

  /** `heard` is called with the name of the change whenever there is a new reading of it. */
  constructor(metrics: Metrics | undefined, clock: Clock, heard: (name: string) => void) {
    this.#metrics = metrics;
    this.#clock = clock;
    this.#heard = heard;
  }

  /** The latest reading of requests since `since`, if there is one yet; asks for another where it has become old. */
  look(name: string, question: Question): Reading | undefined {
    const now = this.#clock.now();
    const { host, since, judged } = question;
    let entry = this.#entries.get(name);
    if (!entry || entry.since !== since || entry.host !== host) {
      entry = { ...question, asked: Number.NEGATIVE_INFINITY, answered: true };
      this.#entries.set(name, entry);
    }
    if (entry.answered && now - entry.asked >= (judged ? EVERY : SELDOM)) void this.#ask(name, entry);
    return entry.last;
  }

  forget(name: string): void {
    this.#entries.delete(name);
  }

  async #ask(name: string, entry: Entry): Promise<void> {
    entry.asked = this.#clock.now();
    entry.answered = false;
    const last = await this.#answer(entry);
    entry.last = last;
    entry.answered = true;
    if (this.#entries.get(name) === entry) this.#heard(name);
  }

  async #answer(entry: Entry): Promise<Reading> {
    const { host, since, asked } = entry;
    const behaviour = this.#metrics?.behaviourByVersion?.bind(this.#metrics);
    if (!behaviour) return { kind: 'silent', at: asked, why: 'no Prometheus is known' };
    const all = Math.max(1, Math.floor((asked - since) / 1_000));
    const window = Math.min(WINDOW_MOST, all);
    const over = new AbortController();
    const late = this.#clock
      .sleep(PATIENCE, over.signal)
      .then((): Reading => ({ kind: 'silent', at: asked, why: 'Prometheus does not answer' }));
    const answer = behaviour(host, window)
      .then(async (byVersion): Promise<Reading> => {
        const requests = (byVersion?.[entry.version]?.rate ?? 0) * window;
        const reading: Reading = { kind: 'seen', at: asked, window, byVersion };
        if (!entry.judged) return reading;
        const isFew = all > window && requests < LEAST;
        const whole = isFew ? await this.#whole(entry, Math.min(WHOLE_MOST, all)) : undefined;
        const asksBefore = hasUnanswered(byVersion) || hasUnanswered(whole?.byVersion);
        const before = asksBefore ? await this.#before(entry) : undefined;
        return { ...reading, ...(whole && { whole }), ...(before && { before }) };
      })
      .catch((error: unknown): Reading => {
        const why = error instanceof Error ? error.message : String(error);
        return { kind: 'silent', at: asked, why: `Prometheus could not be asked: ${why}` };
      });
    try {
      return await Promise.race([answer, late]);
    } finally {
      over.abort('answered');
    }
  }

  /** Whether requests reached no pod before anything was written. Throws where that cannot be asked. */
  async #before(entry: Entry): Promise<ByVersion> {
    entry.before ??= { byVersion: await this.#metrics?.behaviourByVersion?.(entry.host, WINDOW_MOST, entry.first) };
    return entry.before.byVersion;
  }

  /** Of a long time: what was said a few seconds ago still holds. undefined: it could not be asked. */
  async #whole({ host, last, asked }: Entry, window: number): Promise<Whole | undefined> {
    const known = last?.kind === 'seen' ? last.whole : undefined;
    if (known && asked - known.at < SELDOM) return known;
    try {
      return { at: asked, window, byVersion: await this.#metrics?.behaviourByVersion?.(host, window) };
    } catch {
      // The last minutes are known all the same, and are asked for again in a second.
      return undefined;
    }
  }
}
