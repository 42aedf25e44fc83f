/** Where the gateways of a VirtualService run, and whether it is exported to them. */
import type { KubeObject } from '../../../object.ts';
import { gatewaysOf } from '../../route/mesh.ts';
import { visibility } from '../../route/visibility.ts';
import type { World } from '../../world.ts';
import { labelsOf, objectOf, stringsOf } from '../read.ts';

/**
 * Whether pods of one of its Gateways run in the namespace. A Gateway that is not known is taken to be
 * beside its pods; one without a selector is for all.
 * https://istio.io/latest/docs/reference/config/networking/gateway/#Gateway
 */
export function hasGatewayIn(world: World, object: KubeObject, namespace: string): boolean {
  return gatewaysOf(object).some(gateway => {
    if (gateway === 'mesh') return false;
    const [home = '', name = ''] = gateway.split('/');
    const found = world.get('Gateway', home, name);
    if (!found) return namespace === home;
    const selector = labelsOf(objectOf(found.spec).selector);
    return Object.keys(selector).length === 0 || world.pods(namespace, selector).length > 0;
  });
}

/** Configuration goes to a gateway by the namespace of its pods, as it does to a sidecar (exportTo). */
export function isSeenByGateway(world: World, object: KubeObject): boolean {
  if (visibility(object, '') !== undefined) return true;
  const owner = object.metadata.namespace ?? '';
  return stringsOf(object.spec?.exportTo).some(each => hasGatewayIn(world, object, each === '.' ? owner : each));
}
