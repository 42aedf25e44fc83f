/** A Prometheus that says of every service what it is told to: how many requests v2 gets, and whether they fail. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Gauge {
  url: string;
  /** Share of v2's requests that fail, 0 to 1, from now on. */
  fail(share: number): void;
  close(): Promise<void>;
}

/** Requests/s of each version. */
const RATES = { v1: 900, v2: 100 };
/** ms. */
const LATENCY = 20;

export async function startGauge(): Promise<Gauge> {
  let failing = 0;
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '/', 'http://gauge').searchParams.get('query') ?? '';
    const values = query.includes('5..')
      ? { v2: RATES.v2 * failing }
      : query.startsWith('histogram_quantile')
        ? { v1: LATENCY, v2: LATENCY }
        : RATES;
    const result = Object.entries(values).map(([version, value]) => ({
      metric: { destination_version: version },
      value: [Date.now() / 1000, String(value)],
    }));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fail: share => {
      failing = share;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
}
