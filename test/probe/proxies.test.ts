/** Proxies are asked over a forwarded port, and by a program in the pod where that is not to be had. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { World } from '../../src/istio/world.ts';
import { KubeClient } from '../../src/kubernetes/client.ts';
import { loadConfig } from '../../src/kubernetes/config.ts';
import type { Proxies } from '../../src/ports.ts';
import { proxiesOf } from '../../src/probe/proxies.ts';
import { systemClock } from '../../src/system.ts';

const DUMP = JSON.stringify({ configs: [{ route_config: { name: '9080', virtual_hosts: [] } }] });
const ROUTES = [{ name: '9080', virtual_hosts: [] }];
const PAGE = 'config_dump?resource=dynamic_route_configs&name_regex=.*9080';

let server: Server;
let client: KubeClient;
let proxies: Proxies;
let now: number;
/** By what each proxy was asked: `portforward a`, `exec a`. */
let asked: string[];
/** HTTP status with which forwarding is refused. */
let refused: number | undefined;
/** What Envoy answers over the forwarded port. */
let envoy: (request: string) => string;

function forward(socket: WebSocket): void {
  for (const channel of [0, 1]) socket.send(Buffer.of(channel, 0x98, 0x3a));
  socket.on('message', (data: Buffer) => {
    socket.send(Buffer.concat([Buffer.of(0), Buffer.from(envoy(data.subarray(1).toString()))]));
  });
}

function run(socket: WebSocket): void {
  socket.send(Buffer.concat([Buffer.of(1), Buffer.from(DUMP)]));
  socket.send(Buffer.concat([Buffer.of(3), Buffer.from(JSON.stringify({ status: 'Success' }))]));
}

const http = (status: string, body: string) => `HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

beforeEach(async () => {
  [asked, refused, now] = [[], undefined, 1_000_000];
  envoy = () => http('200 OK', DUMP);
  const sockets = new WebSocketServer({ noServer: true });
  server = createServer();
  server.on('upgrade', (request, socket, head) => {
    const [, pod, how = ''] = /pods\/([^/]+)\/(\w+)/.exec(request.url ?? '') ?? [];
    asked.push(`${how} ${pod}`);
    if (how === 'portforward' && refused !== undefined) return socket.end(http(`${refused} No`, ''));
    sockets.handleUpgrade(request, socket, head, how === 'portforward' ? forward : run);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new KubeClient(loadConfig({ kind: 'server', server: address }), { clock: systemClock });
  proxies = proxiesOf({ client, clock: { ...systemClock, now: () => now }, world: new World([]) });
});

afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  server.close();
});

const ask = (pod: string, namespace = 'default') => proxies.routes({ namespace, pod }, 9080);

describe('the routes of a proxy', () => {
  it('are asked of its Envoy over a forwarded port, and nothing is started in its pod', async () => {
    let line: string | undefined;
    envoy = request => {
      line = request.split('\r\n')[0];
      return http('200 OK', DUMP);
    };
    expect(await ask('a')).toEqual(ROUTES);
    expect(line).toBe(`GET /${PAGE} HTTP/1.1`);
    expect(asked).toEqual(['portforward a']);
  });

  it.each([403, 405])(
    'are asked from inside the pod where ports are not forwarded (%i), at once for a while',
    async no => {
      refused = no;
      expect(await ask('a')).toEqual(ROUTES);
      expect(await ask('b')).toEqual(ROUTES);
      expect(await ask('c', 'elsewhere')).toEqual(ROUTES);
      expect(asked).toEqual(['portforward a', 'exec a', 'exec b', 'portforward c', 'exec c']);
      // The right may have been given since.
      now += 600_000;
      refused = undefined;
      expect(await ask('a')).toEqual(ROUTES);
      expect(asked.at(-1)).toBe('portforward a');
    },
  );

  it.each([404, 429, 503])('say nothing of its neighbours where only this one could not be reached (%i)', async no => {
    refused = no;
    expect(await ask('a')).toEqual(ROUTES);
    refused = undefined;
    expect(await ask('b')).toEqual(ROUTES);
    expect(asked).toEqual(['portforward a', 'exec a', 'portforward b']);
  });

  it('are not known of an Envoy that refuses them, or says what cannot be read; no other way is tried', async () => {
    envoy = () => http('503 Service Unavailable', '');
    await expect(ask('a')).rejects.toThrow(
      'The proxy of a does not tell its routes: its port 15000 does not answer: HTTP 503',
    );
    envoy = () => http('200 OK', '<html>');
    await expect(ask('a')).rejects.toThrow('What the proxy of a tells of its routes is not understood');
    expect(asked).toEqual(['portforward a', 'portforward a']);
  });
});
