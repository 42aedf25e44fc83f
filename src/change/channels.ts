/** One line per channel: what goes to a channel goes in order, and only that channel waits when the chat says so. */
import { ChatError, type Clock } from '../ports.ts';

export class Channels {
  readonly #clock: Clock;
  readonly #lines = new Map<string, Promise<unknown>>();
  /** Channel → epoch ms before which the chat wants nothing there. */
  readonly #notBefore = new Map<string, number>();

  readonly #stopping: AbortSignal;

  constructor(clock: Clock, stopping: AbortSignal) {
    this.#clock = clock;
    this.#stopping = stopping;
  }

  /** Runs `send` when all that came before it is through; undefined when everything stops before that. */
  async inLine<T>(channel: string, send: () => Promise<T>): Promise<T | undefined> {
    const before = this.#lines.get(channel) ?? Promise.resolve();
    const turn = before.then(
      () => this.#send(channel, send),
      () => this.#send(channel, send),
    );
    this.#lines.set(channel, turn);
    try {
      return await turn;
    } finally {
      if (this.#lines.get(channel) === turn) this.#lines.delete(channel);
    }
  }

  async #send<T>(channel: string, send: () => Promise<T>): Promise<T | undefined> {
    const wait = (this.#notBefore.get(channel) ?? 0) - this.#clock.now();
    if (wait > 0) await this.#clock.sleep(wait, this.#stopping);
    else this.#notBefore.delete(channel);
    if (this.#stopping.aborted) return undefined;
    try {
      return await send();
    } catch (error) {
      if (error instanceof ChatError && error.retryAfter !== undefined) {
        this.#notBefore.set(channel, this.#clock.now() + error.retryAfter);
      }
      throw error;
    }
  }
}
