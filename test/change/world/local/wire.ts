/** What lies between one replica and the rest of the world: every request and answer takes its time, is lost, or kills. */
import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import { Dispatcher } from 'undici';
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

interface Hearing {
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

function broken(code: string): Error {
  return Object.assign(new Error(`the connection failed (${code})`), { code });
}

/** For undici: requests that end, or `stream`s. */
export class WireDispatcher extends Dispatcher {
  readonly #wire: Wire;
  readonly #handler: RequestListener;
  readonly #stream: boolean;

  constructor(wire: Wire, handler: RequestListener, stream: boolean) {
    super();
    this.#wire = wire;
    this.#handler = handler;
    this.#stream = stream;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    let hangUp = (): void => {};
    const controller = new Controller(reason => {
      hangUp();
      handler.onResponseError?.(controller, reason);
    });
    handler.onRequestStart?.(controller, {});
    if (controller.aborted) return true;
    const asked: Asked = {
      method: options.method,
      url: options.path,
      headers: options.headers as Record<string, string>,
      body: typeof options.body === 'string' ? options.body : '',
    };
    const hearing: Hearing = {
      head: (status, headers) => handler.onResponseStart?.(controller, status, headers as IncomingHttpHeaders),
      data: chunk => handler.onResponseData?.(controller, Buffer.from(chunk)),
      end: () => handler.onResponseEnd?.(controller, {}),
      failed: error => handler.onResponseError?.(controller, error),
    };
    hangUp = this.#wire.send(this.#handler, asked, hearing, this.#stream);
    return true;
  }

  override async close(): Promise<void> {}
  override async destroy(): Promise<void> {}
}

class Controller implements Dispatcher.DispatchController {
  aborted = false;
  paused = false;
  reason: Error | null = null;
  readonly #onAbort: (reason: Error) => void;

  constructor(onAbort: (reason: Error) => void) {
    this.#onAbort = onAbort;
  }

  abort(reason: Error): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.#onAbort(reason);
  }

  pause(): void {}
  resume(): void {}
}

/** For what speaks by fetch. `handler` is asked for at each call; undefined: nobody listens there. */
export function fetchOver(wire: Wire, handler: () => RequestListener | undefined): typeof fetch {
  return async (input, init) => {
    const url = new URL(String(input));
    const listener = handler();
    if (!listener) throw new TypeError('fetch failed', { cause: broken('ECONNREFUSED') });
    const headers: Record<string, string> = { host: url.host };
    new Headers(init?.headers).forEach((value, name) => {
      headers[name] = value;
    });
    const { method = 'GET', body: given, signal } = init ?? {};
    const body = typeof given === 'string' ? given : given ? await new Response(given).text() : '';
    const answer = { status: 0, headers: new Headers(), text: '' };
    return new Promise<Response>((resolve, reject) => {
      const hangUp = wire.send(
        listener,
        { method, url: url.pathname + url.search, headers, body },
        {
          head(status, told) {
            answer.status = status;
            for (const [name, value] of Object.entries(told)) answer.headers.set(name, String(value));
          },
          data(chunk) {
            answer.text += chunk;
          },
          end: () => resolve(new Response(answer.text, answer)),
          failed: cause => reject(new TypeError('fetch failed', { cause })),
        },
      );
      signal?.addEventListener('abort', () => {
        hangUp();
        reject(signal.reason);
      });
    });
  };
}
