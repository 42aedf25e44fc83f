/** Two Gateways for the same pods, port and hosts: which server a request meets is no longer clear. */
import type { JsonObject, KubeObject } from '../../object.ts';
import { labels, number, object, objects, strings } from '../route/json.ts';
import { intersection } from '../route/patterns.ts';
import { type Check, keyOf, written } from './check.ts';

export const gatewayConflict: Check = {
  about: 'state',
  rules: [
    {
      code: 'gateway-conflict',
      severity: 'error',
      what: 'Another Gateway for the same pods has a server for the same port and host.',
      fix: 'Keep the host in one of the two.',
      source: 'IST0145, KIA0301',
    },
  ],
  find: (world, context) =>
    written(world, context, 'Gateway').flatMap(gateway => {
      const others = world
        .all('Gateway')
        .filter(other => keyOf(other) !== keyOf(gateway) && sameSelector(other, gateway));
      return objects(gateway.spec?.servers).flatMap((server, index) =>
        others.flatMap(other => {
          const shared = objects(other.spec?.servers).flatMap(theirs => sharedHosts(server, theirs));
          if (shared.length === 0) return [];
          return [
            {
              code: 'gateway-conflict',
              severity: 'error' as const,
              path: `${keyOf(gateway)} spec.servers[${index}]`,
              message: `${keyOf(other)} serves ${[...new Set(shared)].join(', ')} at the same port of the same pods.`,
              fix: 'Keep the host in one of the two.',
            },
          ];
        }),
      );
    }),
};

export function sameSelector(a: KubeObject, b: KubeObject): boolean {
  const sorted = (gateway: KubeObject) => JSON.stringify(Object.entries(labels(gateway.spec?.selector)).sort());
  return sorted(a) === sorted(b);
}

export function portOf(server: JsonObject): number | undefined {
  return number(object(server.port)?.number);
}

/** `a/x.example.com` and `b/x.example.com` are for VirtualServices of other namespaces, and do not meet. */
function sharedHosts(a: JsonObject, b: JsonObject): string[] {
  if (portOf(a) === undefined || portOf(a) !== portOf(b)) return [];
  return strings(a.hosts).flatMap(ours =>
    strings(b.hosts).flatMap(theirs => {
      const [[ourHome, our], [theirHome, their]] = [parts(ours), parts(theirs)];
      if (ourHome !== '*' && theirHome !== '*' && ourHome !== theirHome) return [];
      return intersection(our, their) === undefined ? [] : [our];
    }),
  );
}

function parts(host: string): [namespace: string, host: string] {
  const [namespace, name] = host.split('/');
  return name === undefined ? ['*', host.toLowerCase()] : [namespace!, name.toLowerCase()];
}
