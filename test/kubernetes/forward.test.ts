import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { KubeClient } from '../../src/kubernetes/client.ts';
import { askForwarded, type ForwardedRequest, NoAnswer, NotForwarded } from '../../src/kubernetes/forward.ts';
import { clientOf, clock } from './server.ts';

/** Listens on the loopback of the pod, as it were. */
let inside: Server;
let answer: (path: string) => { status?: number; body: string } | undefined;
/** The API server, with the kubelet behind it. */
let server: Server;
let client: KubeClient;
/** What the kubelet does with a connection. */
let session: (socket: WebSocket) => void;
let refuseWith: string | undefined;
/** Whether the API server leaves the request without an answer. */
let hangs: boolean;
let urls: URL[];
let protocols: (string | undefined)[];

const portOf = (listening: Server) => (listening.address() as AddressInfo).port;

/** As the kubelet does it: the number of the port on both channels, then the bytes of the connection. */
function forward(socket: WebSocket): void {
  for (const channel of [0, 1]) socket.send(Buffer.of(channel, 0x98, 0x3a));
  const connection = connect(portOf(inside), '127.0.0.1');
  connection.on('data', data => socket.send(Buffer.concat([Buffer.of(0), data])));
  connection.on('close', () => socket.close());
  socket.on('message', (data: Buffer) => connection.write(data.subarray(1)));
  socket.on('close', () => connection.destroy());
}

/** The port is there; each byte of its number may come in a frame of its own. */
function opened(socket: WebSocket): void {
  for (const byte of [0x98, 0x3a]) for (const channel of [0, 1]) socket.send(Buffer.of(channel, byte));
}

function inPieces(socket: WebSocket): void {
  opened(socket);
  const connection = connect(portOf(inside), '127.0.0.1');
  connection.on('data', data => {
    for (let at = 0; at < data.length; at += 999) {
      socket.send(Buffer.concat([Buffer.of(0), data.subarray(at, at + 999)]));
    }
  });
  socket.on('message', (data: Buffer) => connection.write(data.subarray(1)));
  socket.on('close', () => connection.destroy());
}

beforeEach(async () => {
  [urls, protocols, refuseWith, session, hangs] = [[], [], undefined, forward, false];
  answer = path => ({ body: `asked for ${path}` });
  inside = createServer((request, response) => {
    const told = answer(request.url ?? '');
    if (told) response.writeHead(told.status ?? 200).end(told.body);
  });
  const sockets = new WebSocketServer({ noServer: true });
  server = createServer();
  server.on('upgrade', (request, socket, head) => {
    urls.push(new URL(request.url!, 'http://localhost'));
    protocols.push(request.headers['sec-websocket-protocol']);
    if (hangs) return;
    if (refuseWith !== undefined) return socket.end(refuseWith);
    sockets.handleUpgrade(request, socket, head, open => session(open));
  });
  for (const each of [inside, server]) await once(each.listen(0, '127.0.0.1'), 'listening');
  client = clientOf(`http://127.0.0.1:${portOf(server)}`);
});

afterEach(async () => {
  await client.close();
  for (const each of [inside, server]) {
    each.closeAllConnections();
    each.close();
  }
});

const ask = (more: Partial<ForwardedRequest> = {}) =>
  askForwarded(client, clock, {
    namespace: 'default',
    pod: 'ratings-v1-abc',
    port: 15_000,
    path: '/config_dump?resource=a&name_regex=.*9080',
    deadline: 5_000,
    most: 1_000_000,
    ...more,
  });

describe('a forwarded port', () => {
  it('is asked as if it were here, over one connection of the Kubernetes API', async () => {
    expect((await ask()).toString()).toBe('asked for /config_dump?resource=a&name_regex=.*9080');
    expect(urls).toHaveLength(1);
    expect(urls[0]!.pathname).toBe('/api/v1/namespaces/default/pods/ratings-v1-abc/portforward');
    expect(urls[0]!.searchParams.getAll('ports')).toEqual(['15000']);
    expect(protocols).toEqual(['v4.channel.k8s.io']);
  });

  it('may have much to say, in pieces of any size', async () => {
    answer = () => ({ body: 'x'.repeat(500_000) });
    session = inPieces;
    expect((await ask()).length).toBe(500_000);
  });

  it('whose server says too much, or refuses, or says nothing, gives no answer', async () => {
    answer = () => ({ body: 'x'.repeat(3_000) });
    await expect(ask({ most: 1_000 })).rejects.toThrow();
    session = inPieces;
    await expect(ask({ most: 1_000 })).rejects.toThrow('it has more than 1000 bytes to say');
    session = forward;
    answer = () => ({ status: 404, body: 'no such page' });
    await expect(ask()).rejects.toThrow(NoAnswer);
    await expect(ask()).rejects.toThrow('its port 15000 does not answer: HTTP 404');
    answer = () => undefined;
    await expect(ask({ deadline: 50 })).rejects.toThrow(NoAnswer);
    await expect(ask({ deadline: 50 })).rejects.toThrow('its port 15000 does not answer: time was up');
  });

  it('that broke in mid-answer was forwarded', async () => {
    session = socket => {
      opened(socket);
      socket.send(Buffer.concat([Buffer.of(0), Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf')]));
      socket.send(Buffer.concat([Buffer.of(1), Buffer.from('lost connection to pod')]));
    };
    await expect(ask()).rejects.toThrow(NoAnswer);
    await expect(ask()).rejects.toThrow('lost connection to pod');
  });

  it('that was not forwarded this time is another thing than one that does not answer', async () => {
    const failure = (more?: Partial<ForwardedRequest>) =>
      ask(more).then(
        () => 'answered',
        error => (error instanceof NotForwarded ? { late: error.late } : error),
      );
    // Its node does not answer, and the API server waits for it.
    hangs = true;
    expect(await failure({ deadline: 50 })).toEqual({ late: true });
    hangs = false;
    session = () => {};
    expect(await failure({ deadline: 50 })).toEqual({ late: true });
    session = socket => {
      opened(socket);
      socket.send(Buffer.concat([Buffer.of(1), Buffer.from('error forwarding port 15000: socat not found')]));
    };
    expect(await failure()).toEqual({ late: false });
    await expect(ask()).rejects.toThrow('socat not found');
    session = socket => socket.terminate();
    expect(await failure()).toEqual({ late: false });
  });

  it('that is refused is known by what the API server answers', async () => {
    const kindOf = (asked: Promise<unknown>) =>
      asked.then(
        () => 'answered',
        error => (error instanceof NotForwarded ? 'not forwarded' : (error as { kind: string }).kind),
      );
    const status = JSON.stringify({ kind: 'Status', reason: 'Forbidden', message: 'pods/portforward is forbidden' });
    refuseWith = `HTTP/1.1 403 Forbidden\r\nContent-Length: ${status.length}\r\n\r\n${status}`;
    expect(await kindOf(ask())).toBe('forbidden');
    refuseWith = 'HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n';
    expect(await kindOf(ask())).toBe('invalid');
    refuseWith = 'HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n';
    expect(await kindOf(ask())).toBe('busy');
    refuseWith = 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n';
    expect(await kindOf(ask())).toBe('not-found');
    server.closeAllConnections();
    server.close();
    expect(await kindOf(ask())).toBe('unavailable');
  });

  it('is asked of no pod whose name is none', async () => {
    await expect(ask({ pod: '../../secrets' })).rejects.toThrow('is no name of a pod');
    await expect(ask({ namespace: 'a/b' })).rejects.toThrow('is no name of a namespace');
    expect(urls).toEqual([]);
  });
});
