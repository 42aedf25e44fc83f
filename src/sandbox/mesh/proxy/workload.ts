/** A pod as its proxy speaks of it: in spans, in metrics, in certificates. */
import type { KubeObject } from '../../../object.ts';

export interface Workload {
  pod: string;
  namespace: string;
  labels: Record<string, string>;
  /** Of the Deployment: `reviews-v1`. */
  name: string;
  app: string;
  version: string;
  address: string;
  serviceAccount: string;
  /** Whether requests from and to it go through a proxy. */
  sidecar: boolean;
}

/** Whether the pod has a sidecar is whether a container of it is called `istio-proxy`. */
export function workloadOf(pod: KubeObject): Workload {
  const labels = pod.metadata.labels ?? {};
  const hash = labels['pod-template-hash'];
  const { name } = pod.metadata;
  const spec = (pod.spec ?? {}) as { serviceAccountName?: string; containers?: { name?: string }[] };
  const cut = hash === undefined ? -1 : name.lastIndexOf(`-${hash}`);
  return {
    pod: name,
    namespace: pod.metadata.namespace ?? '',
    labels,
    name: cut < 0 ? name : name.slice(0, cut),
    app: labels.app ?? labels['service.istio.io/canonical-name'] ?? name,
    version: labels.version ?? 'latest',
    address: typeof pod.status?.podIP === 'string' ? pod.status.podIP : '0.0.0.0',
    serviceAccount: spec.serviceAccountName ?? 'default',
    sidecar: (spec.containers ?? []).some(container => container.name === 'istio-proxy'),
  };
}

/** `sidecar~10.244.1.2~reviews-v1-abc.default~default.svc.cluster.local`, gateways are called routers. */
export function nodeId(workload: Workload): string {
  const role = isGateway(workload) ? 'router' : 'sidecar';
  const { address, pod, namespace } = workload;
  return `${role}~${address}~${pod}.${namespace}~${namespace}.svc.cluster.local`;
}

export function isGateway(workload: Workload): boolean {
  return workload.labels.istio?.includes('gateway') ?? false;
}

/** Whether what is sent to it passes a proxy first. A gateway is a proxy itself. */
export function isProxied(workload: Workload): boolean {
  return workload.sidecar && !isGateway(workload);
}

/** SPIFFE identity without its scheme, as Istio's metrics have it after `spiffe://`. */
export function principal(workload: Workload): string {
  return `spiffe://cluster.local/ns/${workload.namespace}/sa/${workload.serviceAccount}`;
}
