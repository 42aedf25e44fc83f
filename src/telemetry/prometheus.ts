/**
 * The Metrics port over Prometheus' API, which Thanos and Mimir speak too.
 * https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries
 */
import { z } from 'zod';
import type { Behaviour, Metrics, Sender } from '../ports.ts';
import { addressOf, ask } from './ask.ts';
import { failureRates } from './failures.ts';

const answer = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('vector'),
    result: z.array(
      z.object({
        metric: z.object({
          destination_version: z.string().optional(),
          source_workload: z.string().optional(),
          source_workload_namespace: z.string().optional(),
        }),
        value: z.tuple([z.number(), z.string()]),
      }),
    ),
  }),
});

/**
 * `url`: `http://prometheus.istio-system:9090`; a path in front of /api is kept, as Mimir's `/prometheus`. `tenant`:
 * whose metrics, where several tenants' are kept apart. Throws TelemetryError.
 */
export function prometheus(url: string, { tenant }: { tenant?: string | undefined } = {}): Metrics {
  const byVersion = (query: string, until?: number) =>
    numbersOf({ url, tenant }, query, { until, key: metric => metric.destination_version ?? 'unknown' });
  return {
    async rateByVersion(host, window, sender) {
      const rates = await byVersion(rateQuery(host, window, sender && sentBy(sender)));
      return Object.keys(rates).length > 0 ? rates : undefined;
    },

    async rateByCaller(host, window) {
      const query = rateQuery(host, window, '', 'source_workload, source_workload_namespace');
      const named = ({ source_workload: name = 'unknown', source_workload_namespace: namespace }: Labels) =>
        name === 'unknown' || namespace === undefined ? 'unknown' : `${name}.${namespace}`;
      const rates = await numbersOf({ url, tenant }, query, { key: named });
      const heard = Object.entries(rates).filter(([, rate]) => rate > 0);
      return heard.length > 0 ? Object.fromEntries(heard) : undefined;
    },

    async behaviourByVersion(host, window, until) {
      const [rates, failures, p50, p95] = await Promise.all([
        byVersion(rateQuery(host, window), until),
        byVersion(failureQuery(host, window), until),
        byVersion(latencyQuery(host, window, 0.5), until),
        byVersion(latencyQuery(host, window, 0.95), until),
      ]);
      const seen = Object.entries(rates).map(([version, rate]): [string, Behaviour] => [
        version,
        {
          rate,
          // Where there are requests, no series of failures means that none of them failed.
          ...(rate > 0 && { errors: Math.min(1, (failures[version] ?? 0) / rate) }),
          ...(p50[version] !== undefined && { p50: p50[version] }),
          ...(p95[version] !== undefined && { p95: p95[version] }),
        },
      ]);
      return seen.length > 0 ? Object.fromEntries(seen) : undefined;
    },

    async countsByVersion(host) {
      // Asked before the counts, which can only be newer. Not everybody answers it.
      const scraped = await numbersOf({ url, tenant }, scrapedQuery(host), { key: () => 'at' }).catch(() => undefined);
      const [sent, received] = await Promise.all([
        byVersion(countQuery(seriesOf(host))),
        byVersion(countQuery(`reporter="destination",${serviceLabel(host)}`)),
      ]);
      if (Object.keys(sent).length + Object.keys(received).length === 0) return undefined;
      return { sent, received, ...(scraped?.at !== undefined && { at: scraped.at * 1_000 }) };
    },
  };
}

/** Where no Prometheus is known: nothing is. */
export const noMetrics: Metrics = { rateByVersion: async () => undefined };

type Labels = z.output<typeof answer>['data']['result'][number]['metric'];

interface Asking {
  /** Epoch ms. */
  until?: number | undefined;
  key(labels: Labels): string;
}

/** NaN and infinities say that nothing is known, and are left out. */
async function numbersOf(
  { url, tenant }: { url: string; tenant: string | undefined },
  query: string,
  { until, key }: Asking,
): Promise<Record<string, number>> {
  const address = addressOf(url, '/api/v1/query');
  address.searchParams.set('query', query);
  address.searchParams.set('timeout', '4s');
  if (until !== undefined) address.searchParams.set('time', (until / 1_000).toFixed(3));
  const found = await ask({ server: 'Prometheus', url: address, schema: answer, tenant });
  const numbers: Record<string, number> = {};
  for (const { metric, value } of found?.data.result ?? []) {
    const number = Number(value[1]);
    if (Number.isFinite(number)) numbers[key(metric)] = number;
  }
  return numbers;
}

/** What no pod answered (UH, NR) has the version `unknown`. */
function rateQuery(host: string, window: number, matcher = '', by = 'destination_version'): string {
  return `sum by (${by}) (rate(istio_requests_total{${seriesOf(host)}${matcher}}[${seconds(window)}]))`;
}

function failureQuery(host: string, window: number): string {
  return `sum by (destination_version) (${failureRates(seriesOf(host), `[${seconds(window)}]`)})`;
}

/** A proxy does not count the copies that it sends to a mirror; the one that gets them does. */
function countQuery(series: string): string {
  return `sum by (destination_version) (istio_requests_total{${series}})`;
}

/** Epoch seconds of the oldest of the last scrapes of all proxies that count the host's requests. */
function scrapedQuery(host: string): string {
  return `min(timestamp(istio_requests_total{${serviceLabel(host)}}))`;
}

function latencyQuery(host: string, window: number, quantile: number): string {
  const buckets = `istio_request_duration_milliseconds_bucket{${seriesOf(host)}}[${seconds(window)}]`;
  return `histogram_quantile(${quantile}, sum by (destination_version, le) (rate(${buckets})))`;
}

/** Counted where requests are sent, each once; in ambient mode by the waypoint. https://istio.io/latest/docs/reference/config/metrics/ */
function seriesOf(host: string): string {
  return `reporter=~"source|waypoint",${serviceLabel(host)}`;
}

/** https://istio.io/latest/docs/ops/deployment/deployment-model/ says how a workload gets its canonical name. */
function sentBy({ name, namespace }: Sender): string {
  return `,source_canonical_service=${JSON.stringify(name)},source_workload_namespace=${JSON.stringify(namespace)}`;
}

function serviceLabel(host: string): string {
  return `destination_service=${JSON.stringify(host)}`;
}

function seconds(window: number): string {
  return `${Math.max(1, Math.round(window))}s`;
}
