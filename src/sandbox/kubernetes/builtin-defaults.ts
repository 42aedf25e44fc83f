/** What kube-apiserver fills in for Kubernetes' own kinds where the object says nothing. */
import type { JsonObject, KubeObject } from '../../object.ts';
import { isObject } from './schema.ts';

type Filling = (object: KubeObject, before: KubeObject | undefined) => void;

export const DEFAULTS: Record<string, Filling> = {
  Namespace: namespace => {
    namespace.metadata.labels = {
      ...namespace.metadata.labels,
      'kubernetes.io/metadata.name': namespace.metadata.name,
    };
    namespace.spec ??= { finalizers: ['kubernetes'] };
    namespace.status ??= { phase: 'Active' };
  },
  Service: fillService,
  Pod: pod => {
    const spec = specOf(pod);
    spec.restartPolicy ??= 'Always';
    spec.terminationGracePeriodSeconds ??= 30;
    spec.dnsPolicy ??= 'ClusterFirst';
    spec.serviceAccountName ??= 'default';
    spec.schedulerName ??= 'default-scheduler';
    spec.securityContext ??= {};
    pod.status ??= { phase: 'Pending', qosClass: 'BestEffort' };
  },
  Secret: secret => {
    secret.type ??= 'Opaque';
    if (!isObject(secret.stringData)) return;
    const data = (secret.data ?? {}) as JsonObject;
    for (const [key, value] of Object.entries(secret.stringData))
      data[key] = Buffer.from(String(value)).toString('base64');
    secret.data = data;
    delete secret.stringData;
  },
  Deployment: deployment => {
    const spec = specOf(deployment);
    spec.replicas ??= 1;
    spec.strategy ??= { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } };
    spec.revisionHistoryLimit ??= 10;
    spec.progressDeadlineSeconds ??= 600;
  },
  ReplicaSet: set => {
    specOf(set).replicas ??= 1;
  },
  CustomResourceDefinition: crd => {
    const names = crd.spec?.names;
    if (isObject(names) && typeof names.kind === 'string') {
      names.singular ??= names.kind.toLowerCase();
      names.listKind ??= `${names.kind}List`;
    }
    if (crd.spec) crd.spec.conversion ??= { strategy: 'None' };
  },
};

/** Cluster addresses come from 10.96.0.0/16, kubeadm's default, chosen by the Service's name so that runs agree. */
function fillService(service: KubeObject, before: KubeObject | undefined): void {
  const spec = specOf(service);
  spec.type ??= 'ClusterIP';
  spec.sessionAffinity ??= 'None';
  for (const port of Array.isArray(spec.ports) ? spec.ports.filter(isObject) : []) {
    port.protocol ??= 'TCP';
    port.targetPort ??= port.port ?? 0;
  }
  service.status ??= { loadBalancer: {} };
  if (spec.type === 'ExternalName') return;
  spec.clusterIP ??= before?.spec?.clusterIP ?? clusterIp(`${service.metadata.namespace}/${service.metadata.name}`);
  spec.clusterIPs ??= [spec.clusterIP];
  spec.ipFamilies ??= ['IPv4'];
  spec.ipFamilyPolicy ??= 'SingleStack';
  spec.internalTrafficPolicy ??= 'Cluster';
}

function specOf(object: KubeObject): JsonObject {
  object.spec ??= {};
  return object.spec;
}

function clusterIp(key: string): string {
  let hash = 2166136261;
  for (const letter of key) hash = Math.imul(hash ^ letter.codePointAt(0)!, 16777619) >>> 0;
  return `10.96.${(hash >>> 8) & 255}.${hash & 255 || 1}`;
}
