/** What meshbot sees of the mesh besides its objects: probes, traces, metrics, and the proof made from them. */
import type { Receipt } from '../change/meshchange.ts';
import type { Applied } from '../change/phases.ts';
import type { Plan } from '../change/plan.ts';
import type { Configuration } from '../config/settings.ts';
import type { World } from '../istio/world.ts';
import type { KubeClient } from '../kubernetes/client.ts';
import type { Clock, Metrics, Probe, Random, Traces } from '../ports.ts';
import { MeshProbe } from '../probe/probe.ts';
import { prove } from '../proof/prove.ts';
import { noMetrics, prometheus } from '../telemetry/prometheus.ts';
import { noTraces, zipkin } from '../telemetry/zipkin.ts';

export interface Senses {
  probe: Probe;
  traces: Traces;
  metrics: Metrics;
  prove(change: Applied, signal: AbortSignal): Promise<Receipt>;
  close(): Promise<void>;
}

export interface SensesOptions {
  configuration: Configuration;
  client: KubeClient;
  world: World;
  clock: Clock;
  random: Random;
}

export function sensesOf({ configuration, client, world, clock, random }: SensesOptions): Senses {
  const { telemetry } = configuration;
  const probe = new MeshProbe({ client, clock, random, world, gateway: configuration.gateway });
  const traces =
    telemetry.zipkin === undefined ? noTraces : zipkin({ url: telemetry.zipkin, link: telemetry.traceLink });
  const metrics = telemetry.prometheus === undefined ? noMetrics : prometheus(telemetry.prometheus);
  return {
    ...{ probe, traces, metrics },
    prove(change, signal) {
      const { plan } = change.status;
      const changed = grown(plan);
      return prove(
        plan.expectation,
        { probe, traces, metrics, clock, random },
        {
          signal,
          ...(changed !== undefined && { changed }),
        },
      );
    },
    close: () => probe.close(),
  };
}

/** The version that gets more than before: the trace of one of its requests is what people want to see. */
function grown({ traffic, expectation }: Plan): string | undefined {
  const more = traffic
    .filter(row => row.after > row.before)
    .sort((a, b) => b.after - b.before - (a.after - a.before))[0];
  return Object.keys(expectation.shares).find(version => more?.destination.endsWith(` ${version}`));
}
