import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { KubeClient } from '../../src/kubernetes/client.ts';
import { type ExecRequest, exec } from '../../src/kubernetes/exec.ts';
import { clientOf, clock } from './server.ts';

let server: Server;
let client: KubeClient;
/** What the kubelet does with a session. */
let session: (socket: WebSocket) => void;
let refuseWith: string | undefined;
let urls: URL[];

const frame = (channel: number, text: string) => Buffer.concat([Buffer.from([channel]), Buffer.from(text)]);
const status = (value: object) => frame(3, JSON.stringify({ kind: 'Status', ...value }));

beforeEach(async () => {
  urls = [];
  refuseWith = undefined;
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v5.channel.k8s.io' });
  server = createServer();
  server.on('upgrade', (request, socket, head) => {
    urls.push(new URL(request.url!, 'http://localhost'));
    if (refuseWith !== undefined) return socket.end(refuseWith);
    sockets.handleUpgrade(request, socket, head, open => session(open));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  server.close();
});

const run = (more: Partial<ExecRequest> = {}) =>
  exec(client, clock, {
    namespace: 'default',
    pod: 'ratings-v1-abc',
    command: ['curl', '--', 'http://reviews:9080/a b?c=d&e'],
    deadline: 5_000,
    most: 1_000,
    ...more,
  });

describe('a command in a pod', () => {
  it('gets its arguments as they are, and gives back both outputs and the exit code', async () => {
    session = socket => {
      socket.send(frame(1, 'out'));
      socket.send(frame(2, 'err'));
      socket.send(frame(1, 'put'));
      const causes = [{ reason: 'ExitCode', message: '7' }];
      socket.send(status({ status: 'Failure', reason: 'NonZeroExitCode', details: { causes } }));
    };
    const { stdout, ...rest } = await run({ container: 'ratings' });
    expect(stdout.toString()).toBe('output');
    expect(rest).toEqual({ stderr: 'err', exitCode: 7, ended: 'exit' });
    expect(urls[0]!.pathname).toBe('/api/v1/namespaces/default/pods/ratings-v1-abc/exec');
    expect(urls[0]!.searchParams.getAll('command')).toEqual(['curl', '--', 'http://reviews:9080/a b?c=d&e']);
    expect(urls[0]!.searchParams.get('container')).toBe('ratings');
  });

  it('is heard of when the connection closes without a status', async () => {
    session = socket => {
      socket.send(frame(1, 'half'));
      setTimeout(() => socket.terminate(), 20);
    };
    const { stdout, ...rest } = await run();
    expect(stdout.toString()).toBe('half');
    expect(rest).toMatchObject({ ended: 'closed', exitCode: undefined });
  });

  it('may write to its end after nobody waits any more, so that it does not stand in the pod for good', async () => {
    let left: Promise<unknown> | undefined;
    let wrote = 0;
    session = socket => {
      left = once(socket, 'close');
      const writing = setInterval(() => {
        wrote += 1;
        socket.send(frame(1, 'x'.repeat(10_000)));
        if (wrote < 8) return;
        clearInterval(writing);
        socket.send(status({ status: 'Success' }));
      }, 20);
    };
    expect(await run({ deadline: 50, most: 1_000_000, linger: 60_000 })).toMatchObject({ ended: 'deadline' });
    expect(wrote).toBeLessThan(8);
    await left;
    expect(wrote).toBe(8);
  });

  it('is not waited for beyond its deadline', async () => {
    session = () => {};
    expect(await run({ deadline: 50 })).toMatchObject({ ended: 'deadline' });
  });

  it('is not listened to any longer once it has said enough', async () => {
    session = socket => {
      for (let n = 0; n < 10; n++) socket.send(frame(1, 'x'.repeat(300)));
    };
    const { stdout, ended } = await run();
    expect(ended).toBe('enough');
    expect(stdout.length).toBeGreaterThanOrEqual(1_000);
    expect(stdout.length).toBeLessThan(3_000);
  });

  it('says why it could not be started', async () => {
    session = socket => socket.send(status({ status: 'Failure', message: 'executable file not found' }));
    expect(await run()).toMatchObject({ ended: 'exit', exitCode: undefined, refused: 'executable file not found' });
  });

  it('survives frames that mean nothing', async () => {
    session = socket => {
      socket.send(frame(9, 'what is this'));
      socket.send(Buffer.alloc(0));
      socket.send(frame(3, 'not json'));
    };
    expect(await run()).toMatchObject({ ended: 'exit', exitCode: undefined });
  });

  it('is refused with the API server’s own reason', async () => {
    const body = JSON.stringify({ kind: 'Status', message: 'pods "x" not found', reason: 'NotFound', code: 404 });
    refuseWith = `HTTP/1.1 404 Not Found\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
    await expect(run()).rejects.toMatchObject({
      kind: 'not-found',
      message: 'Pod default/ratings-v1-abc: pods "x" not found',
    });
  });

  it('is never sent for names that would be another path', async () => {
    const odd = [{ pod: '../x' }, { pod: 'a/b' }, { namespace: 'a/b' }, { namespace: '..' }, { container: 'A b' }];
    for (const more of odd) await expect(run(more)).rejects.toMatchObject({ kind: 'invalid' });
    expect(urls).toEqual([]);
  });
});
