/** A Gateway selects pods that run, and its ports are ports of a Service in front of them. */
import type { KubeObject } from '../../object.ts';
import type { Finding } from '../../plan.ts';
import { hasLabels, labels, number, object, objects } from '../route/json.ts';
import type { World } from '../world.ts';
import { isReady } from '../world.ts';
import { type Check, keyOf, written } from './check.ts';

export const gatewayPods: Check = {
  about: 'state',
  rules: [
    {
      code: 'gateway-no-pods',
      severity: 'error',
      what: 'No Ready pod carries the labels that the Gateway selects: nobody listens at its ports.',
      fix: 'Select the labels of the gateway’s pods.',
      source: 'IST0101, KIA0302',
    },
    {
      code: 'gateway-port',
      severity: 'error',
      what: 'The Services in front of the Gateway’s pods have no such port, by number or target: nothing from outside reaches it.',
      fix: 'Add the port to the Service, or use one that it has.',
      source: 'IST0162',
    },
  ],
  find: (world, context) => written(world, context, 'Gateway').flatMap(gateway => findings(world, gateway)),
};

function findings(world: World, gateway: KubeObject): Finding[] {
  const selector = labels(gateway.spec?.selector);
  // Without a selector it is for all gateways.
  if (Object.keys(selector).length === 0) return [];
  const path = keyOf(gateway);
  const pods = podsOf(world, gateway, selector);
  if (pods.length === 0) {
    const wanted = Object.entries(selector).map(([name, value]) => `${name}=${value}`);
    return [
      {
        code: 'gateway-no-pods',
        severity: 'error',
        path,
        message: `No Ready pod carries ${wanted.join(', ')}, which it selects: nobody listens at its ports.`,
        fix: 'Select the labels of the gateway’s pods.',
      },
    ];
  }
  const namespaces = new Set(pods.map(pod => pod.metadata.namespace ?? ''));
  const services = [...namespaces].flatMap(namespace =>
    world.inNamespace('Service', namespace).filter(service => {
      const wanted = labels(service.spec?.selector);
      return Object.keys(wanted).length > 0 && pods.some(pod => hasLabels(labels(pod.metadata.labels), wanted));
    }),
  );
  if (services.length === 0) return [];
  return objects(gateway.spec?.servers).flatMap((server, index): Finding[] => {
    const port = number(object(server.port)?.number);
    if (port === undefined || services.some(service => hasPort(service, port))) return [];
    const names = services.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    return [
      {
        code: 'gateway-port',
        severity: 'error',
        path: `${path} spec.servers[${index}].port`,
        message: `The Service ${names.join(', ')} in front of its pods has no port ${port}: nothing from outside reaches it.`,
        fix: 'Add the port to the Service, or use one that it has.',
      },
    ];
  });
}

function hasPort(service: KubeObject, wanted: number): boolean {
  return objects(service.spec?.ports).some(port => number(port.port) === wanted || number(port.targetPort) === wanted);
}

/** Mostly beside the Gateway or in the root namespace; a Gateway may select pods of any, which are asked last. */
function podsOf(world: World, gateway: KubeObject, selector: Record<string, string>): KubeObject[] {
  for (const namespace of [gateway.metadata.namespace ?? '', world.rootNamespace]) {
    const near = world.pods(namespace, selector).filter(isReady);
    if (near.length > 0) return near;
  }
  return world.all('Pod').filter(pod => hasLabels(labels(pod.metadata.labels), selector) && isReady(pod));
}
