/** What is there before any case: namespaces, pods that echo, pods that send, a gateway, Services of every slot. */
import type { JsonObject, KubeObject } from '../../src/object.ts';
import { CLIENTS, NAMESPACES, slotName } from './case.ts';

/** Labels of everything that this test makes, so that it can be taken away again. */
export const OURS = { 'meshbot.test/truth': 'yes' };

/** The app of pods that have a proxy in front of them. */
export const GUARD = 'guard';
/** Says of a request which case it is of, for policies, which are for pods and not for hosts. */
export const CASE_HEADER = 'x-case';

/** Ports that every echo listens on. Each Service of a slot has its own, which tells which Service was meant. */
export const ECHO_PORTS = [8080, 8081, 8082, 8083, 8084, 8085] as const;
/** Where sending pods take orders, and echoing pods tell what they saw. */
export const CONTROL_PORT = 9999;

const VERSIONS = { [NAMESPACES.a]: ['v1', 'v2'], [NAMESPACES.b]: ['v1', 'v2', 'v3'], [NAMESPACES.c]: ['v1', 'v2'] };

export interface Images {
  /** Has `node` on its path. */
  node: string;
}

export function namespaces(): KubeObject[] {
  return [NAMESPACES.a, NAMESPACES.b, NAMESPACES.c, NAMESPACES.gate].map(name => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { ...OURS } },
  }));
}

/** `scripts`: file name → program text, as the pods run it. */
export function pods(images: Images, scripts: Record<string, string>): KubeObject[] {
  const spaces = [NAMESPACES.a, NAMESPACES.b, NAMESPACES.c, NAMESPACES.gate];
  return [
    ...spaces.map(namespace => object('v1', 'ConfigMap', 'truth', namespace, {}, { data: scripts })),
    ...Object.entries(VERSIONS).flatMap(([namespace, versions]) =>
      versions.map(version => echoPod(images, namespace, version)),
    ),
    // Behind a proxy of its own, which asks who comes.
    echoPod(images, NAMESPACES.c, 'v1', {}, GUARD),
    // Never Ready, so that a subset of it is empty.
    echoPod(images, NAMESPACES.b, 'v4', { readinessProbe: { tcpSocket: { port: 1 }, periodSeconds: 3600 } }),
    ...Object.entries(CLIENTS).map(([name, { namespace, role }]) => {
      const labels = { app: 'caller', role, 'sidecar.istio.io/inject': role === 'outside' ? 'false' : 'true' };
      return pod(name, namespace, labels, { containers: [program(images, 'send.mjs')] });
    }),
    gatewayPod(),
  ];
}

export function services(slots: number): KubeObject[] {
  const both = [80, 8000].map(port => ({ name: `http-${port}`, port, targetPort: 8085 }));
  return [
    gatewayService(),
    service('guarded', NAMESPACES.c, { app: GUARD }, [{ name: 'http', port: 80, targetPort: 8080 }]),
    service('landing', NAMESPACES.b, { app: 'echo' }, both),
    service('marker', NAMESPACES.a, { app: 'echo' }, both),
    ...Array.from({ length: slots }, (_, index) => slotServices(index)).flat(),
  ];
}

/** Slots whose numbers differ by this have Services of the same kind: some have a second port, some hide their details. */
export const SLOT_KINDS = 10;

/** reviews in two namespaces, ratings with one version, details that not everybody may see, and one with no pods. */
function slotServices(index: number): KubeObject[] {
  const slot = slotName(index);
  const { a, b, c } = NAMESPACES;
  const two = index % 2 === 1 ? [{ name: 'http-more', port: 8000, targetPort: 8081 }] : [];
  const seen: Record<string, string>[] = [
    {},
    {},
    {},
    { 'networking.istio.io/exportTo': '.' },
    { 'networking.istio.io/exportTo': `.,${b}` },
  ];
  return [
    service(`reviews-${slot}`, b, { app: 'echo' }, [{ name: 'http', port: 80, targetPort: 8080 }, ...two]),
    service(`ratings-${slot}`, b, { app: 'echo', version: 'v1' }, [
      { name: 'web', appProtocol: 'http', port: 80, targetPort: 8082 },
    ]),
    service(`reviews-${slot}`, c, { app: 'echo' }, [{ name: 'http-web', port: 80, targetPort: 8083 }]),
    service(`details-${slot}`, a, { app: 'echo' }, [{ name: 'http', port: 80, targetPort: 8084 }], seen[index % 5]),
    service(`guarded-${slot}`, c, { app: GUARD }, [{ name: 'http', port: 80, targetPort: 8080 }]),
    service(`empty-${slot}`, c, { app: 'nobody' }, [{ name: 'http', port: 80, targetPort: 8080 }]),
  ];
}

