/** The main program of the shop's pods: `node serve.ts reviews v3`. One app of the local world, over real HTTP. */
import { createServer, type IncomingMessage, request as send } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type App, type AppContext, passedOn } from '../../../src/sandbox/mesh/apps/app.ts';
import { details } from '../../../src/sandbox/mesh/apps/details.ts';
import { echo } from '../../../src/sandbox/mesh/apps/echo.ts';
import { productpage } from '../../../src/sandbox/mesh/apps/productpage.ts';
import { ratings } from '../../../src/sandbox/mesh/apps/ratings.ts';
import { reviews } from '../../../src/sandbox/mesh/apps/reviews.ts';
import type { Answer, Headers, Inbound } from '../../../src/sandbox/mesh/proxy/messages.ts';
import { answer, failed } from '../../../src/sandbox/mesh/proxy/messages.ts';

const PORT = 9080;
const APPS: Record<string, App> = { details, productpage, ratings, reviews };
const [, , name = '', version = ''] = process.argv;

const context: AppContext = {
  self: {
    pod: process.env.HOSTNAME ?? name,
    namespace: '',
    labels: {},
    name: `${name}-${version}`,
    app: name,
    version,
    address: '',
    serviceAccount: '',
    sidecar: true,
  },
  clock: { now: () => Date.now(), sleep: ms => sleep(ms) },
  draw: Math.random,
  get,
  passedOn: inbound => passedOn(inbound, new Set()),
};

createServer(async (request, response) => {
  const inbound: Inbound = {
    method: request.method ?? 'GET',
    scheme: 'http',
    host: request.headers.host ?? '',
    port: PORT,
    path: request.url ?? '/',
    headers: flat(request.headers),
    body: await textOf(request),
  };
  const given = await (APPS[name] ?? echo)(inbound, context).catch(cause => answer(500, `${name} failed: ${cause}\n`));
  response.writeHead(given.status, given.headers).end(given.body);
}).listen(PORT, '0.0.0.0');

/** Asks another service by name; the pod's sidecar does the rest. `timeout` in ms. */
function get(host: string, port: number, path: string, headers: Headers, timeout: number): Promise<Answer> {
  return new Promise(resolve => {
    const asked = send({ host, port, path, headers, timeout }, heard => {
      textOf(heard).then(
        body => resolve({ status: heard.statusCode ?? 0, headers: flat(heard.headers), body, flags: '-' }),
        () => resolve(failed('reset')),
      );
    });
    asked.on('timeout', () => {
      resolve(failed('timeout'));
      asked.destroy();
    });
    asked.on('error', () => resolve(failed('reset')));
    asked.end();
  });
}

function flat(headers: IncomingMessage['headers']): Headers {
  return Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, String(value)]));
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
