/** The meter's counters as a Prometheus scrape reads them. */
import type { Meter } from './meter.ts';
import { METRICS, timeSeries } from './samples.ts';

const TYPES: Record<string, string> = {
  istio_requests_total: '# TYPE istio_requests_total counter\n',
  istio_request_duration_milliseconds_bucket: '# TYPE istio_request_duration_milliseconds histogram\n',
};

export function exposition(meter: Meter): string {
  const now = Math.floor(meter.now());
  return METRICS.map(name => {
    const lines = timeSeries(meter, name).map(each => {
      const labels = Object.entries(each.labels).map(([label, value]) => `${label}="${escaped(value)}"`);
      return `${name}{${labels.join(',')}} ${each.at(now)}\n`;
    });
    return (TYPES[name] ?? '') + lines.join('');
  }).join('');
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
