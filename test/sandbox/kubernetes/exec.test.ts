import { Writable } from 'node:stream';
import { Exec, KubeConfig, type V1Status } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { LocalKubernetes } from '../../../src/sandbox/kubernetes/kubernetes.ts';
import { pod, start } from './local.ts';

class Collected extends Writable {
  text = '';
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

function clientOf(kubernetes: LocalKubernetes): Exec {
  const config = new KubeConfig();
  config.loadFromString(kubernetes.kubeconfig());
  return new Exec(config);
}

async function run(kubernetes: LocalKubernetes, command: string[], container = 'ratings') {
  const [stdout, stderr] = [new Collected(), new Collected()];
  const status = await new Promise<V1Status>((resolve, reject) => {
    clientOf(kubernetes)
      .exec('default', 'ratings-1', container, command, stdout, stderr, null, false, resolve)
      .catch(reject);
  });
  return { status, stdout: stdout.text, stderr: stderr.text };
}

test('exec answers with stdout, stderr and success', async () => {
  const { kubernetes } = await start();
  kubernetes.apply(pod());
  kubernetes.onExec(async ({ namespace, pod: name, container, command }) => ({
    stdout: `${namespace}/${name}/${container}: ${command.join(' ')}`,
    stderr: 'a note',
    exitCode: 0,
  }));
  const { status, stdout, stderr } = await run(kubernetes, ['curl', '-s', 'http://reviews:9080/']);
  expect(status).toMatchObject({ status: 'Success' });
  expect([stdout, stderr]).toEqual(['default/ratings-1/ratings: curl -s http://reviews:9080/', 'a note']);
});

test('exec tells the exit code in the Status', async () => {
  const { kubernetes } = await start();
  kubernetes.apply(pod());
  kubernetes.onExec(async () => ({ stdout: '', stderr: '', exitCode: 7 }));
  const { status } = await run(kubernetes, ['false']);
  expect(status).toMatchObject({
    status: 'Failure',
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: '7' }] },
  });
});

test('a handler that fails is a Failure, not a hanging connection', async () => {
  const { kubernetes } = await start();
  kubernetes.apply(pod());
  kubernetes.onExec(async () => {
    throw new Error('no such file');
  });
  const { status } = await run(kubernetes, ['nonsense']);
  expect(status).toMatchObject({ status: 'Failure', reason: 'InternalError' });
  expect(status.message).toContain('no such file');
});

test.each([
  ['a pod that is not there', 'nobody', 'container=ratings', 404, 'pods "nobody" not found'],
  [
    'a container that is not there',
    'ratings-1',
    'container=sidecar',
    400,
    'container sidecar is not valid for pod ratings-1',
  ],
  [
    'one of two containers not named',
    'ratings-1',
    '',
    400,
    'a container name must be specified for pod ratings-1, choose one of: [ratings istio-proxy]',
  ],
])('%s is refused before the upgrade', async (_, name, query, code, message) => {
  const { kubernetes } = await start();
  kubernetes.apply(pod('ratings-1', ['ratings', 'istio-proxy']));
  kubernetes.onExec(async () => ({ stdout: '', stderr: '', exitCode: 0 }));
  const url = `${kubernetes.url.replace('http', 'ws')}/api/v1/namespaces/default/pods/${name}/exec?command=ls&stdout=true&${query}`;
  const socket = new WebSocket(url, ['v4.channel.k8s.io']);
  const answer = await new Promise<{ code: number | undefined; body: string }>((resolve, reject) => {
    socket.on('open', () => reject(new Error('It was accepted.')));
    socket.on('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', chunk => {
        body += chunk;
      });
      response.on('end', () => resolve({ code: response.statusCode, body }));
    });
  });
  expect([answer.code, JSON.parse(answer.body).message]).toEqual([code, message]);
});

test.each(['v4.channel.k8s.io', 'v5.channel.k8s.io'])(
  '%s carries stdin on 0, stdout on 1, stderr on 2 and the Status on 3',
  async protocol => {
    const { kubernetes } = await start();
    kubernetes.apply(pod());
    kubernetes.onExec(async ({ stdin }) => {
      let read = '';
      for await (const chunk of stdin ?? []) {
        read += chunk;
        if (read.endsWith('.')) break;
      }
      return { stdout: read.toUpperCase(), stderr: 'done', exitCode: 0 };
    });
    const url = `${kubernetes.url.replace('http', 'ws')}/api/v1/namespaces/default/pods/ratings-1/exec?command=cat&stdin=true&stdout=true&stderr=true`;
    const socket = new WebSocket(url, [protocol]);
    const received = new Map<number, string>();
    socket.on('message', (data: Buffer) => {
      received.set(data[0]!, (received.get(data[0]!) ?? '') + data.subarray(1).toString());
    });
    socket.on('open', () => socket.send(Buffer.concat([Buffer.of(0), Buffer.from('hello.')])));
    const code = await new Promise<number>(resolve => socket.on('close', resolve));
    expect([socket.protocol, code]).toEqual([protocol, 1000]);
    expect(received.get(1)).toBe('HELLO.');
    expect(received.get(2)).toBe('done');
    expect(JSON.parse(received.get(3) ?? '')).toEqual({ metadata: {}, status: 'Success' });
  },
);

test('closing channel 0 in v5 ends stdin', async () => {
  const { kubernetes } = await start();
  kubernetes.apply(pod());
  kubernetes.onExec(async ({ stdin }) => {
    let read = '';
    for await (const chunk of stdin ?? []) read += chunk;
    return { stdout: `${read.length}`, stderr: '', exitCode: 0 };
  });
  const url = `${kubernetes.url.replace('http', 'ws')}/api/v1/namespaces/default/pods/ratings-1/exec?command=wc&stdin=true&stdout=true`;
  const socket = new WebSocket(url, ['v5.channel.k8s.io']);
  let stdout = '';
  socket.on('message', (data: Buffer) => {
    if (data[0] === 1) stdout += data.subarray(1).toString();
  });
  socket.on('open', () => {
    socket.send(Buffer.concat([Buffer.of(0), Buffer.from('12345')]));
    socket.send(Buffer.of(255, 0));
  });
  await new Promise(resolve => socket.on('close', resolve));
  expect(stdout).toBe('5');
});
