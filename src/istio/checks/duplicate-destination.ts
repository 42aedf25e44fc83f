/** The same destination twice in one route: Istio takes it, and people read half of its share. */

import { objectsOf } from '../edit/read.ts';
import { entryOf } from '../edit/service/service.ts';
import { isSame } from '../edit/share/spread.ts';
import { shortHost } from '../hosts.ts';
import { type Check, changedRoutes } from './check.ts';

export const duplicateDestination: Check = {
  about: 'state',
  rules: [
    {
      code: 'duplicate-destination',
      severity: 'error',
      what: 'A route lists the same host, subset and port twice: it gets the sum of both weights.',
      fix: 'Keep one of the two, with the sum of their weights.',
      source: 'measured on Istio 1.31, which takes it',
    },
  ],
  find: (world, context) =>
    changedRoutes(world, context).flatMap(({ object, route, path }) => {
      const namespace = object.metadata.namespace ?? '';
      const entries = objectsOf(route.route).map(json => entryOf(json, namespace));
      return entries.flatMap((entry, index) => {
        const first = entries.findIndex(other => isSame(other, entry));
        if (first === index) return [];
        const named = [shortHost(entry.host, namespace), entry.subset].filter(Boolean).join(' ');
        return [
          {
            code: 'duplicate-destination',
            severity: 'error' as const,
            path: `${path}.route[${index}]`,
            message: `${named} is already listed as route[${first}].`,
            fix: 'Keep one of the two, with the sum of their weights.',
          },
        ];
      });
    }),
};
