/** A route after one that takes every request is never reached: Istio drops it (IST0130). */

import { SECTIONS } from '../edit/place/inforce.ts';
import { wordsOf } from '../edit/place/match.ts';
import { type Check, routesAt, writtenVirtualServices } from './check.ts';

export const unreachable: Check = {
  about: 'state',
  rules: [
    {
      code: 'route-unreachable',
      severity: 'error',
      what: 'A route stands behind one that takes every request (no match, prefix `/`, regex `.*`): Istio drops it.',
      fix: 'Put the route without a match last.',
      source: 'IST0130',
    },
  ],
  find: (world, context) =>
    writtenVirtualServices(world, context).flatMap(object => {
      const all = routesAt(object);
      return SECTIONS.flatMap(section => {
        const routes = all.filter(route => route.section === section);
        const first = routes.findIndex(({ route }) => wordsOf(route, section) === undefined);
        if (first < 0) return [];
        return routes.slice(first + 1).map(({ path }) => ({
          code: 'route-unreachable',
          severity: 'error' as const,
          path,
          message: `No request reaches it: ${section}[${first}] before it takes every request.`,
          fix: 'Put the route without a match last.',
        }));
      });
    }),
};
