/** Keeps one person's flood from starving the others: so many lines in so many seconds, each person by themselves. */
import type { Clock } from '../ports.ts';

export const MOST_LINES = 60;
export const WITHIN_MS = 10_000;

export class Flood {
  readonly #clock: Clock;
  /** Moments of the last lines, per person; people who fell silent are forgotten. */
  readonly #lines = new Map<string, number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts one more line. A number: this one is too many; come back in so many ms. */
  take(person: string): number | undefined {
    const now = this.#clock.now();
    if (this.#lines.size > 10_000) this.#forget(now);
    const recent = (this.#lines.get(person) ?? []).filter(at => now - at < WITHIN_MS);
    this.#lines.set(person, recent);
    if (recent.length >= MOST_LINES) return recent[0]! + WITHIN_MS - now;
    recent.push(now);
    return undefined;
  }

  #forget(now: number): void {
    for (const [person, lines] of this.#lines) {
      if (lines.every(at => now - at >= WITHIN_MS)) this.#lines.delete(person);
    }
  }
}
