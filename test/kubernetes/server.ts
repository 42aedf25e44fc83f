/** A small HTTP server that a test scripts request by request, and the clock, chance and log that go with it. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { KubeClient } from '../../src/kubernetes/client.ts';
import { loadConfig } from '../../src/kubernetes/config.ts';
import type { KubeObject } from '../../src/object.ts';
import type { Clock, Log, Random } from '../../src/ports.ts';

export interface Seen {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: unknown;
}

export type Handler = (seen: Seen, response: ServerResponse) => void;

export interface Scripted {
  url: string;
  seen: Seen[];
  /** How many connections were opened. */
  connections(): number;
  close(): Promise<void>;
}

export async function serve(handler: Handler): Promise<Scripted> {
  const seen: Seen[] = [];
  let connections = 0;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url!, 'http://localhost');
    const text = await textOf(request);
    const entry: Seen = {
      method: request.method!,
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
    seen.push(entry);
    handler(entry, response);
  });
  server.on('connection', () => connections++);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    connections: () => connections,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

export function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** Refuses as the API server does. */
export function refuse(response: ServerResponse, code: number, reason: string, message = reason) {
  json(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message });
}

export const clock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    await setTimeout(ms, undefined, signal ? { signal } : {}).catch(() => {});
  },
};

export const random: Random = { hex: bytes => '80'.repeat(bytes) };

export interface Line {
  level: string;
  fields: object;
  message: string;
}

export function keptLog(): Log & { lines: Line[] } {
  const lines: Line[] = [];
  const at = (level: string) => (fields: object, message: string) => lines.push({ level, fields, message });
  return { lines, info: at('info'), warn: at('warn'), error: at('error') };
}

export function clientOf(url: string): KubeClient {
  return new KubeClient(loadConfig({ kind: 'server', server: url }), { clock });
}

/** Waits until `held` is true; the test's own time limit ends it otherwise. */
export async function until(held: () => boolean): Promise<void> {
  while (!held()) await setTimeout(5);
}

export function virtualService(name: string, resourceVersion: string, extra: object = {}): KubeObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace: 'default', uid: `uid-${name}`, resourceVersion, ...extra },
    spec: { hosts: [name], http: [{ route: [{ destination: { host: name } }] }] },
  };
}
