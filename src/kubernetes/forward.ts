/**
 * Asks an HTTP server that listens on a pod's own loopback, over a forwarded port: nothing is started in the pod.
 * https://pkg.go.dev/k8s.io/kubelet/pkg/cri/streaming/portforward
 */
import { type IncomingMessage, request } from 'node:http';
import { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { type Clock, ClusterError } from '../ports.ts';
import type { KubeClient } from './client.ts';
import { unanswered } from './errors.ts';
import { onRefusal, podSocketUrl } from './pod-socket.ts';

export interface ForwardedRequest {
  namespace: string;
  pod: string;
  port: number;
  /** With its query. */
  path: string;
  /** ms, for all of it. */
  deadline: number;
  /** Bytes of the answer; more is an error. */
  most: number;
}

/** The port is forwarded, but who listens there does not answer, or not so that it can be understood. */
export class NoAnswer extends ClusterError {
  constructor(message: string, cause?: unknown) {
    super('unavailable', message, { cause });
  }
}

/** It was not forwarded this time; that does not say that the ports of other pods are not. */
export class NotForwarded extends ClusterError {
  /** Nobody said so: the time was up. */
  readonly late: boolean;
  constructor(message: string, cause: unknown) {
    super('unavailable', message, { cause });
    this.late = cause instanceof TimeUp;
  }
}

class TimeUp extends Error {
  constructor() {
    super('time was up');
  }
}

/** Each message begins with the number of its channel. */
const PROTOCOL = 'v4.channel.k8s.io';
const DATA = 0;
const ERROR = 1;
/** Bytes: each channel begins with the number of the port. */
const PREAMBLE = 2;

/**
 * The body of the answer. Throws NoAnswer; NotForwarded; ApiError where it is not even tried: 'not-found' where the pod
 * is not there, 'forbidden', 'invalid' where ports are not forwarded at all, 'busy', 'unavailable'; any other
 * ClusterError where the API server is not reached.
 */
export async function askForwarded(client: KubeClient, clock: Clock, asked: ForwardedRequest): Promise<Buffer> {
  const subject = `Pod ${asked.namespace}/${asked.pod}`;
  const query = new URLSearchParams({ ports: String(asked.port) });
  const url = podSocketUrl(client.server, asked, 'portforward', query);
  const options = {};
  await client.config.applyToHTTPSOptions(options);
  const socket = new WebSocket(url, PROTOCOL, { ...options, maxPayload: asked.most });
  // Before it is open: its first messages may come together with what opens it.
  const port = new ForwardedPort(socket);
  const done = new AbortController();
  try {
    return await Promise.race([
      opened(socket, subject, client.server).then(() => answerOf(port, asked)),
      clock.sleep(asked.deadline, done.signal).then(() => {
        throw new TimeUp();
      }),
    ]);
  } catch (cause) {
    if (cause instanceof ClusterError) throw cause;
    const why = (cause as Error).message;
    if (port.isThere) throw new NoAnswer(`its port ${asked.port} does not answer: ${why}`, cause);
    throw new NotForwarded(`${subject}: port ${asked.port} is not forwarded: ${why}`, cause);
  } finally {
    done.abort('done');
    socket.terminate();
  }
}

function opened(socket: WebSocket, subject: string, server: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', error => reject(unanswered(subject, server, error)));
    onRefusal(socket, subject, reject);
  });
}

/** The connection to the port, as if it were made from here. */
class ForwardedPort extends Duplex {
  readonly #socket: WebSocket;
  readonly #heard = new Map<number, number>();
  #failed = false;

  constructor(socket: WebSocket) {
    super();
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#hear(data));
    socket.on('close', () => this.push(null));
    // Whoever reads it hears of it, if somebody does by then.
    this.on('error', () => {});
  }

  /** Whether the other side has opened the port, and did not tell next that it could not reach it. */
  get isThere(): boolean {
    const heard = this.#heard.get(DATA) ?? 0;
    return this.#failed ? heard > PREAMBLE : heard >= PREAMBLE;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.send(Buffer.concat([Buffer.of(DATA), chunk]), done);
  }

  #hear(frame: Buffer): void {
    const [channel = 0] = frame;
    const before = this.#heard.get(channel) ?? 0;
    this.#heard.set(channel, before + frame.length - 1);
    const content = frame.subarray(1 + Math.max(0, PREAMBLE - before));
    if (content.length === 0) return;
    if (channel === DATA) this.push(content);
    if (channel !== ERROR) return;
    this.#failed = true;
    this.destroy(new Error(content.toString().slice(0, 500)));
  }
}

function answerOf(connection: Duplex, { port, path, most }: ForwardedRequest): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (connection.errored) return reject(connection.errored);
    const asked = request({ createConnection: () => connection, host: '127.0.0.1', port, path });
    asked.on('error', reject);
    asked.on('response', (response: IncomingMessage) => {
      const pieces: Buffer[] = [];
      let size = 0;
      response.on('data', (piece: Buffer) => {
        pieces.push(piece);
        size += piece.length;
        if (size > most) reject(new Error(`it has more than ${most} bytes to say`));
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(pieces));
        else reject(new Error(`HTTP ${response.statusCode}`));
      });
    });
    asked.end();
  });
}
