import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { World } from '../../src/istio/world.ts';
import { KubeClient } from '../../src/kubernetes/client.ts';
import { loadConfig } from '../../src/kubernetes/config.ts';
import { ProbeError, type ProbeRequest } from '../../src/ports.ts';
import { MeshProbe } from '../../src/probe/probe.ts';
import { systemClock as clock, systemRandom as random } from '../../src/system.ts';
import { mesh, pod, service } from './world.ts';

/** Serves as the gateway, and as the API server that runs commands in pods. */
let server: Server;
let address: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let requests: IncomingMessage[];
/** What curl prints in the pod, given its words; and how it ends. */
let curl: (words: string[]) => { stdout: string | Buffer; stderr?: string; exitCode: number };
let commands: { words: string[]; container: string | null }[];
let client: KubeClient;
let probe: MeshProbe;

beforeEach(async () => {
  requests = [];
  commands = [];
  server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v5.channel.k8s.io' });
  server.on('upgrade', (request, socket, head) => {
    const { searchParams } = new URL(request.url!, 'http://localhost');
    const words = searchParams.getAll('command');
    commands.push({ words, container: searchParams.get('container') });
    sockets.handleUpgrade(request, socket, head, open => run(open, words));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new KubeClient(loadConfig({ kind: 'server', server: address }), { clock });
  use(mesh(), address);
});

afterEach(async () => {
  await probe.close();
  await client.close();
  server.closeAllConnections();
  server.close();
});

function run(socket: WebSocket, words: string[]): void {
  const { stdout, stderr = '', exitCode } = curl(words);
  const frame = (channel: number, data: string | Buffer) => Buffer.concat([Buffer.from([channel]), Buffer.from(data)]);
  socket.send(frame(1, stdout));
  socket.send(frame(2, stderr));
  const causes = [{ reason: 'ExitCode', message: `${exitCode}` }];
  const status = exitCode === 0 ? { status: 'Success' } : { status: 'Failure', details: { causes } };
  socket.send(frame(3, JSON.stringify(status)));
}

function use(world: World, gateway: string | undefined): void {
  probe = new MeshProbe({ client, clock, random, world, gateway });
}

const POD = { kind: 'pod', namespace: 'default', pod: 'ratings-1' } as const;
const send = (more: Partial<ProbeRequest> = {}) =>
  probe.send({
    from: { kind: 'gateway' },
    method: 'GET',
    url: 'http://shop.example.com/cart?x=1',
    headers: {},
    timeout: 2_000,
    ...more,
  });

describe('a probe by https', () => {
  it('asks the gateway for the name in the URL, whoever signed its certificate', async () => {
    const pem = readFileSync(new URL('../fixtures/certificate.pem', import.meta.url));
    const names: string[] = [];
    const secure = createSecureServer(
      {
        key: pem,
        cert: pem,
        SNICallback: (name, done) => {
          names.push(name);
          done(null);
        },
      },
      (request, response) => response.end(`${request.headers.host} ${request.url}`),
    );
    secure.listen(0, '127.0.0.1');
    await once(secure, 'listening');
    try {
      use(mesh(), `https://127.0.0.1:${(secure.address() as AddressInfo).port}`);
      const heard = await send({ url: 'https://shop.example.com/cart' });
      expect(heard).toMatchObject({ status: 200, body: 'shop.example.com /cart' });
      expect(names).toEqual(['shop.example.com']);
    } finally {
      secure.closeAllConnections();
      secure.close();
    }
  });

  it('is told from a refused connection where the gateway asks for a certificate of ours', async () => {
    const pem = readFileSync(new URL('../fixtures/certificate.pem', import.meta.url));
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const options = { key: pem, cert: pem, requestCert: true, rejectUnauthorized: true, maxVersion };
      const mutual = createSecureServer(options, (_, response) => response.end('never'));
      mutual.listen(0, '127.0.0.1');
      await once(mutual, 'listening');
      try {
        use(mesh(), `https://127.0.0.1:${(mutual.address() as AddressInfo).port}`);
        const url = 'https://shop.example.com/cart';
        expect(await send({ url })).toMatchObject({ outcome: 'failed', status: 0 });
      } finally {
        mutual.closeAllConnections();
        mutual.close();
      }
    }
  });

  it('is not sent to a gateway that is configured by http alone: a guess would look like one that is off', async () => {
    await expect(send({ url: 'https://shop.example.com/cart' })).rejects.toThrow('does not say where it takes https');
    expect(requests).toEqual([]);
  });
});

describe('a probe from outside', () => {
  it('goes to the gateway with the host of the URL, and comes back with what it said', async () => {
    answer = (_, response) => response.writeHead(200, { 'x-version': 'v3', 'set-cookie': ['a=1', 'b=2'] }).end('hello');
    const { took, headers, ...rest } = await send({ headers: { 'end-user': 'jason' } });
    expect(rest).toEqual({ outcome: 'answered', status: 200, body: 'hello', truncated: false });
    expect(headers).toMatchObject({ 'x-version': 'v3', 'set-cookie': 'a=1, b=2' });
    expect(took).toBeGreaterThanOrEqual(0);
    expect(requests[0]!.url).toBe('/cart?x=1');
    expect(requests[0]!.headers).toMatchObject({ host: 'shop.example.com', 'end-user': 'jason' });
  });

  it('shows a redirect and does not follow it', async () => {
    answer = (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    expect(await send()).toMatchObject({ status: 302, headers: { location: 'http://169.254.169.254/' } });
    expect(requests).toHaveLength(1);
  });

  it('means the gateway when its own address is typed, and nothing else on this machine', async () => {
    answer = (_, response) => response.end('shop');
    const { port } = new URL(address);
    expect((await send({ url: `${address}/cart` })).body).toBe('shop');
    expect((await send({ url: `http://localhost:${port}/cart` })).body).toBe('shop');
    await expect(send({ url: 'http://127.0.0.1:15000/config_dump' })).rejects.toThrow('meshbot’s own machine');
    expect(requests).toHaveLength(2);
  });

  it('judges a Host header like an address', async () => {
    answer = (_, response) => response.end();
    await send({ headers: { Host: 'a.wild.example.com' } });
    expect(requests[0]!.headers.host).toBe('a.wild.example.com');
    await expect(send({ headers: { host: '169.254.169.254' } })).rejects.toBeInstanceOf(ProbeError);
    await expect(send({ headers: { host: 'x@y' } })).rejects.toBeInstanceOf(ProbeError);
  });

  it('reads 64 KiB of an endless body and no more', async () => {
    let closed = false;
    answer = (_, response) => {
      response.on('close', () => {
        closed = true;
      });
      const more = () => {
        while (!closed && response.write('x'.repeat(1_000)));
      };
      response.on('drain', more);
      more();
    };
    const { body, truncated } = await send();
    expect(body).toHaveLength(65_536);
    expect(truncated).toBe(true);
    while (!closed) await new Promise(setImmediate);
  });

  it('unpacks what is packed, and a bomb only so far', async () => {
    for (const [encoding, pack] of [
      ['gzip', gzipSync],
      ['br', brotliCompressSync],
    ] as const) {
      answer = (_, response) => response.writeHead(200, { 'content-encoding': encoding }).end(pack('hello'));
      expect(await send()).toMatchObject({ body: 'hello', truncated: false });
      const bomb = pack(Buffer.alloc(50 * 2 ** 20, 'a'));
      answer = (_, response) => response.writeHead(200, { 'content-encoding': encoding }).end(bomb);
      const { body, truncated } = await send();
      expect({ length: body.length, truncated }).toEqual({ length: 65_536, truncated: true });
    }
    answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('not packed');
    expect((await send()).body).toBe('not packed');
  });

  it('gives up in time, and says why no answer came', async () => {
    answer = () => {};
    expect(await send({ timeout: 100 })).toMatchObject({
      ...{ outcome: 'late', status: 0, error: 'no answer within 0.1 s' },
    });
    // Whoever takes a connection and closes it is there.
    answer = (_, response) => response.destroy();
    expect(await send()).toMatchObject({ outcome: 'failed', status: 0, error: expect.stringContaining('broke') });
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as AddressInfo;
    free.close();
    use(mesh(), `http://127.0.0.1:${port}`);
    expect(await send()).toMatchObject({
      ...{ outcome: 'refused', status: 0, error: expect.stringContaining('nothing listens') },
    });
    use(mesh(), 'http://gateway.invalid:80');
    expect(await send()).toMatchObject({ outcome: 'failed', status: 0 });
  });

  it('never changes anything', async () => {
    for (const method of ['POST', 'DELETE', 'PUT', 'CONNECT', 'get']) {
      await expect(send({ method })).rejects.toThrow('a question must change nothing');
    }
    await expect(send({ headers: { a: 'x\r\ny' } })).rejects.toBeInstanceOf(ProbeError);
    expect(requests).toEqual([]);
  });

  it('finds the gateway by its Service, and does not let that lead to this machine', async () => {
    const port = Number(new URL(address).port);
    const door = (ingress: object) => ({
      ...service('istio-system', 'istio-ingressgateway', [{ name: 'http2', port }], {
        type: 'LoadBalancer',
        selector: { istio: 'ingressgateway', app: 'gw' },
      }),
      status: { loadBalancer: { ingress: [ingress] } },
    });
    answer = (_, response) => response.end();
    for (const ingress of [{ ip: '127.0.0.1' }, { hostname: 'localhost' }]) {
      use(mesh([door(ingress) as never]), undefined);
      await expect(send()).rejects.toThrow(/is not asked: it is meshbot’s own machine/);
    }
    expect(requests).toEqual([]);
    use(mesh(), undefined);
    await expect(send()).rejects.toThrow('set its address under `gateway:`');
  });
});

describe('a probe from a pod', () => {
  const head = 'HTTP/1.1 200 OK\r\nx-version: v3\r\nx-a: 1\r\nx-a: 2\r\n\r\n';
  const marker = (words: string[]) => words[words.indexOf('--write-out') + 1]!.split(' ')[0]!.replace('\\n', '\n');

  beforeEach(() => use(mesh([pod('ratings-1', ['istio-proxy', 'ratings'])]), address));

  it('is a curl whose every word is an argument, in the application’s container', async () => {
    curl = words => ({ stdout: `${head}hello${marker(words)} 200 0.012345 10.0.0.7`, exitCode: 0 });
    const headers = { 'end-user': '$(id) `id` ; rm -rf /', empty: '' };
    expect(await send({ from: POD, url: "http://reviews:9080/reviews/0?q='$(id)'", headers })).toEqual({
      outcome: 'answered',
      status: 200,
      headers: { 'x-version': 'v3', 'x-a': '1, 2' },
      body: 'hello',
      truncated: false,
      took: 12.345,
    });
    const { words, container } = commands[0]!;
    expect(container).toBe('ratings');
    expect(words.slice(0, 2)).toEqual(['curl', '-q']);
    expect(words.slice(-2)).toEqual(['--', 'http://reviews:9080/reviews/0?q=%27$(id)%27']);
    expect(words).toContain('end-user: $(id) `id` ; rm -rf /');
    expect(words).toContain('empty;');
    expect(words).not.toContain('--location');
  });

  it('takes nothing in a body for curl’s own words', async () => {
    const body = 'HTTP/1.1 500 No\r\n\r\n\nmeshbot-0000 999 9.9 10.0.0.9';
    curl = words => ({
      stdout: `HTTP/1.1 103 Early Hints\r\n\r\n${head}${body}${marker(words)} 200 0.1 10.0.0.7`,
      exitCode: 0,
    });
    expect(await send({ from: POD, url: 'http://reviews:9080/' })).toMatchObject({ status: 200, body, took: 100 });
  });

  it('is cut at 64 KiB', async () => {
    curl = words => ({ stdout: `${head}${'ä'.repeat(100_000)}${marker(words)} 200 0.1 10.0.0.7`, exitCode: 0 });
    const { body, truncated } = await send({ from: POD, url: 'http://reviews:9080/' });
    expect(body).toBe('ä'.repeat(32_768));
    expect(truncated).toBe(true);
  });

  it('is not shown when it turns out to have reached what must not be asked', async () => {
    curl = words => ({ stdout: `${head}secret${marker(words)} 200 0.1 169.254.169.254`, exitCode: 0 });
    await expect(send({ from: POD, url: 'http://outside/' })).rejects.toThrow('169.254.169.254 is not asked');
  });

  it.each([
    [6, 'the name is not known in that pod'],
    [7, 'no connection comes about'],
    [28, 'no answer in time'],
    [127, 'there is no curl in that container; choose a pod that has one'],
    [99, 'curl: (99) something odd'],
  ])('says what exit code %i means', async (exitCode, error) => {
    curl = () => ({ stdout: '', stderr: 'curl: (99) something odd\nmore', exitCode });
    expect(await send({ from: POD, url: 'http://reviews:9080/' })).toMatchObject({
      outcome: exitCode === 28 ? 'late' : 'failed',
      status: 0,
      error,
      truncated: false,
    });
  });

  it('was refused only where curl says so: it has one exit code for all that cannot be connected to', async () => {
    const ends = (why: string) => {
      curl = () => ({ stdout: '', stderr: `curl: (7) Failed to connect to reviews port 9080: ${why}`, exitCode: 7 });
      return send({ from: POD, url: 'http://reviews:9080/' });
    };
    expect(await ends('Connection refused')).toMatchObject({ outcome: 'refused', error: 'nothing listens there' });
    expect(await ends('No route to host')).toMatchObject({ outcome: 'failed', error: 'no connection comes about' });
  });

  it('is refused for a pod, a container or a host that is not known', async () => {
    const url = 'http://reviews:9080/';
    await expect(send({ from: { ...POD, pod: 'x' }, url })).rejects.toThrow(
      "No pod 'x' is known in namespace default.",
    );
    await expect(send({ from: { ...POD, container: 'sh' }, url })).rejects.toThrow('it has istio-proxy, ratings');
    await expect(send({ from: POD, url, headers: { host: 'istiod.istio-system:15014' } })).rejects.toThrow(
      'debug port',
    );
    await expect(send({ from: POD, url, headers: { host: 'reviews/x' } })).rejects.toThrow('is no Host header');
    expect(commands).toEqual([]);
  });

  it('goes through the container that the pod names as its own', async () => {
    const annotations = { 'kubectl.kubernetes.io/default-container': 'second' };
    use(mesh([pod('ratings-1', ['first', 'second'], annotations)]), address);
    curl = words => ({ stdout: `${head}${marker(words)} 200 0.1 10.0.0.7`, exitCode: 0 });
    await send({ from: POD, url: 'http://reviews:9080/' });
    expect(commands[0]!.container).toBe('second');
  });
});
