import { describe, expect, it } from 'vitest';
import { World } from '../../src/istio/world.ts';
import type { JsonObject, KubeObject } from '../../src/object.ts';
import { findTelemetry } from '../../src/telemetry/find.ts';

interface Given {
  port: number;
  name?: string;
  targetPort?: number | string;
}

function service(path: string, ports: Given[], spec: JsonObject = {}): KubeObject {
  const [namespace = '', name = ''] = path.split('/');
  const listed = ports.map(port => ({ ...port }) as JsonObject);
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { ports: listed, ...spec } };
}

const found = (...services: KubeObject[]) => findTelemetry(new World(services));

/** What Istio's samples/addons/jaeger.yaml brings. */
const JAEGER_ADDON = [
  service(
    'istio-system/tracing',
    [
      { name: 'http-query', port: 80, targetPort: 16686 },
      { name: 'grpc-query', port: 16685, targetPort: 16685 },
    ],
    { selector: { app: 'jaeger' } },
  ),
  service('istio-system/zipkin', [{ name: 'http-query', port: 9411, targetPort: 9411 }], {
    selector: { app: 'jaeger' },
  }),
  service('istio-system/jaeger-collector', [{ name: 'http-zipkin', port: 9411, targetPort: 9411 }], {
    selector: { app: 'jaeger' },
  }),
];

describe('telemetry in the cluster', () => {
  it('is Istio’s Jaeger addon below its path, and not the `zipkin` that only takes spans in', () => {
    expect(found(...JAEGER_ADDON)).toEqual({
      tracer: { server: 'jaeger', service: 'istio-system/tracing', url: 'http://tracing.istio-system:80/jaeger' },
      others: [],
    });
    expect(found(JAEGER_ADDON[1]!, JAEGER_ADDON[2]!)).toEqual({ others: [] });
  });

  it('is Istio’s Zipkin addon, once', () => {
    const { tracer, others } = found(
      service('istio-system/tracing', [{ port: 80, targetPort: 9411 }], { selector: { app: 'zipkin' } }),
      service('istio-system/zipkin', [{ port: 9411, targetPort: 9411 }], { selector: { app: 'zipkin' } }),
    );
    expect(tracer).toMatchObject({ server: 'zipkin', url: 'http://tracing.istio-system:80' });
    expect(others).toMatchObject([{ server: 'zipkin', url: 'http://zipkin.istio-system:9411' }]);
  });

  it.each<[string, Given[], string, string]>([
    ['istio-system/zipkin', [{ port: 9411 }], 'zipkin', 'http://zipkin.istio-system:9411'],
    [
      'observability/jaeger-query',
      [
        { name: 'grpc-query', port: 16685 },
        { name: 'http-query', port: 16686 },
      ],
      'jaeger',
      'http://jaeger-query.observability:16686',
    ],
    [
      'tracing/my-jaeger-query',
      [{ name: 'query', port: 80, targetPort: 'query' }],
      'jaeger',
      'http://my-jaeger-query.tracing:80',
    ],
    [
      'monitoring/tempo',
      [
        { name: 'tempo-query-jaeger-ui', port: 16686 },
        { name: 'tempo-prom-metrics', port: 3200 },
      ],
      'tempo',
      'http://tempo.monitoring:3200',
    ],
    [
      'observability/tempo-query-frontend',
      [
        { name: 'grpc', port: 9095 },
        { name: 'http-metrics', port: 3100 },
      ],
      'tempo',
      'http://tempo-query-frontend.observability:3100',
    ],
    ['istio-system/prometheus', [{ name: 'http', port: 9090 }], 'prometheus', 'http://prometheus.istio-system:9090'],
    [
      'monitoring/prometheus-server',
      [{ name: 'http', port: 80 }],
      'prometheus',
      'http://prometheus-server.monitoring:80',
    ],
    [
      'monitoring/kube-prometheus-stack-prometheus',
      [
        { name: 'reloader-web', port: 8080 },
        { name: 'http-web', port: 9090 },
      ],
      'prometheus',
      'http://kube-prometheus-stack-prometheus.monitoring:9090',
    ],
    ['monitoring/thanos-query', [{ name: 'http', port: 9090 }], 'prometheus', 'http://thanos-query.monitoring:9090'],
    ['mimir/mimir-nginx', [{ name: 'http-metric', port: 80 }], 'prometheus', 'http://mimir-nginx.mimir:80/prometheus'],
  ])('is %s by its name and port', (path, ports, server, url) => {
    const { tracer, metrics } = found(service(path, ports));
    expect(tracer ?? metrics).toEqual({ server, service: path, url });
  });

  it('is not what merely has such a name: another port, a namespace of apps, a name for something outside', () => {
    expect(
      found(
        service('istio-system/prometheus', [{ port: 22 }]),
        service('default/zipkin', [{ port: 9411 }]),
        service('monitoring/tempo', [{ port: 3200 }], { type: 'ExternalName', externalName: 'tempo.example.com' }),
        service('monitoring/prometheus-alertmanager', [{ port: 9090 }]),
      ),
    ).toEqual({ others: [] });
  });

  it('prefers the mesh’s own to others, and names those too', () => {
    const { metrics, others } = found(
      service('monitoring/thanos-query', [{ port: 9090 }]),
      service('monitoring/prometheus', [{ port: 9090 }]),
      service('istio-system/prometheus', [{ port: 9090 }]),
    );
    expect(metrics!.service).toBe('istio-system/prometheus');
    expect(others.map(({ service }) => service)).toEqual(['monitoring/prometheus', 'monitoring/thanos-query']);
  });

  it('is looked for in Istio’s root namespace, whatever its name', () => {
    const world = new World([service('mesh-root/prometheus', [{ port: 9090 }])], 'mesh-root');
    expect(findTelemetry(world).metrics!.url).toBe('http://prometheus.mesh-root:9090');
  });
});
