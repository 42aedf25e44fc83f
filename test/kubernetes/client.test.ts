import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CustomObjectsApi } from '@kubernetes/client-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { warningsIn } from '../../src/kubernetes/client.ts';
import { loadConfig } from '../../src/kubernetes/config.ts';
import { ApiError } from '../../src/kubernetes/errors.ts';
import { ClusterError } from '../../src/ports.ts';
import { clientOf, type Handler, json, refuse, type Scripted, serve } from './server.ts';

const GET = { method: 'GET', path: '/api/v1/things', subject: 'things' } as const;

async function failure(promise: Promise<unknown>): Promise<ClusterError> {
  const error = await promise.then(
    () => undefined,
    error => error,
  );
  expect(error).toBeInstanceOf(ClusterError);
  return error;
}

describe('a request to the API server', () => {
  let server: Scripted;
  let answer: Handler;
  beforeEach(async () => {
    server = await serve((seen, response) => answer(seen, response));
  });
  afterEach(() => server.close());

  it('shares eight connections among many requests', async () => {
    answer = (_, response) => setImmediate(() => json(response, 200, {}));
    const client = clientOf(server.url);
    await Promise.all(Array.from({ length: 100 }, () => client.call(GET)));
    expect(server.seen).toHaveLength(100);
    expect(server.connections()).toBeLessThanOrEqual(8);
    await client.close();
  });

  it('shares them with the API classes of client-node too', async () => {
    answer = (_, response) => json(response, 200, { items: [] });
    const config = loadConfig({ kind: 'server', server: server.url });
    const api = config.makeApiClient(CustomObjectsApi);
    for (let n = 0; n < 20; n++) {
      await api.listClusterCustomObject({ group: 'networking.istio.io', version: 'v1', plural: 'virtualservices' });
    }
    expect(server.connections()).toBeLessThanOrEqual(2);
    await config.close();
  });

  it('tells the time by the API server’s clock, where its own is wrong', async () => {
    let ahead = 0;
    answer = (_, response) => {
      response.setHeader('date', new Date(Date.now() + ahead).toUTCString());
      json(response, 200, {});
    };
    const client = clientOf(server.url);
    const differsBy = () => client.now() - Date.now();
    expect(Math.abs(differsBy())).toBeLessThan(1_000);
    for (const minutes of [10, -90, 525_600]) {
      ahead = minutes * 60_000;
      await client.call(GET);
      expect(Math.abs(differsBy() - ahead)).toBeLessThan(5_000);
    }
    ahead = 2_000;
    await client.call(GET);
    expect(Math.abs(differsBy())).toBeLessThan(1_000);
    await client.close();
  });

  it('hands out the warnings of the API server', async () => {
    answer = (_, response) => {
      response.setHeader('warning', ['299 - "unknown field \\"spec.htp\\""', '299 - "v1beta1 is old"']);
      json(response, 200, {});
    };
    const client = clientOf(server.url);
    expect((await client.call(GET)).warnings).toEqual(['unknown field "spec.htp"', 'v1beta1 is old']);
    await client.close();
  });

  it.each([
    [409, 'Conflict', 'conflict'],
    [409, 'AlreadyExists', 'already-exists'],
    [404, 'NotFound', 'not-found'],
    [422, 'Invalid', 'invalid'],
    [400, 'BadRequest', 'invalid'],
    [415, 'UnsupportedMediaType', 'invalid'],
    [401, 'Unauthorized', 'unavailable'],
    [403, 'Forbidden', 'forbidden'],
    [429, 'TooManyRequests', 'busy'],
    [500, 'InternalError', 'unavailable'],
    [503, 'ServiceUnavailable', 'unavailable'],
    [504, 'Timeout', 'unavailable'],
  ] as const)('calls HTTP %i %s %s', async (code, reason, kind) => {
    answer = (_, response) => refuse(response, code, reason, 'the reason in words');
    const client = clientOf(server.url);
    const error = await failure(client.call(GET));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ kind, status: code, reason, message: 'things: the reason in words' });
    await client.close();
  });

  it('keeps Retry-After, as seconds or as a date', async () => {
    answer = (_, response) => json(response, 429, {}, { 'retry-after': '7' });
    const client = clientOf(server.url);
    expect((await failure(client.call(GET))).retryAfter).toBe(7_000);
    const date = new Date(Date.now() + 20_000).toUTCString();
    answer = (_, response) => json(response, 429, {}, { 'retry-after': date });
    const { retryAfter } = await failure(client.call(GET));
    expect(retryAfter).toBeGreaterThan(15_000);
    expect(retryAfter).toBeLessThanOrEqual(20_000);
    await client.close();
  });

  it('understands a refusal that is no JSON', async () => {
    answer = (_, response) => response.writeHead(502).end('<html>bad gateway');
    const client = clientOf(server.url);
    expect(await failure(client.call(GET))).toMatchObject({
      kind: 'unavailable',
      message: 'things: <html>bad gateway',
    });
    await client.close();
  });

  it('says that the outcome is unknown when the connection breaks, and keeps the cause', async () => {
    answer = (_, response) => response.destroy();
    const client = clientOf(server.url);
    const error = await failure(client.call(GET));
    expect(error.kind).toBe('unavailable');
    expect(error.message).toContain('the connection broke');
    expect(error.cause).toBeInstanceOf(Error);
    await client.close();
  });

  it('says that the outcome is unknown when the answer stops halfway', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"kind":');
      setTimeout(() => response.destroy(), 20);
    };
    const client = clientOf(server.url);
    expect((await failure(client.call(GET))).kind).toBe('unavailable');
    await client.close();
  });
});

