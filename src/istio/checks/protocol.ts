/** HTTP routes are followed only at ports that speak HTTP, or whose protocol is not said. */
import { serviceOf, shortHost } from '../hosts.ts';
import { objects } from '../route/json.ts';
import { gatewaysOf, hostsOf } from '../route/mesh.ts';
import { findService } from '../route/services.ts';
import { type Check, keyOf, writtenVirtualServices } from './check.ts';

export const protocol: Check = {
  about: 'state',
  rules: [
    {
      code: 'protocol-not-http',
      severity: 'warning',
      what: 'HTTP routes for a service whose every port says that it is no HTTP (its name, or appProtocol): they are not followed.',
      fix: 'Name the port `http` or set `appProtocol: http`, if it speaks HTTP.',
      source: 'IST0118, KIA0601; https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/',
    },
  ],
  find: (world, context) =>
    writtenVirtualServices(world, context)
      .filter(object => gatewaysOf(object).includes('mesh') && objects(object.spec?.http).length > 0)
      .flatMap(object =>
        hostsOf(object).flatMap(host => {
          const ports = findService(world, host, serviceOf(host)?.namespace ?? '')?.ports ?? [];
          if (ports.length === 0 || ports.some(({ http }) => http)) return [];
          return [
            {
              code: 'protocol-not-http',
              severity: 'warning' as const,
              path: keyOf(object),
              message: `No port of ${shortHost(host, object.metadata.namespace)} says that it speaks HTTP: its HTTP routes are not followed.`,
              fix: 'Name the port `http` or set `appProtocol: http`, if it speaks HTTP.',
            },
          ];
        }),
      ),
};
