/** What lies between one replica and the rest of the world: every request and answer takes its time, is lost, or kills. */
import type { RequestListener } from 'node:http';
import type { Clock } from '../../../../src/ports.ts';
import type { Simulation } from '../simulation.ts';
import { type Asked, exchange } from './exchange.ts';

/** Probabilities per request. */
export interface Weather {
  /** The replica is killed before or after the request had its effect. */
  kill: number;
  /** The request or its answer is lost. */
  lost: number;
  /** A request, an answer or an event of a watch takes long. */
  slow: number;
}

export const CALM: Weather = { kill: 0, lost: 0, slow: 0 };

/** ms until a request without an answer is given up. */
const PATIENCE = 10_000;

export interface Hearing {
  head(status: number, headers: Record<string, string | string[]>): void;
  data(chunk: string): void;
  end(): void;
  failed(error: Error): void;
}

export class Wire {
  readonly #sim: Simulation;
  readonly #weather: () => Weather;
  readonly #killed: () => void;
  #dead = false;
  readonly #atDeath = new Set<() => void>();

  /** `killed` is called once. */
  constructor(sim: Simulation, weather: () => Weather, killed: () => void) {
    this.#sim = sim;
    this.#weather = weather;
    this.#killed = killed;
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** As by SIGKILL: nothing that runs comes to an end, but requests on the wire may still arrive. */
  kill(): void {
    if (this.#dead) return;
    this.#dead = true;
    for (const end of this.#atDeath) end();
    this.#atDeath.clear();
    this.#killed();
  }

  /** Time as the replica has it: `skew` ms off, and never passing for the dead. */
  clock(skew: number): Clock {
    return {
      now: () => Math.round(this.#sim.now) + skew,
      sleep: (ms, signal) =>
        new Promise(resolve => {
          if (this.#dead) return;
          if (signal?.aborted) return resolve();
          const wake = (): void => {
            calledOff();
            signal?.removeEventListener('abort', wake);
            resolve();
          };
          const calledOff = this.#later(ms, wake);
          signal?.addEventListener('abort', wake, { once: true });
        }),
    };
  }

  /** Something else that takes `ms`, and may be the last thing that the replica did. */
  work<T>(ms: number, result: () => T): Promise<T> {
    const dies = this.#sim.dice.chance(this.#weather().kill);
    return new Promise((resolve, reject) => {
      this.#later(ms, () => {
        if (dies) return this.kill();
        try {
          resolve(result());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  /** `stream`: pieces of the answer come as they are sent, not all at its end. What is returned hangs up. */
  send(handler: RequestListener, asked: Asked, hearing: Hearing, stream = false): () => void {
    const { dice } = this.#sim;
    const { kill, lost } = this.#weather();
    if (this.#dead) return () => {};
    const fate = dice.next();
    const dies = fate < kill;
    const losing = !dies && fate < kill + lost;
    const happens = !(dies || losing) || dice.chance(0.5);
    const arrivesLate = dice.chance(0.5);
    let over = false;
    let hangUp = (): void => {};
    const close = (): void => {
      over = true;
      impatient();
      this.#atDeath.delete(close);
      hangUp();
    };
    const fail = (error: Error): void => {
      if (over) return;
      close();
      if (!this.#dead) hearing.failed(error);
    };
    const impatient = this.#later(PATIENCE, () => fail(broken('UND_ERR_HEADERS_TIMEOUT')));
    if (stream) this.#atDeath.add(close);
    const answer = this.#inOrder(() => {
      if (dies) this.kill();
      else if (losing) fail(broken('ECONNRESET'));
      return !over && !this.#dead;
    });
    this.#sim.after(this.#way(), () => {
      if (over || (this.#dead && !arrivesLate)) return;
      if (dies && !happens) return this.kill();
      if (losing && !happens) return fail(broken('ECONNRESET'));
      const pieces: (() => void)[] = [];
      const hear = (piece: () => void, last = false): void => {
        pieces.push(piece);
        if (stream || last) answer(pieces.splice(0));
      };
      hangUp = exchange(handler, asked, {
        head: (status, headers) => {
          impatient();
          hear(() => hearing.head(status, headers));
        },
        data: chunk => hear(() => hearing.data(chunk)),
        end: () =>
          hear(() => {
            close();
            hearing.end();
          }, true),
        broken: () => answer([() => fail(broken('ECONNRESET'))]),
      });
    });
    return close;
  }

  /** Of what is sent one after the other, nothing overtakes. */
  #inOrder(arrives: () => boolean): (pieces: (() => void)[]) => void {
    let last = 0;
    return pieces => {
      last = Math.max(last, this.#sim.now + this.#way());
      this.#sim.after(last - this.#sim.now, () => {
        for (const piece of pieces) if (arrives()) piece();
      });
    };
  }

  #way(): number {
    const { dice } = this.#sim;
    return dice.chance(this.#weather().slow) ? dice.between(200, 4_000) : dice.between(1, 30);
  }

  #later(ms: number, run: () => void): () => void {
    const callOff = this.#sim.after(ms, () => {
      this.#atDeath.delete(forget);
      if (!this.#dead) run();
    });
    const forget = (): void => {
      callOff();
      this.#atDeath.delete(forget);
    };
    this.#atDeath.add(forget);
    return forget;
  }
}

/** As Node and undici name what went wrong. */
export function broken(code: string): Error {
  return Object.assign(new Error(`the connection failed (${code})`), { code });
}
