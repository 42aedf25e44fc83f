/** Zipkin, Jaeger and Prometheus on the node, and what makes Istio's metrics and load balancers. */
import { writeFileSync } from 'node:fs';
import { dump } from 'js-yaml';
import { NODE, PORT, PROJECT, program, running } from '../places.ts';
import { start } from './processes.ts';

export function startTelemetry(): void {
  start('zipkin', 'java', ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-jar', program('zipkin.jar')]);
  start('jaeger', 'jaeger', [
    `--collector.zipkin.host-port=:${PORT.jaegerSpans}`,
    `--query.http-server.host-port=:${PORT.jaeger}`,
    '--memory.max-traces=5000',
  ]);
  const scrape = { job_name: 'mesh', static_configs: [{ targets: [`127.0.0.1:${PORT.metrics}`] }] };
  const config = { global: { scrape_interval: '1s' }, scrape_configs: [scrape] };
  writeFileSync(running('prometheus.yaml'), dump(config));
  start('prometheus', 'prometheus', [
    `--config.file=${running('prometheus.yaml')}`,
    `--storage.tsdb.path=${running('prometheus')}`,
    `--web.listen-address=:${PORT.prometheus}`,
  ]);
}

export function startBeside(): void {
  start('beside', process.execPath, [`${PROJECT}/test/mesh/beside/main.ts`]);
}

/** From inside the lab. */
export const TELEMETRY = {
  zipkin: `http://${NODE.address}:${PORT.zipkin}`,
  jaeger: `http://${NODE.address}:${PORT.jaeger}`,
  prometheus: `http://${NODE.address}:${PORT.prometheus}`,
};
