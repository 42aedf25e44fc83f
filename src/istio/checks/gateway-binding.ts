/** A VirtualService of a gateway is bound to a Gateway that is there, and that serves one of its hosts. */
import type { JsonObject, KubeObject } from '../../object.ts';
import type { Finding } from '../../plan.ts';
import { objects, strings } from '../route/json.ts';
import { gatewaysOf, hostsOf } from '../route/mesh.ts';
import { intersection } from '../route/patterns.ts';
import type { World } from '../world.ts';
import { type Check, isKnown, keyOf, writtenVirtualServices } from './check.ts';

export const gatewayBinding: Check = {
  about: 'state',
  rules: [
    {
      code: 'gateway-missing',
      severity: 'error',
      what: 'A VirtualService is bound to a Gateway that is not there: nothing comes to it that way. Said only of namespaces that meshbot watches.',
      fix: 'Create the Gateway, or name another.',
      source: 'IST0101, KIA1102',
    },
    {
      code: 'gateway-host',
      severity: 'error',
      what: 'No server of the Gateway serves a host of the VirtualService, to its namespace: nothing comes to it that way. Looked at where the VirtualService is written.',
      fix: 'Add the host to a server of the Gateway, or to the VirtualService.',
      source: 'IST0132',
    },
  ],
  find: (world, context) =>
    writtenVirtualServices(world, context).flatMap(object =>
      gatewaysOf(object)
        .filter(gateway => gateway !== 'mesh')
        .flatMap(gateway => finding(world, object, gateway)),
    ),
};

function finding(world: World, object: KubeObject, gateway: string): Finding[] {
  const [namespace = '', name = ''] = gateway.split('/');
  const path = keyOf(object);
  const found = world.get('Gateway', namespace, name);
  if (!found) {
    if (!isKnown(world, namespace)) return [];
    const message = `It is bound to the Gateway ${gateway}, which is not there: no request comes that way.`;
    return [{ code: 'gateway-missing', severity: 'error', path, message, fix: 'Create the Gateway, or name another.' }];
  }
  const hosts = hostsOf(object);
  if (hosts.length === 0 || objects(found.spec?.servers).some(server => serves(server, found, object, hosts)))
    return [];
  return [
    {
      code: 'gateway-host',
      severity: 'error',
      path,
      message: `No server of the Gateway ${gateway} serves ${hosts.join(', ')}: no request comes that way.`,
      fix: 'Add the host to a server of the Gateway, or to the VirtualService.',
    },
  ];
}

/** `shop/*.example.com`: only VirtualServices of that namespace; `./…`: of the Gateway’s own. */
function serves(server: JsonObject, gateway: KubeObject, object: KubeObject, hosts: string[]): boolean {
  return strings(server.hosts).some(each => {
    const [where, host] = each.includes('/') ? (each.split('/') as [string, string]) : ['*', each];
    const namespace = where === '.' ? gateway.metadata.namespace : where;
    if (namespace !== '*' && namespace !== object.metadata.namespace) return false;
    return hosts.some(own => intersection(host.toLowerCase(), own) !== undefined);
  });
}
