/** People who wait for an acknowledgement go first: work that nobody waits for asks here when it may begin. */
import type { Clock } from '../ports.ts';

/** ms that work waits at most, and then has for itself, so that a stream of commands cannot stop it. */
const LONGEST = 500;
/** ms for which nobody may have waited: of those who come at once, one may have an answer before the next is heard. */
const QUIET = 10;

export class Courtesy {
  readonly #clock: Clock;
  #waiting = 0;
  /** Cuts short what waits for the last to have an answer. */
  #answered = new AbortController();
  /** What all work waits for that came while the same people waited. */
  #moment: Promise<void> | undefined;
  /** Epoch ms until which work goes on though people wait: it has waited long enough. */
  #workUntil = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Somebody waits until `work` is done. */
  async first<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    try {
      return await work();
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#answered.abort('answered');
    }
  }

  /** Resolves when nobody waits, or after a moment all the same. */
  async after(): Promise<void> {
    if (this.#waiting > 0 && this.#clock.now() >= this.#workUntil) {
      this.#moment ??= this.#pass().finally(() => (this.#moment = undefined));
    }
    await this.#moment;
  }

  async #pass(): Promise<void> {
    const clock = this.#clock;
    const end = clock.now() + LONGEST;
    while (this.#waiting > 0 && clock.now() < end) {
      this.#answered = new AbortController();
      await clock.sleep(end - clock.now(), this.#answered.signal);
      if (this.#waiting === 0) await clock.sleep(QUIET);
    }
    if (this.#waiting > 0) this.#workUntil = clock.now() + LONGEST;
  }
}
