/**
 * A fault on a route makes its timeout and retries void: a delay of 2 s on a route with a timeout of 0.5 s answers 200
 * after 2 s. https://istio.io/latest/docs/concepts/traffic-management/#network-resilience-and-testing
 */
import type { Finding } from '../../plan.ts';
import { type CheckContext, touchedRoutes } from './check.ts';

export function fault(context: CheckContext): Finding[] {
  return touchedRoutes(context).flatMap(({ route, path }): Finding[] => {
    const lost = ['timeout', 'retries'].filter(field => route[field] !== undefined);
    if (route.fault === undefined || lost.length === 0) return [];
    return [
      {
        code: 'fault-voids',
        severity: 'warning',
        path,
        message: `The route has a fault, which makes its ${lost.join(' and its ')} void.`,
        fix: 'Take the fault off when the test is over.',
      },
    ];
  });
}
