/** One line of work that runs one step after another, waits as long as the last step said, and backs off when it fails. */
import type { Clock, Random } from '../ports.ts';

/** Why a wait is cut short. Without it each abort would make an error, with its stack, that nobody reads. */
const KICKED = 'kicked';

export interface LaneOptions {
  clock: Clock;
  random: Random;
  /** ms of the longest wait after failures. */
  longest: number;
  /** ms of the longest wait that the other side may ask for; without it, as long as it asks. */
  asked?: number;
  /** One step. Resolves to ms until the next one is worth it, undefined: when something happens. */
  step(): Promise<number | undefined>;
  failed(error: unknown, wait: number): void;
}

export class Lane {
  readonly #options: LaneOptions;
  #running: Promise<void> | undefined;
  #kicked = false;
  #stopped = false;
  /** Not before then, however often it is kicked: it failed. Epoch ms. */
  #notBefore = 0;
  #failures = 0;
  #timer: AbortController | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** Something happened: look now, or as soon as the step that runs is over. */
  kick(): void {
    this.#kicked = true;
    if (!this.#running && !this.#stopped) this.#start();
  }

  /** Starts no further step; resolves when the one that runs is over. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.abort(KICKED);
    await this.#running;
  }

  #start(): void {
    const { clock } = this.#options;
    const wait = this.#notBefore - clock.now();
    if (wait > 0) {
      this.#wake(wait);
      return;
    }
    this.#timer?.abort(KICKED);
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      if (this.#kicked && !this.#stopped) this.#start();
    });
  }

  async #run(): Promise<void> {
    this.#kicked = false;
    let wait: number | undefined;
    try {
      wait = await this.#options.step();
      this.#failures = 0;
      this.#notBefore = 0;
    } catch (error) {
      wait = this.#backoff(error);
      this.#notBefore = this.#options.clock.now() + wait;
      this.#options.failed(error, wait);
    }
    if (wait !== undefined) this.#wake(wait);
  }

  #wake(ms: number): void {
    this.#timer?.abort(KICKED);
    const timer = new AbortController();
    this.#timer = timer;
    void this.#options.clock.sleep(ms, timer.signal).then(() => {
      if (!timer.signal.aborted) this.kick();
    });
  }

  /** What the other side asked for, or else twice as long each time; with jitter, so that replicas do not march in step. */
  #backoff(error: unknown): number {
    const { asked: most = Number.POSITIVE_INFINITY } = this.#options;
    const wanted = retryAfterOf(error);
    const grown = Math.min(this.#options.longest, 500 * 2 ** this.#failures++);
    const jitter = Number.parseInt(this.#options.random.hex(2), 16) / 0xffff;
    return wanted !== undefined ? Math.min(most, wanted + 250 * jitter) : grown * (0.5 + jitter / 2);
  }
}

function retryAfterOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('retryAfter' in error)) return undefined;
  return typeof error.retryAfter === 'number' ? error.retryAfter : undefined;
}
