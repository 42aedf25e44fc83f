/** The pods behind a Gateway, the Service in front of them, and by which of its ports they are reached. */
import type { KubeObject } from '../../../object.ts';
import type { Sender } from '../../../ports.ts';
import { hasLabels, number } from '../../route/json.ts';
import type { GatewayClient } from '../../route/request.ts';
import { isReady, type World } from '../../world.ts';
import { labelsOf, objectsOf, stringOf } from '../read.ts';
import { podLabels } from './switched.ts';

/** Pods whose labels it asks for, on or off, Ready or not. Istio looks in all namespaces. */
export function podsOf(world: World, gateway: KubeObject): KubeObject[] {
  const wanted = podLabels(gateway);
  const isMeant =
    Object.keys(wanted).length > 0
      ? (held: Record<string, string>) => hasLabels(held, wanted)
      : // Without a selector it is for every gateway, and those are told by their label.
        (held: Record<string, string>) => /gateway/.test(held.istio ?? '');
  return world.all('Pod').filter(pod => isMeant(pod.metadata.labels ?? {}));
}

/** One running pod for each namespace in which the Gateway has some, as the one that routes on `port`. */
export function clientsOf(world: World, gateway: KubeObject, port: number): GatewayClient[] {
  const byNamespace = new Map<string, KubeObject>();
  for (const pod of podsOf(world, gateway).filter(isReady)) {
    const namespace = pod.metadata.namespace ?? '';
    if (!byNamespace.has(namespace)) byNamespace.set(namespace, pod);
  }
  return [...byNamespace].map(([namespace, { metadata }]) => ({
    kind: 'gateway',
    namespace,
    labels: metadata.labels ?? {},
    port,
  }));
}

/** Services that people outside reach its pods by. */
export function servicesOf(world: World, gateway: KubeObject): KubeObject[] {
  const pods = podsOf(world, gateway);
  const namespaces = [...new Set(pods.map(pod => pod.metadata.namespace ?? ''))];
  return namespaces
    .flatMap(namespace => world.inNamespace('Service', namespace))
    .filter(service => {
      const selector = labelsOf(service.spec?.selector);
      const isOurs = (pod: KubeObject) =>
        pod.metadata.namespace === service.metadata.namespace && hasLabels(pod.metadata.labels ?? {}, selector);
      return Object.keys(selector).length > 0 && pods.some(isOurs);
    });
}

/** The Service's port for a server's, which may name the pod's instead (IST0162). undefined: it has none for it. */
export function servicePort(service: KubeObject, port: number): number | undefined {
  const ports = objectsOf(service.spec?.ports);
  const found =
    ports.find(each => number(each.port) === port) ??
    ports.find(each => (number(each.targetPort) ?? stringOf(each.targetPort)) === port);
  return found && number(found.port);
}

/** Whether people outside can reach it: its type says so. */
export function isPublic(service: KubeObject): boolean {
  return ['LoadBalancer', 'NodePort'].includes(stringOf(service.spec?.type) ?? '');
}

/** Labels that give a workload its canonical name, in the order in which Istio asks them. */
const NAMED_BY = ['service.istio.io/canonical-name', 'app.kubernetes.io/name', 'app'];

/** The gateway's pods, by the name that metrics have for them. */
export function senderOf({ labels, namespace }: GatewayClient): Sender | undefined {
  const name = NAMED_BY.map(label => labels[label]).find(value => value !== undefined);
  return name === undefined ? undefined : { name, namespace };
}
