/** Virtual time: what is due runs in order of time, one thing at a time, and all that follows from it before the next. */

/** Seeded random numbers (mulberry32): the same seed gives the same schedule. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 ≤ x < 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)]!;
  }

  hex(bytes: number): string {
    return Array.from({ length: bytes }, () =>
      Math.floor(this.next() * 256)
        .toString(16)
        .padStart(2, '0'),
    ).join('');
  }
}

/** A schedule takes some thousands. */
const STEPS_MOST = 200_000;

/** Epoch ms. */
const START = Date.UTC(2026, 0, 5, 3, 0, 0);

interface Task {
  at: number;
  order: number;
  /** undefined once it was called off. */
  run: (() => void) | undefined;
}

export class Simulation {
  readonly dice: Dice;
  /** Epoch ms. */
  now: number;
  /** What a test found broken; the run ends at once. */
  broken: Error | undefined;
  #order = 0;
  #steps = 0;
  readonly #heap: Task[] = [];

  constructor(seed: number, start = START) {
    this.dice = new Dice(seed);
    this.now = start;
  }

  /** What is returned calls it off. */
  after(ms: number, run: () => void): () => void {
    const task: Task = { at: this.now + Math.max(0, ms), order: this.#order++, run };
    this.#push(task);
    return () => {
      task.run = undefined;
    };
  }

  /** Resolves after `ms`, or at once when `signal` is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      if (signal?.aborted) return resolve();
      const wake = (): void => {
        callOff();
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const callOff = this.after(ms, wake);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  /** Runs until `done` says so, nothing is left, or virtual `limit` ms have passed. */
  async run(limit: number, done: () => boolean): Promise<void> {
    const until = this.now + limit;
    while (!done()) {
      const task = this.#pop();
      if (!task || task.at > until) return;
      if (!task.run) continue;
      this.now = task.at;
      if (++this.#steps > STEPS_MOST) throw new Error(`no end after ${STEPS_MOST} steps: something runs in circles`);
      task.run();
      // A macrotask: every promise that this settled has been followed to its end.
      await new Promise(resolve => setImmediate(resolve));
      if (this.broken) throw this.broken;
    }
  }

  #push(task: Task): void {
    const heap = this.#heap;
    heap.push(task);
    let index = heap.length - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(heap[index]!, heap[parent]!)) break;
      [heap[index], heap[parent]] = [heap[parent]!, heap[index]!];
      index = parent;
    }
  }

  #pop(): Task | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (!top || !last || top === last) return top;
    heap[0] = last;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      let least = index;
      if (left < heap.length && isBefore(heap[left]!, heap[least]!)) least = left;
      if (right < heap.length && isBefore(heap[right]!, heap[least]!)) least = right;
      if (least === index) return top;
      [heap[index], heap[least]] = [heap[least]!, heap[index]!];
      index = least;
    }
  }
}

function isBefore(a: Task, b: Task): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Nobody can change what was stored or handed out, by accident or otherwise. */
export function frozen<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const field of Object.values(value)) frozen(field);
  }
  return value;
}
