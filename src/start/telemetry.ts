/** Where telemetry is: what the configuration says, and for the rest what the cluster's Services tell. Says so in the log. */
import type { Configuration } from '../config/settings.ts';
import type { World } from '../istio/world.ts';
import type { Log } from '../ports.ts';
import { findTelemetry } from '../telemetry/find.ts';

type Telemetry = Configuration['telemetry'];

interface Surroundings {
  world: World;
  /** Whether meshbot is in the cluster, where names of Services are addresses. */
  isInside: boolean;
  log: Log;
}

export function telemetryOf(configured: Telemetry, { world, isInside, log }: Surroundings): Telemetry {
  const { zipkin, jaeger, tempo, prometheus } = configured;
  const hasTracer = [zipkin, jaeger, tempo].some(url => url !== undefined);
  const { tracer, metrics, others } = findTelemetry(world);
  const found = {
    ...(!hasTracer && tracer && { [tracer.server]: tracer.url }),
    ...(prometheus === undefined && metrics && { prometheus: metrics.url }),
  };
  if (Object.keys(found).length > 0 && !isInside) {
    log.warn({ found }, 'telemetry is in the cluster, but its names lead nowhere from here: forward and configure it');
    return configured;
  }
  const telemetry = { ...configured, ...found };
  const passed = others
    .filter(({ server }) => (server === 'prometheus' ? 'prometheus' in found : !hasTracer))
    .map(({ url }) => url);
  if (Object.keys(found).length > 0) log.info({ found, passed }, 'telemetry found in the cluster');
  if (!hasTracer && !tracer)
    log.warn({}, 'no tracer is known: changes are proven without traces; set telemetry.zipkin');
  if (prometheus === undefined && !metrics) log.warn({}, 'no Prometheus is known: set telemetry.prometheus');
  return telemetry;
}
