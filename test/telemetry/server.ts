/** A telemetry server that answers what a test wants. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export async function answering(answer: (url: URL, response: ServerResponse) => void) {
  const urls: URL[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://localhost');
    urls.push(url);
    headers.push(request.headers);
    answer(url, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    urls,
    headers,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
