/** Two VirtualServices of the mesh for one host are not merged: the older wins whole (IST0109, KIA1106). */
import type { KubeObject } from '../../object.ts';
import { refKey, refOf } from '../../object.ts';
import { shortHost } from '../hosts.ts';
import { gatewaysOf, hostsOf } from '../route/mesh.ts';
import { visibility } from '../route/visibility.ts';
import { type Check, writtenVirtualServices } from './check.ts';

export const duplicateHost: Check = (world, context) =>
  writtenVirtualServices(world, context)
    .filter(object => gatewaysOf(object).includes('mesh'))
    .flatMap(object =>
      hostsOf(object).flatMap(host =>
        world
          .forHost('VirtualService', host)
          .filter(other => refKey(refOf(other)) !== refKey(refOf(object)))
          .filter(
            other => gatewaysOf(other).includes('mesh') && hostsOf(other).includes(host) && compete(object, other),
          )
          .map(other => ({
            code: 'duplicate-host',
            severity: 'error' as const,
            path: refKey(refOf(object)),
            message: `${refKey(refOf(other))} routes ${shortHost(host, object.metadata.namespace)} too, and only one of them is in force.`,
            fix: 'Put the routes into one of the two.',
          })),
      ),
    );

/** One that is private to a namespace goes before a public one there, and is meant to. */
function compete(a: KubeObject, b: KubeObject): boolean {
  const isPublic = (object: KubeObject) => visibility(object, '') !== undefined;
  return isPublic(a) ? isPublic(b) : !isPublic(b) && a.metadata.namespace === b.metadata.namespace;
}
