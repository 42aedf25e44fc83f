/**
 * Verdicts that need the chat, asked for beside the work on a change that is in the mesh: a chat that does not answer
 * holds up neither its gates nor its end, nor anybody else's click.
 */
import { ChatError, type Clock, type Log } from '../ports.ts';
import type { ChangeEvent } from './transition.ts';

/** ms for which the work waits for an answer, which is there by then where the chat is well. */
const WAIT = 300;
/** ms until the chat is asked again where it did not say. */
const AGAIN = 1_000;
/** ms; longer it may not put it off, since a click that nobody can judge is turned down after a while. */
const LONGEST = 10_000;

interface Entry {
  decision: string;
  running: boolean;
  notBefore: number;
  event?: ChangeEvent;
}

export class Verdicts {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #heard: (name: string) => void;
  readonly #entries = new Map<string, Entry>();

  /** `heard` is called with the name of the change when a verdict came that nobody waited for any more. */
  constructor(clock: Clock, log: Log, heard: (name: string) => void) {
    this.#clock = clock;
    this.#log = log;
    this.#heard = heard;
  }

  /** What `ask` says of a decision; undefined: not known yet, and it is asked again by the calls that follow. */
  async of(name: string, decision: string, ask: () => Promise<ChangeEvent>): Promise<ChangeEvent | undefined> {
    let entry = this.#entries.get(name);
    if (entry?.decision !== decision) {
      entry = { decision, running: false, notBefore: 0 };
      this.#entries.set(name, entry);
    }
    if (!entry.event && !entry.running && this.#clock.now() >= entry.notBefore) await this.#begin(name, entry, ask);
    const { event } = entry;
    if (event) this.#entries.delete(name);
    return event;
  }

  forget(name: string): void {
    this.#entries.delete(name);
  }

  /** Resolves when it is answered, or waited for long enough. */
  async #begin(name: string, entry: Entry, ask: () => Promise<ChangeEvent>): Promise<void> {
    const over = new AbortController();
    let late = false;
    entry.running = true;
    const answered = this.#ask(name, entry, ask).then(() => {
      over.abort('answered');
      if (late && this.#entries.get(name) === entry) this.#heard(name);
    });
    await Promise.race([answered, this.#clock.sleep(WAIT, over.signal)]);
    late = true;
  }

  async #ask(name: string, entry: Entry, ask: () => Promise<ChangeEvent>): Promise<void> {
    try {
      entry.event = await ask();
    } catch (error) {
      const wait = Math.min(LONGEST, (error instanceof ChatError ? error.retryAfter : undefined) ?? AGAIN);
      entry.notBefore = this.#clock.now() + wait;
      this.#log.warn({ change_id: name, err: error, wait }, 'a click could not be judged, will be tried again');
    }
    entry.running = false;
  }
}
