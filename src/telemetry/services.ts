/**
 * How all services of the mesh do, now or at another time: three questions, however many services there are.
 * https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries
 */
import { z } from 'zod';
import type { Behaviour, Metrics } from '../ports.ts';
import { addressOf, ask } from './ask.ts';
import { failureRates } from './failures.ts';

const answer = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('vector'),
    result: z.array(
      z.object({
        metric: z.object({ destination_service: z.string().optional() }),
        value: z.tuple([z.number(), z.string()]),
      }),
    ),
  }),
});

/** The part of the Metrics port that asks for all. `url` and `tenant` as of `prometheus`. It throws TelemetryError. */
export function allServices(
  url: string,
  { tenant }: { tenant?: string | undefined } = {},
): Required<Pick<Metrics, 'services'>> {
  return {
    async services(window, at) {
      const time = at === undefined ? undefined : String(at / 1_000);
      const range = `[${Math.max(1, Math.round(window))}s]`;
      const [rates, failed, p95] = await Promise.all([
        numbersOf(url, tenant, requests(range), time),
        numbersOf(url, tenant, failures(range), time),
        numbersOf(url, tenant, latency(range), time),
      ]);
      const seen = [...rates].map(([host, rate]): [string, Behaviour] => {
        const most = p95.get(host);
        // Where there are requests, no series of failures means that none of them failed.
        const errors = rate > 0 ? { errors: Math.min(1, (failed.get(host) ?? 0) / rate) } : {};
        return [host, { rate, ...errors, ...(most !== undefined && { p95: most }) }];
      });
      return Object.fromEntries(seen);
    },
  };
}

/** NaN and infinities say that nothing is known, and are left out. What reached no service has the host `unknown`. */
async function numbersOf(
  url: string,
  tenant: string | undefined,
  query: string,
  time: string | undefined,
): Promise<Map<string, number>> {
  const address = addressOf(url, '/api/v1/query');
  address.searchParams.set('query', query);
  address.searchParams.set('timeout', '4s');
  if (time !== undefined) address.searchParams.set('time', time);
  const found = await ask({ server: 'Prometheus', url: address, schema: answer, tenant });
  const numbers = new Map<string, number>();
  for (const { metric, value } of found?.data.result ?? []) {
    const host = metric.destination_service ?? '';
    const number = Number(value[1]);
    if ((host.includes('.') || host === 'unknown') && Number.isFinite(number)) numbers.set(host, number);
  }
  return numbers;
}

/** Counted where requests are sent, each once; in ambient mode by the waypoint. https://istio.io/latest/docs/reference/config/metrics/ */
const SENT = 'reporter=~"source|waypoint"';

function requests(range: string): string {
  return `sum by (destination_service) (rate(istio_requests_total{${SENT}}${range}))`;
}

function failures(range: string): string {
  return `sum by (destination_service) (${failureRates(SENT, range)})`;
}

function latency(range: string): string {
  const buckets = `istio_request_duration_milliseconds_bucket{${SENT}}${range}`;
  return `histogram_quantile(0.95, sum by (destination_service, le) (rate(${buckets})))`;
}
