/** Runs in a pod: answers every request with what it saw, and remembers it under the number in the user agent. */
import { createServer } from 'node:http';

interface Seen {
  id: string;
  /** Tells this arrival from others of the same number: retries and mirrors. */
  nonce: string;
  namespace: string;
  version: string;
  port: number;
  path: string;
  authority: string;
  method: string;
  headers: Record<string, string>;
}

const { NAMESPACE = '', VERSION = '' } = process.env;
let seen: Seen[] = [];
let arrivals = 0;

for (const port of [8080, 8081, 8082, 8083, 8084, 8085]) {
  const server = createServer((request, response) => {
    request.resume();
    const headers: Record<string, string> = {};
    // Repeated names are joined, as the proxies do.
    for (let index = 0; index < request.rawHeaders.length; index += 2) {
      const name = request.rawHeaders[index]!.toLowerCase();
      const value = request.rawHeaders[index + 1]!;
      headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
    }
    arrivals += 1;
    const arrival: Seen = {
      id: headers['user-agent'] ?? '',
      nonce: `${NAMESPACE}/${VERSION}/${arrivals}`,
      namespace: NAMESPACE,
      version: VERSION,
      port,
      path: request.url ?? '',
      authority: headers.host ?? '',
      method: request.method ?? '',
      headers,
    };
    seen.push(arrival);
    const answer = () => {
      response.statusCode = Number(headers['x-echo-status'] ?? 200);
      response.setHeader('content-type', 'application/json');
      response.setHeader('x-r', 'echo');
      response.setHeader('x-s', 'echo');
      response.end(JSON.stringify(arrival));
    };
    const delay = Number(headers['x-echo-delay'] ?? 0);
    if (delay > 0) setTimeout(answer, delay);
    else answer();
  });
  server.keepAliveTimeout = 120_000;
  server.listen(port, '0.0.0.0');
}

/** Tells what was seen, and forgets it. */
createServer((_, response) => {
  response.end(JSON.stringify(seen));
  seen = [];
}).listen(9999, '0.0.0.0');
