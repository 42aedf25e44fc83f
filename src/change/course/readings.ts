/**
 * What the metrics last said of a version, asked again and again beside the work on its change: a Prometheus that takes
 * its time holds up no click.
 */
import type { Behaviour, Clock, Metrics } from '../../ports.ts';

/** ms between two questions where gates are judged by the answers: half of what a breach may take to be acted on. */
const EVERY = 1_000;
/** ms between two questions where they are only for people to see. */
const SELDOM = 7_500;
/** ms after which no answer is an answer too. */
const PATIENCE = 5_000;
/** s: a fault that comes late in a long step must not drown in its good beginning. */
const WINDOW_MOST = 300;

export type Reading =
  /** `window` in s, ending at `at`. undefined: no request to the service is known. */
  | { kind: 'seen'; at: number; window: number; byVersion: Record<string, Behaviour> | undefined }
  | { kind: 'silent'; at: number; why: string };

interface Question {
  host: string;
  /** Epoch ms from which on requests count. */
  since: number;
  /** Whether something is decided by the answer. */
  judged: boolean;
}

interface Entry extends Pick<Question, 'host' | 'since'> {
  asked: number;
  answered: boolean;
  last?: Reading;
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
  look(name: string, { host, since, judged }: Question): Reading | undefined {
    const now = this.#clock.now();
    let entry = this.#entries.get(name);
    if (!entry || entry.since !== since || entry.host !== host) {
      entry = { host, since, asked: Number.NEGATIVE_INFINITY, answered: true };
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

  async #answer({ host, since, asked }: Entry): Promise<Reading> {
    const behaviour = this.#metrics?.behaviourByVersion?.bind(this.#metrics);
    if (!behaviour) return { kind: 'silent', at: asked, why: 'no Prometheus is known' };
    const window = Math.min(WINDOW_MOST, Math.max(1, Math.floor((asked - since) / 1_000)));
    const over = new AbortController();
    const late = this.#clock
      .sleep(PATIENCE, over.signal)
      .then((): Reading => ({ kind: 'silent', at: asked, why: 'Prometheus does not answer' }));
    const answer = behaviour(host, window).then(
      (byVersion): Reading => ({ kind: 'seen', at: asked, window, byVersion }),
      (error: unknown): Reading => {
        const why = error instanceof Error ? error.message : String(error);
        return { kind: 'silent', at: asked, why: `Prometheus could not be asked: ${why}` };
      },
    );
    try {
      return await Promise.race([answer, late]);
    } finally {
      over.abort('answered');
    }
  }
}
