/** What meshbot sees of the mesh besides its objects: probes, traces, metrics, and the proof made from them. */
import { objectAt } from '../change/course/step-writes.ts';
import type { Doing, MeshChange, Receipt, WrittenObject } from '../change/meshchange.ts';
import type { Applied } from '../change/phases.ts';
import type { Configuration } from '../config/settings.ts';
import { serviceOf } from '../istio/hosts.ts';
import { brokenAt } from '../istio/route/broken.ts';
import type { World } from '../istio/world.ts';
import type { KubeClient } from '../kubernetes/client.ts';
import { isObject, type KubeObject } from '../object.ts';
import type { Plan } from '../plan.ts';
import type { Certificates, Clock, Log, MeshProxy, Metrics, Probe, Random, Traces, Write } from '../ports.ts';
import { gatewayCertificates } from '../probe/certificates.ts';
import { MeshProbe } from '../probe/probe.ts';
import { proxiesOf } from '../probe/proxies.ts';
import { convergence } from '../proof/held/convergence.ts';
import { isMeantFor as meantFor } from '../proof/held/meant.ts';
import { prove, risingVersion } from '../proof/prove.ts';
import { noMetrics, prometheus } from '../telemetry/prometheus.ts';
import { allServices } from '../telemetry/services.ts';
import { tracesOf } from '../telemetry/traces.ts';
import { telemetryOf } from './telemetry.ts';

export interface Senses {
  probe: Probe;
  traces: Traces;
  metrics: Metrics;
  certificates: Certificates;
  prove(change: Applied, signal: AbortSignal, tell: (progress: string) => void): Promise<Receipt>;
  /** Which proxies hold what was written, now. Never rejects. */
  held(change: MeshChange): Promise<Receipt['proxies']>;
  close(): Promise<void>;
}

export interface SensesOptions {
  configuration: Configuration;
  client: KubeClient;
  /** Synced: telemetry that is not configured is looked for among its Services. */
  world: World;
  /** Whether meshbot is in the cluster, where names of Services are addresses. */
  isInside: boolean;
  clock: Clock;
  random: Random;
  log: Log;
}

/** ms that proxies are given to answer when they are looked at once more. */
const AGAIN = 5_000;

/** Seconds. */
const BEFORE = 60;

/** Never rejects: it is an extra. */
async function doingUntil(metrics: Metrics, host: string, at: number): Promise<Doing | undefined> {
  const byVersion = await metrics.behaviourByVersion?.(host, BEFORE, at).catch(() => undefined);
  return byVersion && { byVersion, window: BEFORE, at };
}

/** From what was before all steps to what the last one left. */
function writtenRoute(plan: Plan): Write | undefined {
  const write = plan.writes.findLast(({ ref }) => ref.kind === 'VirtualService');
  const after = write && objectAt(plan, write.ref, (plan.rollout?.steps.length ?? 1) - 1);
  return after ? { ...write, after } : write;
}

/** What the VirtualService was on the way there, where it went by steps: older routes that a proxy may be stuck on. */
function olderRoutes(plan: Plan, { ref }: Write): KubeObject[] {
  const steps = plan.rollout?.steps.slice(0, -1) ?? [];
  return steps.flatMap((_, step) => objectAt(plan, ref, step) ?? []);
}

/** The one port of the one service that the VirtualService routes; undefined: several, or who knows. */
function onlyPort(world: World, host: string, write: Write | undefined): number | undefined {
  const hosts = (write?.after ?? write?.before)?.spec?.hosts;
  const service = serviceOf(host);
  const ports = service && world.get('Service', service.namespace, service.name)?.spec?.ports;
  if (!Array.isArray(hosts) || hosts.length !== 1 || !Array.isArray(ports) || ports.length !== 1) return undefined;
  const [only] = ports;
  return isObject(only) && typeof only.port === 'number' ? only.port : undefined;
}

export function sensesOf({ configuration, client, world, isInside, clock, random, log }: SensesOptions): Senses {
  const telemetry = telemetryOf(configuration.telemetry, { world, isInside, log });
  const probe = new MeshProbe({ client, clock, random, world, gateway: configuration.gateway });
  const traces = tracesOf(telemetry);
  const { prometheus: server, tenant } = telemetry;
  const metrics =
    server === undefined ? noMetrics : { ...prometheus(server, { tenant }), ...allServices(server, { tenant }) };
  const proxies = proxiesOf({ client, clock, world });
  const isMeantFor = (proxy: MeshProxy, virtualService: KubeObject) => meantFor(world, proxy, virtualService);
  const broken = (host: string): string[] => brokenAt(world, host);
  const writtenBy = (plan: Plan, done: WrittenObject[]) => {
    const write = writtenRoute(plan);
    const port = onlyPort(world, plan.expectation.host, write);
    const at = done.at(-1)?.at ?? clock.now();
    return write && { write, older: olderRoutes(plan, write), at, ...(port !== undefined && { port }) };
  };
  return {
    ...{ probe, traces, metrics },
    certificates: gatewayCertificates({ world, gateway: configuration.gateway }),
    async held({ status }) {
      const written = status?.plan && writtenBy(status.plan, status.written);
      if (!written) return undefined;
      const { at: since, ...what } = written;
      const found = await convergence({ proxies, clock, isMeantFor }, { ...what, since, patience: AGAIN }).catch(
        () => undefined,
      );
      if (!found) return undefined;
      // That they were first asked now does not say how long it took.
      const { took: _, ...held } = found;
      return held;
    },
    async prove(change, signal, tell) {
      const { plan, written: done, history } = change.status;
      // By its past, so that nothing waited for it before the write.
      const approved = history.findLast(({ phase }) => phase === 'Approved')?.at;
      const before = approved === undefined ? undefined : doingUntil(metrics, plan.expectation.host, approved);
      const changed = risingVersion(plan);
      const written = writtenBy(plan, done);
      const receipt = await prove(
        plan.expectation,
        { probe, traces, metrics, clock, random, proxies, isMeantFor, broken },
        { signal, tell, ...(changed !== undefined && { changed }), ...(written && { written }) },
      );
      const doing = await before;
      return doing ? { ...receipt, before: doing } : receipt;
    },
    close: () => probe.close(),
  };
}
