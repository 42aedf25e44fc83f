/**
 * The adapters on the real servers of the mesh: one request from a pod, found by its own id in whichever tracer the mesh
 * reports to, and counted by Prometheus. `npm run test:mesh -- test/telemetry/real` runs it.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Traces } from '../../src/ports.ts';
import { jaeger } from '../../src/telemetry/jaeger.ts';
import { prometheus } from '../../src/telemetry/prometheus.ts';
import { zipkin } from '../../src/telemetry/zipkin.ts';
import { run } from '../mesh/shell.ts';

const {
  MESHBOT_TEST_KUBECONFIG: kubeconfig,
  MESHBOT_TEST_ZIPKIN: zipkinUrl,
  MESHBOT_TEST_JAEGER: jaegerUrl,
  MESHBOT_TEST_PROMETHEUS: prometheusUrl,
} = process.env;

/** ms until spans are written and read, or the mesh reports to another tracer. */
const PATIENCE = 60_000;

const REVIEWS = 'reviews.default';

const kubectl = (args: string[], input?: string) =>
  run('kubectl', ['--kubeconfig', kubeconfig!, ...args], input === undefined ? {} : { input });

async function ask(traceId: string): Promise<void> {
  const headers = [`x-b3-traceid: ${traceId}`, `x-b3-spanid: ${randomBytes(8).toString('hex')}`, 'x-b3-sampled: 1'];
  const curl = ['curl', '-s', '-o', '/dev/null', ...headers.flatMap(header => ['-H', header])];
  await kubectl(['exec', '-n', 'default', 'deploy/curl', '-c', 'curl', '--', ...curl, 'http://reviews:9080/reviews/0']);
}

/** Services that answered in the last trace that was seen: each proxy reports its own spans, in its own time. */
async function servicesIn(traces: Traces, wanted: string): Promise<string[]> {
  let services: string[] = [];
  for (const end = Date.now() + PATIENCE; Date.now() < end; ) {
    const traceId = randomBytes(16).toString('hex');
    await ask(traceId);
    for (let looks = 0; looks < 5; looks++) {
      await sleep(1_000);
      const hops = (await traces.find(traceId)) ?? [];
      services = hops.filter(({ side }) => side === 'server').map(({ service }) => service);
      if (services.includes(wanted)) return services;
    }
  }
  return services;
}

describe.skipIf(!kubeconfig)('the real servers', { timeout: 180_000 }, () => {
  it.skipIf(!zipkinUrl)('Zipkin shows a request by its own id', async () => {
    expect(await servicesIn(zipkin({ url: zipkinUrl!, link: undefined }), REVIEWS)).toContain(REVIEWS);
  });

  it.skipIf(!jaegerUrl)('Jaeger does, where the mesh reports to it', async () => {
    const reportsToJaeger = {
      apiVersion: 'telemetry.istio.io/v1',
      kind: 'Telemetry',
      metadata: { name: 'to-jaeger', namespace: 'default' },
      spec: { tracing: [{ providers: [{ name: 'jaeger' }], randomSamplingPercentage: 100 }] },
    };
    await kubectl(['apply', '-f', '-'], JSON.stringify(reportsToJaeger));
    try {
      expect(await servicesIn(jaeger({ url: jaegerUrl!, link: undefined }), REVIEWS)).toContain(REVIEWS);
    } finally {
      await kubectl(['delete', '-f', '-'], JSON.stringify(reportsToJaeger));
    }
  });

  it.skipIf(!prometheusUrl)('Prometheus counts requests by version', async () => {
    const metrics = prometheus(prometheusUrl!);
    let rates: Record<string, number> | undefined;
    for (const end = Date.now() + PATIENCE; Date.now() < end && !rates; await sleep(2_000)) {
      await ask(randomBytes(16).toString('hex'));
      const found = await metrics.rateByVersion('reviews.default.svc.cluster.local', 60);
      if (found && Object.values(found).some(rate => rate > 0)) rates = found;
    }
    expect(
      Object.keys(rates ?? {})
        .sort()
        .join(),
    ).toMatch(/v[123]/);
  });
});
