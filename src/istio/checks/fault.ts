/** A fault on a route makes its timeout and retries void: a delay of 2 s on a route with a timeout of 0.5 s answers 200 after 2 s. */
import { type Check, touchedRoutes } from './check.ts';

export const fault: Check = {
  about: 'change',
  rules: [
    {
      code: 'fault-voids',
      severity: 'warning',
      what: 'A route that the change touches has a fault, which makes its timeout and its retries void.',
      fix: 'Take the fault off when the test is over.',
      source: 'https://istio.io/latest/docs/concepts/traffic-management/#network-resilience-and-testing',
    },
  ],
  find: context =>
    touchedRoutes(context).flatMap(({ route, path }) => {
      const lost = ['timeout', 'retries'].filter(field => route[field] !== undefined);
      if (route.fault === undefined || lost.length === 0) return [];
      return [
        {
          code: 'fault-voids',
          severity: 'warning' as const,
          path,
          message: `The route has a fault, which makes its ${lost.join(' and its ')} void.`,
          fix: 'Take the fault off when the test is over.',
        },
      ];
    }),
};
