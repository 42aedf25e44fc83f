/** How meshbot's clients speak over a wire: undici to the Kubernetes API, fetch to Slack. */
import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import { Dispatcher } from 'undici';
import type { Asked } from './exchange.ts';
import { broken, type Hearing, type Wire } from './wire.ts';

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
