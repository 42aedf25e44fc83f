/** In ambient mode only a waypoint reads routes: ztunnel carries connections and knows no HTTP. */
import { readyPods, serviceAt } from '../edit/service/versions.ts';
import { shortHost } from '../hosts.ts';
import { gatewaysOf, hostsOf } from '../route/mesh.ts';
import { type Check, keyOf, writtenVirtualServices } from './check.ts';

const REDIRECTED = 'ambient.istio.io/redirection';
const WAYPOINT = 'istio.io/use-waypoint';

export const ambient: Check = {
  about: 'state',
  rules: [
    {
      code: 'waypoint-missing',
      severity: 'warning',
      what: 'All pods of the service are in ambient mode and the Service names no waypoint: routes and subsets are not followed, unless its namespace names one, which meshbot does not read.',
      fix: 'Label the Service or its namespace `istio.io/use-waypoint`.',
      source: 'https://istio.io/latest/docs/ambient/usage/waypoint/; KIA1109, KIA1113, KIA1114',
    },
  ],
  find: (world, context) =>
    writtenVirtualServices(world, context)
      .filter(object => gatewaysOf(object).includes('mesh'))
      .flatMap(object =>
        hostsOf(object).flatMap(host => {
          const service = serviceAt(world, host);
          if (!service || service.object.metadata.labels?.[WAYPOINT] !== undefined) return [];
          const pods = readyPods(world, host);
          if (pods.length === 0 || pods.some(pod => pod.metadata.annotations?.[REDIRECTED] !== 'enabled')) return [];
          return [
            {
              code: 'waypoint-missing',
              severity: 'warning' as const,
              path: keyOf(object),
              message: `The pods of ${shortHost(host, object.metadata.namespace)} are in ambient mode, and the Service names no waypoint: without one nothing follows these routes.`,
              fix: `Label the Service or its namespace \`${WAYPOINT}\`.`,
            },
          ];
        }),
      ),
};
