/** The Metrics port over Prometheus. https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries */
import { z } from 'zod';
import type { Metrics } from '../ports.ts';
import { ask } from './ask.ts';

const answer = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('vector'),
    result: z.array(
      z.object({
        metric: z.object({ destination_version: z.string().optional() }),
        value: z.tuple([z.number(), z.string()]),
      }),
    ),
  }),
});

/** `url`: `http://prometheus.istio-system:9090`; a path in front of /api is kept. Throws TelemetryError. */
export function prometheus(url: string): Metrics {
  return {
    async rateByVersion(host, window) {
      const address = new URL(`${url.replace(/\/+$/, '')}/api/v1/query`);
      address.searchParams.set('query', rateQuery(host, window));
      address.searchParams.set('timeout', '4s');
      const found = await ask('Prometheus', address, answer);
      const rates: Record<string, number> = {};
      for (const { metric, value } of found?.data.result ?? []) {
        const rate = Number(value[1]);
        // NaN and infinities say that nothing is known.
        if (Number.isFinite(rate)) rates[metric.destination_version ?? 'unknown'] = rate;
      }
      return Object.keys(rates).length > 0 ? rates : undefined;
    },
  };
}

/** Where no Prometheus is configured: nothing is known. */
export const noMetrics: Metrics = { rateByVersion: async () => undefined };

/** Counted where requests are sent, each once; in ambient mode by the waypoint. https://istio.io/latest/docs/reference/config/metrics/ */
function rateQuery(host: string, window: number): string {
  const service = JSON.stringify(host);
  const requests = `istio_requests_total{reporter=~"source|waypoint",destination_service=${service}}`;
  return `sum by (destination_version) (rate(${requests}[${Math.max(1, Math.round(window))}s]))`;
}