/** Pods that only receive need to know nothing of the mesh, and nobody wants so many spans. */
export function quiet(): KubeObject[] {
  const egress = [{ hosts: ['~/*'] }];
  return [
    ...[NAMESPACES.a, NAMESPACES.b, NAMESPACES.c].map(namespace =>
      object(
        'networking.istio.io/v1',
        'Sidecar',
        'quiet',
        namespace,
        {},
        {
          spec: { workloadSelector: { labels: { app: GUARD } }, egress },
        },
      ),
    ),
    ...[NAMESPACES.a, NAMESPACES.b, NAMESPACES.c, NAMESPACES.gate].map(namespace =>
      object(
        'telemetry.istio.io/v1',
        'Telemetry',
        'quiet',
        namespace,
        {},
        {
          spec: { tracing: [{ disableSpanReporting: true }] },
        },
      ),
    ),
  ];
}

/** For proxies of a namespace that has nothing to do with it: they need not hear of all that goes on here. */
export function bystanding(namespace: string): KubeObject {
  const spec = { egress: [{ hosts: ['./*', 'istio-system/*'] }] };
  return object('networking.istio.io/v1', 'Sidecar', 'truth-bystanders', namespace, {}, { spec });
}

export function object(
  apiVersion: string,
  kind: string,
  name: string,
  namespace: string,
  labels: Record<string, string>,
  rest: JsonObject,
): KubeObject {
  return { apiVersion, kind, metadata: { name, namespace, labels: { ...OURS, ...labels } }, ...rest };
}

function service(
  name: string,
  namespace: string,
  selector: Record<string, string>,
  ports: JsonObject[],
  annotations: Record<string, string> = {},
): KubeObject {
  const made = object('v1', 'Service', name, namespace, {}, { spec: { selector, ports } });
  return { ...made, metadata: { ...made.metadata, annotations } };
}

function gatewayService(): KubeObject {
  return service('gate', NAMESPACES.gate, { istio: 'truth-gate' }, [
    { name: 'http2', port: 80, targetPort: 8080 },
    { name: 'http-more', port: 8000, targetPort: 8081 },
  ]);
}

function pod(name: string, namespace: string, labels: Record<string, string>, spec: JsonObject): KubeObject {
  const made = object('v1', 'Pod', name, namespace, labels, {
    spec: {
      terminationGracePeriodSeconds: 0,
      volumes: [{ name: 'truth', configMap: { name: 'truth' } }],
      ...spec,
    },
  });
  const annotations = { 'traffic.sidecar.istio.io/excludeInboundPorts': String(CONTROL_PORT) };
  return { ...made, metadata: { ...made.metadata, annotations } };
}

function echoPod(images: Images, namespace: string, version: string, more: JsonObject = {}, app = 'echo'): KubeObject {
  const container = { ...program(images, 'echo.mjs'), ...more };
  const labels = { app, version, 'sidecar.istio.io/inject': app === GUARD ? 'true' : 'false' };
  return pod(`${app}-${version}`, namespace, labels, { containers: [container] });
}

function program(images: Images, script: string): JsonObject {
  const field = (name: string, fieldPath: string): JsonObject => ({ name, valueFrom: { fieldRef: { fieldPath } } });
  return {
    name: 'main',
    image: images.node,
    imagePullPolicy: 'IfNotPresent',
    command: ['node', `/truth/${script}`],
    env: [field('NAMESPACE', 'metadata.namespace'), field('VERSION', "metadata.labels['version']")],
    volumeMounts: [{ name: 'truth', mountPath: '/truth' }],
    readinessProbe: { tcpSocket: { port: CONTROL_PORT }, periodSeconds: 1 },
  };
}

// Kubernetes takes the image `auto` for a latest one, which it would always pull.
function gatewayPod(): KubeObject {
  const labels = { istio: 'truth-gate', 'sidecar.istio.io/inject': 'true' };
  const made = pod('gate', NAMESPACES.gate, labels, {
    containers: [{ name: 'istio-proxy', image: 'auto', imagePullPolicy: 'IfNotPresent' }],
  });
  return { ...made, metadata: { ...made.metadata, annotations: { 'inject.istio.io/templates': 'gateway' } } };
}
