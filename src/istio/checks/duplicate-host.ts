/** Two VirtualServices of the mesh for one host are not merged: the older wins whole (IST0109, KIA1106). */
import type { KubeObject } from '../../object.ts';
import { shortHost } from '../hosts.ts';
import { gatewaysOf, hostsOf } from '../route/mesh.ts';
import { visibility } from '../route/visibility.ts';
import { type Check, keyOf, writtenVirtualServices } from './check.ts';

export const duplicateHost: Check = {
  about: 'state',
  rules: [
    {
      code: 'duplicate-host',
      severity: 'error',
      what: 'Two VirtualServices of the mesh name one host, and only the older is in force. One that is private to a namespace goes before a public one there, and is meant to.',
      fix: 'Put the routes into one of the two.',
      source: 'IST0109, KIA1106',
    },
  ],
  find: (world, context) =>
    writtenVirtualServices(world, context)
      .filter(object => gatewaysOf(object).includes('mesh'))
      .flatMap(object =>
        hostsOf(object).flatMap(host =>
          world
            .forHost('VirtualService', host)
            .filter(other => keyOf(other) !== keyOf(object))
            .filter(
              other => gatewaysOf(other).includes('mesh') && hostsOf(other).includes(host) && compete(object, other),
            )
            .map(other => ({
              code: 'duplicate-host',
              severity: 'error' as const,
              path: keyOf(object),
              message: `${keyOf(other)} routes ${shortHost(host, object.metadata.namespace)} too, and only one of them is in force.`,
              fix: 'Put the routes into one of the two.',
            })),
        ),
      ),
};

/** One that is private to a namespace goes before a public one there, and is meant to. */
function compete(a: KubeObject, b: KubeObject): boolean {
  const isPublic = (object: KubeObject) => visibility(object, '') !== undefined;
  return isPublic(a) ? isPublic(b) : !isPublic(b) && a.metadata.namespace === b.metadata.namespace;
}
