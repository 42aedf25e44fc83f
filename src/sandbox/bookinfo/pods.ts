/** The pods that a Deployment of the local cluster has: there is no scheduler, so they are ready from the start. */
import { createHash } from 'node:crypto';
import type { Json, JsonObject, KubeObject } from '../../object.ts';

/** Names and addresses are the same each time: made from the Deployment's name. */
export function podsOf(deployment: KubeObject, injected: boolean): KubeObject[] {
  const spec = (deployment.spec ?? {}) as { replicas?: number; template?: JsonObject };
  const template = (spec.template ?? {}) as { metadata?: { labels?: Record<string, string> }; spec?: JsonObject };
  const { name, namespace = '' } = deployment.metadata;
  const revision = digest(`${namespace}/${name}`).slice(0, 9);
  const containers = (template.spec?.containers ?? []) as JsonObject[];
  const all = injected ? [...containers, SIDECAR] : containers;
  return Array.from({ length: spec.replicas ?? 1 }, (_, index) => {
    const unique = digest(`${namespace}/${name}/${index}`);
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${name}-${revision}-${unique.slice(0, 5)}`,
        namespace,
        labels: {
          ...template.metadata?.labels,
          'pod-template-hash': revision,
          ...(injected ? canonical(template.metadata?.labels ?? {}, name) : {}),
        },
        ...(injected
          ? { annotations: { 'kubectl.kubernetes.io/default-container': String(containers[0]?.name) } }
          : {}),
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'ReplicaSet',
            name: `${name}-${revision}`,
            uid: uuid(unique),
            controller: true,
          },
        ],
      },
      spec: { ...template.spec, containers: all, nodeName: 'node-1' },
      status: {
        phase: 'Running',
        podIP: addressOf(unique),
        conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map(type => ({ type, status: 'True' })),
        containerStatuses: all.map(
          (container): Json => ({
            name: container.name ?? '',
            image: container.image ?? '',
            ready: true,
            started: true,
            restartCount: 0,
            state: { running: {} },
          }),
        ),
      },
    };
  });
}

const SIDECAR: JsonObject = {
  name: 'istio-proxy',
  image: 'registry.example.com/istio/proxyv2:1.30.0',
  ports: [{ containerPort: 15090, name: 'http-envoy-prom' }],
};

/** Labels that the injector puts on a pod. */
function canonical(labels: Record<string, string>, workload: string): Record<string, string> {
  return {
    'security.istio.io/tlsMode': 'istio',
    'service.istio.io/canonical-name': labels.app ?? workload,
    'service.istio.io/canonical-revision': labels.version ?? 'latest',
  };
}

/** Lower-case letters and digits, as in the names that Kubernetes makes. */
function digest(source: string): string {
  return createHash('sha256').update(source).digest('hex');
}

function addressOf(unique: string): string {
  const byte = (at: number) => Number.parseInt(unique.slice(at, at + 2), 16);
  return `10.244.${byte(0)}.${1 + (byte(2) % 254)}`;
}

function uuid(unique: string): string {
  const at = (from: number, length: number) => unique.slice(from, from + length);
  return `${at(0, 8)}-${at(8, 4)}-4${at(13, 3)}-8${at(17, 3)}-${at(20, 12)}`;
}
