/** Weights are integers from 0 that sum to 100. Istio takes others as proportions, which nobody reads off the object. */
import { objectsOf } from '../edit/read.ts';
import { type Check, changedRoutes } from './check.ts';

export const weights: Check = {
  about: 'state',
  rules: [
    {
      code: 'weight-not-integer',
      severity: 'error',
      what: 'A weight is negative, a fraction, or no number.',
      fix: 'Give whole percents.',
      source: 'https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRouteDestination',
    },
    {
      code: 'weights-sum',
      severity: 'error',
      what: 'The weights of a route do not sum to 100: Istio takes them as proportions, and people read them as percents.',
      fix: 'Shift once with meshbot, which makes them sum to 100.',
      source: 'https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRouteDestination',
    },
  ],
  find: (world, context) =>
    changedRoutes(world, context).flatMap(({ route, path }) => {
      const listed = objectsOf(route.route).map(entry => entry.weight ?? 0);
      const odd = listed.find(weight => !Number.isInteger(weight) || (weight as number) < 0);
      if (odd !== undefined) {
        return [
          {
            code: 'weight-not-integer',
            severity: 'error' as const,
            path,
            message: `A weight is ${JSON.stringify(odd)}: weights are integers from 0.`,
            fix: 'Give whole percents.',
          },
        ];
      }
      const sum = listed.reduce<number>((all, weight) => all + (weight as number), 0);
      if (listed.length < 2 || sum === 100) return [];
      return [
        {
          code: 'weights-sum',
          severity: 'error' as const,
          path,
          message: `The weights sum to ${sum}, not to 100.`,
          fix: 'Shift once with meshbot, which makes them sum to 100.',
        },
      ];
    }),
};
