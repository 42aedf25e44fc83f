/** Runs in a pod: takes a list of requests, sends them some at a time, and answers with what came back. */
import { Agent, request as ask, createServer } from 'node:http';

interface Order {
  id: string;
  address: string;
  port: number;
  host: string;
  path: string;
  method: string;
  headers: Record<string, string>;
}

interface Back {
  id: string;
  /** 0: no answer. */
  status: number;
  headers: Record<string, string>;
  body: string;
  /** ms. */
  took: number;
  error?: string;
}

const PATIENCE = 5_000;

function sent(order: Order, agent: Agent): Promise<Back> {
  const start = performance.now();
  const { id, address, port, path, method } = order;
  const headers = { ...order.headers, host: order.host, 'user-agent': id };
  return new Promise(resolve => {
    const failed = (error: string) =>
      resolve({ id, status: 0, headers: {}, body: '', took: performance.now() - start, error });
    const going = ask(
      { host: address, port, path, method, headers, agent, setHost: false, timeout: PATIENCE },
      response => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', chunk => {
          body += chunk;
        });
        response.on('error', cause => failed(cause.message));
        response.on('end', () => {
          const given: Record<string, string> = {};
          for (const [name, value] of Object.entries(response.headers)) given[name] = String(value);
          for (const name of ['x-r', 'x-s', 'x-t']) {
            const all = response.headersDistinct[name];
            if (all) given[name] = all.join(',');
          }
          resolve({ id, status: response.statusCode ?? 0, headers: given, body, took: performance.now() - start });
        });
      },
    );
    going.on('timeout', () => going.destroy(new Error('timed out')));
    going.on('error', cause => failed(cause.message));
    going.end();
  });
}

async function all(orders: Order[], lanes: number): Promise<Back[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: lanes });
  const back: Back[] = [];
  let next = 0;
  const lane = async () => {
    while (next < orders.length) {
      const order = orders[next];
      next += 1;
      if (order) back.push(await sent(order, agent));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  agent.destroy();
  return back;
}

createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8');
  request.on('data', chunk => {
    text += chunk;
  });
  request.on('end', () => {
    const { orders, lanes } = JSON.parse(text || '{"orders":[],"lanes":1}') as { orders: Order[]; lanes: number };
    // Whoever is in between waits only so long for something to arrive; blanks before JSON mean nothing.
    const beat = setInterval(() => response.write(' '), 2_000);
    void all(orders, lanes).then(back => {
      clearInterval(beat);
      response.end(JSON.stringify(back));
    });
  });
}).listen(9999, '0.0.0.0');
