/** People who wait for an acknowledgement go first: work that nobody waits for asks here when it may begin. */
import type { Clock } from '../ports.ts';

/** ms that work waits at most, so that a stream of commands cannot stop it. */
const LONGEST = 500;

export class Courtesy {
  readonly #clock: Clock;
  #waiting = 0;
  #idle: AbortController | undefined;
  /** What all work waits for that came while the same people waited. */
  #moment: Promise<void> | undefined;

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
      if (this.#waiting === 0) this.#idle?.abort('idle');
    }
  }

  /** Resolves when nobody waits, or after a moment all the same. */
  async after(): Promise<void> {
    if (this.#waiting === 0) return;
    this.#moment ??= this.#pass();
    await this.#moment;
  }

  async #pass(): Promise<void> {
    this.#idle = new AbortController();
    await this.#clock.sleep(LONGEST, this.#idle.signal);
    this.#moment = undefined;
  }
}