describe('an API server that is not there', () => {
  it('is named with its address', async () => {
    const port = await new Promise<number>(resolve => {
      const held = createServer().listen(0, '127.0.0.1', () => {
        const { port } = held.address() as { port: number };
        held.close(() => resolve(port));
      });
    });
    const client = clientOf(`http://127.0.0.1:${port}`);
    expect((await failure(client.call(GET))).message).toBe(
      `things: no answer from the Kubernetes API at http://127.0.0.1:${port}: nothing listens there (ECONNREFUSED)`,
    );
    await client.close();
  });
});

describe('a kubeconfig', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'meshbot-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const KUBECONFIG = `
apiVersion: v1
kind: Config
current-context: shop
contexts:
- {name: shop, context: {cluster: local, user: bot}}
- {name: other, context: {cluster: tls, user: bot}}
clusters:
- {name: local, cluster: {server: SERVER}}
- {name: tls, cluster: {server: 'https://192.0.2.1'}}
users:
- {name: bot, user: {token: not-a-real-token}}
`;

  it('gives server, context and credentials; plain HTTP needs no further setting', async () => {
    const server = await serve((_, response) => json(response, 200, {}));
    const path = join(folder, 'config');
    await writeFile(path, KUBECONFIG.replace('SERVER', server.url));
    const config = loadConfig({ kind: 'kubeconfig', path });
    const { KubeClient } = await import('../../src/kubernetes/client.ts');
    const client = new KubeClient(config, { clock: { now: () => 0 }, agent: 'meshbot/1' });
    await client.call(GET);
    expect(server.seen[0]!.headers).toMatchObject({
      authorization: 'Bearer not-a-real-token',
      'user-agent': 'meshbot/1',
    });
    expect(loadConfig({ kind: 'kubeconfig', path, context: 'other' }).getCurrentCluster()?.server).toContain('192.0.2');
    await client.close();
    await server.close();
  });

  it('is told to be missing, to be broken, or to lack the context, with what it has', async () => {
    const path = join(folder, 'config');
    expect(() => loadConfig({ kind: 'kubeconfig', path })).toThrow(`There is no kubeconfig at ${path}.`);
    await writeFile(path, '{ not: [yaml');
    expect(() => loadConfig({ kind: 'kubeconfig', path })).toThrow(/cannot be read/);
    await writeFile(path, KUBECONFIG);
    expect(() => loadConfig({ kind: 'kubeconfig', path, context: 'shp' })).toThrow(
      "The kubeconfig has no context 'shp'; it has shop, other.",
    );
  });

  it('is asked again where what gives its credentials fails: that may pass', async () => {
    const server = await serve((_, response) => json(response, 200, {}));
    const path = join(folder, 'config');
    const exec = `exec: {apiVersion: client.authentication.k8s.io/v1, command: ${join(folder, 'login')}, interactiveMode: Never}`;
    await writeFile(path, KUBECONFIG.replace('SERVER', server.url).replace('token: not-a-real-token', exec));
    const { KubeClient } = await import('../../src/kubernetes/client.ts');
    const client = new KubeClient(loadConfig({ kind: 'kubeconfig', path }), { clock: { now: () => 0 } });
    const error = await failure(client.call(GET));
    expect(error).toMatchObject({ kind: 'unavailable', message: /credentials of the kubeconfig are of no use/ });
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'a' },
    };
    await writeFile(join(folder, 'login'), `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`, { mode: 0o755 });
    await client.call(GET);
    expect(server.seen.at(-1)!.headers.authorization).toBe('Bearer a');
    await client.close();
    await server.close();
  });

  it('is not needed in a pod, and the pod is needed then', () => {
    expect(() => loadConfig({ kind: 'in-cluster' })).toThrow('This does not run in a pod');
  });
});

it('reads several warnings from one header line', () => {
  expect(warningsIn('299 - "one", 299 - "two, with comma" "Sat, 21 Nov 2026 00:00:00 GMT"')).toEqual([
    'one',
    'two, with comma',
  ]);
  expect(warningsIn(undefined)).toEqual([]);
});
