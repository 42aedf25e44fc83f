/** /livez, /readyz and /metrics. Live: the event loop turns. Ready: every named condition holds. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError } from '../config/errors.ts';
import type { Meters } from './metrics.ts';

export interface Health {
  url: string;
  close(): Promise<void>;
}

/**
 * `conditions` are asked at each request; a name whose answer is not `true` is reported as it stands.
 * Slack being away makes meshbot not ready and never not live: a restart would not help.
 */
export async function serveHealth(
  at: { host: string; port: number },
  conditions: Record<string, () => true | string>,
  meters: Meters,
): Promise<Health> {
  const server = createServer(async (request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/livez') return void response.end('ok\n');
    if (path === '/metrics') {
      response.setHeader('content-type', meters.registry.contentType);
      return void response.end(await meters.registry.metrics());
    }
    if (path !== '/readyz') {
      response.statusCode = 404;
      return void response.end('There are /livez, /readyz and /metrics here.\n');
    }
    const answers = Object.entries(conditions).map(([name, ask]) => ({ name, answer: ask() }));
    response.statusCode = answers.every(({ answer }) => answer === true) ? 200 : 503;
    response.end(
      answers
        .map(
          ({ name, answer }) =>
            `${answer === true ? 'ok' : 'not ok'}: ${name}${answer === true ? '' : `: ${answer}`}\n`,
        )
        .join(''),
    );
  });
  await listen(server, at);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${at.host}:${port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, at: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', cause => {
      const taken = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE';
      const remedy = `Port ${at.port} is taken. Choose another with --health-port, or 0 for any that is free.`;
      reject(taken ? new ConfigError([remedy], { cause }) : cause);
    });
    server.listen(at.port, at.host, resolve);
  });
}
