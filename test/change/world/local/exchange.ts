/** One HTTP exchange with a handler in this process: no socket and no parser, everything else as it is. */
import { IncomingMessage, type OutgoingHttpHeaders, type RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface Asked {
  method: string;
  /** Path and query. */
  url: string;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: string;
}

/** What comes back, in this order; `broken` instead of what is still to come. */
export interface Hearing {
  head(status: number, headers: Record<string, string | string[]>): void;
  data(chunk: string): void;
  end(): void;
  broken(): void;
}

/** What is returned hangs up. */
export function exchange(handler: RequestListener, asked: Asked, hearing: Hearing): () => void {
  const line = { readable: false, readableHighWaterMark: 65_536, writableLength: 0, destroy: () => {} };
  const request = new IncomingMessage(line as unknown as Socket);
  request.method = asked.method;
  request.url = asked.url;
  Object.assign(request.headers, asked.headers);
  request.complete = true;
  if (asked.body !== '') request.push(asked.body);
  request.push(null);
  const reply = new Reply(request, hearing);
  handler(request, reply);
  return () => reply.close();
}

class Reply extends ServerResponse {
  readonly #hearing: Hearing;
  #over = false;

  constructor(request: IncomingMessage, hearing: Hearing) {
    super(request);
    this.#hearing = hearing;
    const line = { writableLength: 0, resetAndDestroy: () => this.destroy(), destroy: () => this.destroy() };
    Object.assign(this, { socket: line });
  }

  override writeHead(status: number, ...given: unknown[]): this {
    if (this.#over || this.headersSent) return this;
    const headers = given.find(each => typeof each === 'object') as OutgoingHttpHeaders | undefined;
    for (const [name, value] of Object.entries(headers ?? {})) if (value !== undefined) this.setHeader(name, value);
    super.writeHead(status);
    const told = Object.entries(this.getHeaders()).map(([name, value]) => [name, texts(value)]);
    this.#hearing.head(status, Object.fromEntries(told));
    return this;
  }

  override flushHeaders(): void {
    this.writeHead(this.statusCode);
  }

  override write(chunk: string | Uint8Array): boolean {
    if (this.#over) return false;
    this.writeHead(this.statusCode);
    this.#hearing.data(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
    return true;
  }

  override end(chunk?: unknown): this {
    if (this.#over) return this;
    this.writeHead(this.statusCode);
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) this.write(chunk);
    this.finished = true;
    this.#over = true;
    this.#hearing.end();
    process.nextTick(() => {
      this.emit('finish');
      this.emit('close');
    });
    return this;
  }

  override destroy(): this {
    if (this.#over) return this;
    this.close();
    this.#hearing.broken();
    return this;
  }

  /** The other side is gone. */
  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.destroyed = true;
    this.emit('close');
  }
}

function texts(value: number | string | string[] | undefined): string | string[] {
  return Array.isArray(value) ? value : String(value);
}
