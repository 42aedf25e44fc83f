/** Which objects bear on where a service's requests go: its VirtualServices, their delegates and Gateways, its rules. */
import type { KubeObject } from '../../object.ts';
import { refKey, refOf } from '../../object.ts';
import { gatewayRouting, meshRouting } from '../edit/place/inforce.ts';
import type { World } from '../world.ts';
import { delegateOf } from './http-routes.ts';
import { objects } from './json.ts';
import { gatewaysOf } from './mesh.ts';

/** Each once: those in force inside the mesh first, then the rules, then what gateways go by, then the Gateways. */
export function bearingOn(world: World, fqdn: string): KubeObject[] {
  const { inForce, elsewhere, privately } = meshRouting(world, fqdn);
  const mesh = [inForce, elsewhere, ...privately].filter(object => object !== undefined);
  const outside = gatewayRouting(world, fqdn);
  const gateways = outside.flatMap(gatewaysOf).flatMap(name => {
    const [namespace = '', short = ''] = name.split('/');
    return world.get('Gateway', namespace, short) ?? [];
  });
  const all = [
    ...[...mesh, ...delegatesOf(world, mesh)],
    ...world.forHost('DestinationRule', fqdn),
    ...[...outside, ...delegatesOf(world, outside)],
    ...gateways,
  ];
  const seen = new Map(all.map(object => [refKey(refOf(object)), object]));
  return [...seen.values()];
}

function delegatesOf(world: World, roots: KubeObject[]): KubeObject[] {
  return roots.flatMap(root =>
    objects(root.spec?.http).flatMap(route => delegateOf(world, route, root.metadata.namespace ?? '') ?? []),
  );
}
