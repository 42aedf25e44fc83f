/** Proxies are asked over a forwarded port, and by a program in the pod where that is not to be had. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { World } from '../../src/istio/world.ts';
import { KubeClient } from '../../src/kubernetes/client.ts';
import { loadConfig } from '../../src/kubernetes/config.ts';
import { ProbeError, type Proxies } from '../../src/ports.ts';
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
/** HTTP status with which programs are refused. */
let execRefused: number | undefined;
/** What happens to connections to these pods' ports: nothing ever; they break; Envoy does not listen. */
let ill: Map<string, 'silent' | 'breaks' | 'closed'>;
/** What Envoy answers over the forwarded port. */
let envoy: (request: string) => string;

function forward(socket: WebSocket, pod: string): void {
  if (ill.get(pod) === 'breaks') {
    socket.terminate();
    return;
  }
  for (const channel of [0, 1]) socket.send(Buffer.of(channel, 0x98, 0x3a));
  if (ill.get(pod) === 'closed') socket.send(Buffer.concat([Buffer.of(1), Buffer.from('connection refused')]));
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
  [asked, refused, execRefused, ill, now] = [[], undefined, undefined, new Map(), 1_000_000];
  envoy = () => http('200 OK', DUMP);
  const sockets = new WebSocketServer({ noServer: true });
  server = createServer();
  server.on('upgrade', (request, socket, head) => {
    const [, pod = '', how = ''] = /pods\/([^/]+)\/(\w+)/.exec(request.url ?? '') ?? [];
    asked.push(`${how} ${pod}`);
    const no = how === 'portforward' ? refused : execRefused;
    if (no !== undefined) return socket.end(http(`${no} No`, ''));
    if (how === 'portforward' && ill.get(pod) === 'silent') return;
    sockets.handleUpgrade(request, socket, head, open => (how === 'portforward' ? forward(open, pod) : run(open)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new KubeClient(loadConfig({ kind: 'server', server: address }), { clock: systemClock });
  // Nobody here takes long to answer, but who never does.
  const sleep = (_: number, signal?: AbortSignal) => systemClock.sleep(ill.size > 0 ? 200 : 5_000, signal);
  proxies = proxiesOf({ client, clock: { now: () => now, sleep }, world: new World([]) });
});

afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  server.close();
});

const ask = (pod: string, namespace = 'default') => proxies.routes({ namespace, pod }, 9080);

/** How it failed; undefined: it did not. */
const failure = (pod: string) =>
  ask(pod).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof ProbeError) return { forbidden: error.forbidden };
      throw error;
    },
  );

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

  it.each([404, 429])(
    'are not asked by what costs more of a pod that is gone, or an API server that is busy (%i)',
    async no => {
      refused = no;
      expect(await failure('a')).toEqual({ forbidden: false });
      refused = undefined;
      expect(await ask('b')).toEqual(ROUTES);
      expect(asked).toEqual(['portforward a', 'portforward b']);
    },
  );

  it('say nothing of its neighbours where only this one could not be reached', async () => {
    refused = 503;
    expect(await ask('a')).toEqual(ROUTES);
    refused = undefined;
    expect(await ask('b')).toEqual(ROUTES);
    expect(asked).toEqual(['portforward a', 'exec a', 'portforward b']);
  });

  it('are forbidden in a namespace only where both ways to them are', async () => {
    execRefused = 403;
    for (const no of [404, 429, 503]) {
      refused = no;
      expect(await failure('a')).toEqual({ forbidden: false });
    }
    ill.set('a', 'breaks').set('b', 'closed');
    refused = undefined;
    expect(await failure('a')).toEqual({ forbidden: false });
    expect(await failure('b')).toEqual({ forbidden: false });
    expect(await ask('c')).toEqual(ROUTES);
    refused = 403;
    expect(await failure('c')).toEqual({ forbidden: true });
    expect(await failure('d')).toEqual({ forbidden: true });
    expect(asked.slice(-3)).toEqual(['portforward c', 'exec c', 'exec d']);
  });

  it.each(['silent', 'breaks', 'closed'] as const)(
    'are asked of the neighbours as ever while some are ill (%s)',
    async how => {
      expect(await ask('c')).toEqual(ROUTES);
      ill.set('a', how).set('b', how);
      for (const pod of ['a', 'b']) {
        if (how === 'silent') expect(await failure(pod)).toEqual({ forbidden: false });
        else expect(await ask(pod)).toEqual(ROUTES);
      }
      asked = [];
      expect(await ask('c')).toEqual(ROUTES);
      expect(await ask('d')).toEqual(ROUTES);
      expect(asked).toEqual(['portforward c', 'portforward d']);
    },
  );

  it('are not asked a second way of one that was silent for all the time there is', async () => {
    ill.set('a', 'silent');
    expect(await failure('a')).toEqual({ forbidden: false });
    expect(asked).toEqual(['portforward a']);
  });

  it.each(['silent', 'breaks', 'closed'] as const)(
    'are asked from inside the pods of a namespace where two failed and none answered (%s)',
    async how => {
      for (const pod of ['a', 'b', 'c', 'd']) ill.set(pod, how);
      await failure('a');
      await failure('a');
      asked = [];
      await failure('b');
      expect(asked[0]).toBe('portforward b');
      asked = [];
      expect(await ask('a')).toEqual(ROUTES);
      expect(await ask('c')).toEqual(ROUTES);
      expect(asked).toEqual(['exec a', 'exec c']);
      // Another namespace is another matter, and so is another time.
      ill.clear();
      expect(await ask('e', 'elsewhere')).toEqual(ROUTES);
      now += 600_000;
      expect(await ask('a')).toEqual(ROUTES);
      expect(asked.slice(2)).toEqual(['portforward e', 'portforward a']);
    },
  );

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
