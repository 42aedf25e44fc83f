/** At a gateway the routes of all VirtualServices of a host are merged, and of those that take everything the oldest wins. */
import type { KubeObject } from '../../object.ts';
import { objects } from '../route/json.ts';
import { isCatchAll } from '../route/match.ts';
import { gatewaysOf, hostsOf } from '../route/mesh.ts';
import { byAge } from '../route/visibility.ts';
import { type Check, keyOf, writtenVirtualServices } from './check.ts';

export const gatewayCatchAll: Check = {
  about: 'state',
  rules: [
    {
      code: 'gateway-catch-all',
      severity: 'error',
      what: 'Two VirtualServices of one gateway and host have a route that takes every request: only that of the older is reached.',
      fix: 'Give one of them a match.',
      source: 'https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services',
    },
  ],
  find: (world, context) =>
    writtenVirtualServices(world, context)
      .filter(takesAll)
      .flatMap(object => {
        const bound = gatewaysOf(object).filter(gateway => gateway !== 'mesh');
        if (bound.length === 0) return [];
        return hostsOf(object).flatMap(host =>
          world
            .forHost('VirtualService', host)
            .filter(other => keyOf(other) !== keyOf(object) && hostsOf(other).includes(host) && takesAll(other))
            .filter(other => gatewaysOf(other).some(gateway => bound.includes(gateway)))
            .map(other => {
              const later = byAge(object, other) > 0 ? object : other;
              return {
                code: 'gateway-catch-all',
                severity: 'error' as const,
                path: keyOf(object),
                message: `${keyOf(other)} too takes every request for ${host}: that of ${keyOf(later)} is never reached.`,
                fix: 'Give one of them a match.',
              };
            }),
        );
      }),
};

function takesAll(object: KubeObject): boolean {
  return objects(object.spec?.http).some(route => {
    const matches = objects(route.match);
    return matches.length === 0 || matches.some(match => isCatchAll(match) && !match.port && !match.gateways);
  });
}
