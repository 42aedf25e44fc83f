/** Chance from a seed: the same seed draws the same configurations and requests, on any machine. */

export class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, not including, 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** True in `percent` of a hundred draws. */
  often(percent: number): boolean {
    return this.next() * 100 < percent;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.int(0, from.length - 1)]!;
  }

  /** Between `low` and `high` different ones, in the order of `from`. */
  some<T>(from: readonly T[], low: number, high: number): T[] {
    const left = from.map((_, index) => index);
    const wanted = Math.min(this.int(low, high), from.length);
    const taken = Array.from({ length: wanted }, () => left.splice(this.int(0, left.length - 1), 1)[0]!);
    return taken.sort((a, b) => a - b).map(index => from[index]!);
  }

  /** What is made in `percent` of a hundred draws; nothing otherwise. For spreading into an object. */
  maybe<T extends object>(percent: number, make: () => T): T | Record<never, never> {
    return this.often(percent) ? make() : {};
  }
}
