import { describe, expect, it } from 'vitest';
import { World } from '../../src/istio/world.ts';
import type { KubeObject } from '../../src/object.ts';
import { telemetryOf } from '../../src/start/telemetry.ts';
import { keptLog } from '../kubernetes/server.ts';

function service(namespace: string, name: string, port: number): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { ports: [{ port }] } };
}

const SERVICES = [
  service('istio-system', 'zipkin', 9411),
  service('monitoring', 'prometheus', 9090),
  service('monitoring', 'thanos-query', 9090),
];

function started(configured: Parameters<typeof telemetryOf>[0], { isInside = true, services = SERVICES } = {}) {
  const log = keptLog();
  const telemetry = telemetryOf(configured, { world: new World(services), isInside, log });
  return { telemetry, lines: log.lines };
}

describe('telemetry at the start', () => {
  it('is what was found in the cluster, which the log says', () => {
    const { telemetry, lines } = started({});
    expect(telemetry).toEqual({
      zipkin: 'http://zipkin.istio-system:9411',
      prometheus: 'http://prometheus.monitoring:9090',
    });
    expect(lines).toEqual([
      {
        level: 'info',
        message: 'telemetry found in the cluster',
        fields: { found: telemetry, passed: ['http://thanos-query.monitoring:9090'] },
      },
    ]);
  });

  it('is what is configured, and found only for the rest', () => {
    const jaeger = 'https://jaeger.example.com';
    const { telemetry, lines } = started({ jaeger, tenant: 'shop' });
    expect(telemetry).toEqual({ jaeger, tenant: 'shop', prometheus: 'http://prometheus.monitoring:9090' });
    expect(lines).toHaveLength(1);
    const all = { zipkin: 'https://zipkin.example.com', prometheus: 'https://prometheus.example.com' };
    expect(started(all)).toEqual({ telemetry: all, lines: [] });
  });

  it('is not asked by names of the cluster from outside of it, and the log says what to do', () => {
    const { telemetry, lines } = started({}, { isInside: false });
    expect(telemetry).toEqual({});
    expect(lines).toMatchObject([{ level: 'warn', fields: { found: { zipkin: 'http://zipkin.istio-system:9411' } } }]);
    expect(lines[0]!.message).toContain('forward and configure it');
  });

  it('is missed where there is none', () => {
    const { telemetry, lines } = started({}, { services: [] });
    expect(telemetry).toEqual({});
    expect(lines.map(({ message }) => message)).toEqual([
      expect.stringContaining('no tracer is known'),
      expect.stringContaining('no Prometheus is known'),
    ]);
  });
});
