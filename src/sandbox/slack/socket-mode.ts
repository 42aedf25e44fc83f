/** Socket Mode: the app's WebSockets, and envelopes spread over them in turn until one is acknowledged. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { JsonObject } from '../../object.ts';
import type { Answer, Carrier, Envelope, Retry } from './envelope.ts';
import { type Faults, fitsEnvelope } from './faults.ts';
import { secret } from './ids.ts';
import { defined, isObject, parseJson } from './json.ts';
import type { Changes } from './listeners.ts';
import { APP } from './people.ts';

const MOST_SOCKETS = 10;
const PING_EVERY = 10_000;
/** Slack leaves a socket it has told to go open for a moment; then it is closed. */
const GRACE = 1000;

export interface SocketMode extends Carrier {
  /** A ticket that opens one socket. */
  ticket(): string;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, ticket: string): void;
  /** Sockets that get envelopes. */
  open(): number;
  /** How many envelopes each socket got, in order of opening; closed ones included. */
  spread(): number[];
  /** Tells all sockets to go, as Slack does when it moves its servers. */
  disconnectAll(reason?: string): void;
  close(): Promise<void>;
}

interface Line {
  socket: WebSocket;
  number: number;
  /** Told to go: gets nothing more. */
  leaving: boolean;
  /** What comes over it is lost. */
  deaf: boolean;
}

interface Pending {
  envelope: Envelope;
  frame: JsonObject;
  /** Sockets it went over that are still there. */
  over: Set<Line>;
  settle(answer: Answer): void;
}

export function newSocketMode(options: { faults: Faults; changes: Changes; ackTimeout: number }): SocketMode {
  const { faults, changes, ackTimeout } = options;
  const server = new WebSocketServer({ noServer: true });
  const lines: Line[] = [];
  const counts: number[] = [];
  const tickets = new Set<string>();
  const pending = new Map<string, Pending>();
  let turn = 0;

  const usable = () => lines.filter(line => !line.leaving && line.socket.readyState === line.socket.OPEN);
  const tellConnected = () => changes.tell({ type: 'connected', connected: usable().length > 0 });
  const next = (): Line | undefined => {
    const able = usable();
    turn += 1;
    return able[turn % Math.max(able.length, 1)];
  };
  const leave = (line: Line, reason: string) => {
    if (line.leaving) return;
    line.leaving = true;
    line.socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'localhost' } }));
    setTimeout(() => line.socket.close(1000), GRACE).unref();
    tellConnected();
  };
  const transmit = (item: Pending, line: Line) => {
    item.over.add(line);
    counts[line.number] = (counts[line.number] ?? 0) + 1;
    line.socket.send(JSON.stringify(item.frame));
  };
  /** Sends over the next socket; without one it waits for the next that opens. */
  const send = (item: Pending) => {
    const fits = fitsEnvelope(item.envelope.type);
    const first = next();
    if (!first) return;
    if (faults.take('disconnect', fault => fault.when === 'before' && fits(fault))) {
      leave(first, 'refresh_requested');
      send(item);
      return;
    }
    transmit(item, first);
    if (faults.take('duplicate', fits)) transmit(item, next() ?? first);
    if (faults.take('disconnect', fault => fault.when === 'after' && fits(fault))) drop(first);
  };
  /** The app has read what went out, and its answer is lost. */
  const drop = (line: Line) => {
    line.leaving = true;
    line.deaf = true;
    line.socket.close(1001);
    setTimeout(() => line.socket.terminate(), GRACE).unref();
    tellConnected();
  };
  const receive = (line: Line, data: RawData) => {
    if (line.deaf) return;
    const frame = parseJson(data.toString());
    if (!isObject(frame) || typeof frame.envelope_id !== 'string') return;
    const item = pending.get(frame.envelope_id);
    if (!item) return;
    const payload = frame.payload;
    const filled = item.envelope.acceptsAnswer && isObject(payload) && Object.keys(payload).length > 0;
    item.settle(filled ? { ok: true, payload } : { ok: true });
  };
  const admit = (socket: WebSocket) => {
    const line: Line = { socket, number: counts.push(0) - 1, leaving: false, deaf: false };
    const tooMany = usable().length >= MOST_SOCKETS || faults.take('too-many-websockets', () => true);
    socket.on('error', () => socket.terminate());
    if (tooMany) {
      leave(line, 'too_many_websockets');
      return;
    }
    lines.push(line);
    const pinging = setInterval(() => socket.ping('Ping from localhost'), PING_EVERY);
    pinging.unref();
    socket.on('message', data => receive(line, data));
    socket.on('close', () => {
      clearInterval(pinging);
      lines.splice(lines.indexOf(line), 1);
      tellConnected();
      // What went over this socket alone and was not acknowledged goes out again over another.
      for (const item of pending.values()) if (item.over.delete(line) && item.over.size === 0) send(item);
    });
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: usable().length,
        debug_info: { host: 'localhost', build_number: 1, approximate_connection_time: 18_060 },
        connection_info: { app_id: APP.id },
      }),
    );
    tellConnected();
    for (const item of pending.values()) if (item.over.size === 0) send(item);
  };

  return {
    connected: () => usable().length > 0,
    open: () => usable().length,
    spread: () => [...counts],
    ticket() {
      const ticket = secret(16);
      tickets.add(ticket);
      return ticket;
    },
    upgrade(request, socket, head, ticket) {
      if (!tickets.delete(ticket)) {
        socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, admit);
    },
    carry(envelope: Envelope, retry?: Retry) {
      if (usable().length === 0) return Promise.resolve({ ok: false, why: 'dispatch_failed' });
      const id = `${secret(4)}-${secret(2)}-${secret(2)}-${secret(2)}-${secret(6)}`;
      const frame = defined({
        envelope_id: id,
        type: envelope.type,
        accepts_response_payload: envelope.acceptsAnswer,
        payload: envelope.payload,
        retry_attempt: envelope.type === 'events_api' ? (retry?.attempt ?? 0) : undefined,
        retry_reason: envelope.type === 'events_api' ? (retry?.reason.replace(/^http_/, '') ?? '') : undefined,
      });
      return new Promise<Answer>(resolve => {
        const timer = setTimeout(() => item.settle({ ok: false, why: 'operation_timeout' }), ackTimeout);
        const item: Pending = {
          envelope,
          frame,
          over: new Set(),
          settle(answer) {
            clearTimeout(timer);
            pending.delete(id);
            resolve(answer);
          },
        };
        pending.set(id, item);
        send(item);
      });
    },
    disconnectAll(reason = 'refresh_requested') {
      for (const line of usable()) leave(line, reason);
    },
    async close() {
      for (const item of [...pending.values()]) item.settle({ ok: false, why: 'dispatch_failed' });
      await Promise.all([...lines].map(line => closed(line.socket)));
      server.close();
    },
  };
}

/** Says goodbye; who does not answer is cut off. */
function closed(socket: WebSocket): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(() => socket.terminate(), 200);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.close(1001);
  });
}
