/** One certificate at two Gateways of the same pods: browsers keep the connection of the first for hosts of the second. */
import type { KubeObject } from '../../object.ts';
import { object, objects, text } from '../route/json.ts';
import { type Check, keyOf, written } from './check.ts';
import { portOf, sameSelector } from './gateway-conflict.ts';

export const gatewayCertificate: Check = {
  about: 'state',
  rules: [
    {
      code: 'gateway-certificate',
      severity: 'warning',
      what: 'Two Gateways of the same pods and port present one certificate: a browser that has a connection uses it for the hosts of the other too, and gets 404.',
      fix: 'Serve all hosts of the certificate by one Gateway.',
      source:
        'IST0138; https://istio.io/latest/docs/ops/common-problems/network-issues/#404-errors-occur-when-multiple-gateways-configured-with-same-tls-certificate',
    },
  ],
  find: (world, context) =>
    written(world, context, 'Gateway').flatMap(gateway => {
      const own = certificates(gateway);
      if (own.length === 0) return [];
      return world
        .all('Gateway')
        .filter(other => keyOf(other) !== keyOf(gateway) && sameSelector(other, gateway))
        .flatMap(other =>
          own
            .filter(name => certificates(other).includes(name))
            .map(name => ({
              code: 'gateway-certificate',
              severity: 'warning' as const,
              path: keyOf(gateway),
              message: `${keyOf(other)} presents the certificate ${name} too: browsers that hold a connection get 404 for hosts of the other.`,
              fix: 'Serve all hosts of the certificate by one Gateway.',
            })),
        );
    }),
};

/** `bookinfo-credential at port 443`. */
function certificates(gateway: KubeObject): string[] {
  return objects(gateway.spec?.servers).flatMap(server => {
    const name = text(object(server.tls)?.credentialName);
    return name === undefined ? [] : [`${name} at port ${portOf(server)}`];
  });
}
