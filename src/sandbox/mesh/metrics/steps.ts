/** One number over time, kept compactly: only the seconds at which it changed. */

export class Steps {
  /** Epoch s, ascending. */
  #at: number[] = [];
  #value: number[] = [];

  get latest(): number {
    return this.#value.at(-1) ?? 0;
  }

  add(second: number, amount: number): void {
    const last = this.#at.length - 1;
    if (last >= 0 && this.#at[last]! >= second) this.#value[last]! += amount;
    else {
      this.#value.push(this.latest + amount);
      this.#at.push(second);
    }
  }

  /** As it was at the end of that second; 0 before the first change. */
  valueAt(second: number): number {
    let low = 0;
    let high = this.#at.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#at[middle]! <= second) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : this.#value[low - 1]!;
  }

  /** Forgets changes before that second, but not what they came to. */
  trim(second: number): void {
    let old = 0;
    while (old + 1 < this.#at.length && this.#at[old + 1]! < second) old += 1;
    if (old < 500) return;
    this.#at = this.#at.slice(old);
    this.#value = this.#value.slice(old);
  }
}
