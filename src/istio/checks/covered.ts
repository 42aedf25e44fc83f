/** A route whose every match is taken by routes before it is never reached, though nothing takes all requests (IST0131). */
import type { JsonObject } from '../../object.ts';
import { covers } from '../edit/place/cover.ts';
import { wordsOf } from '../edit/place/match.ts';
import { objectsOf } from '../edit/read.ts';
import { type Check, type RouteAt, routesAt, textOf } from './check.ts';

export const covered: Check = {
  about: 'state',
  rules: [
    {
      code: 'route-covered',
      severity: 'error',
      what: 'Every request that a route is for is taken by routes before it: it is never reached. Regular expressions are not compared.',
      fix: 'Put the narrower route before the wider one.',
      source: 'IST0131',
    },
  ],
  find: (world, context) =>
    context.writes.flatMap(({ ref, before, after }) => {
      const object = ref.kind === 'VirtualService' && world.get(ref.kind, ref.namespace, ref.name);
      if (!object) return [];
      const other = object === after ? before : after;
      const same = new Set(other && routesAt(other).map(({ route }) => textOf(route)));
      const routes = routesAt(object).filter(({ section }) => section === 'http');
      const touched = new Set(routes.filter(({ route }) => !same.has(textOf(route))).map(({ path }) => path));
      // What stands behind a route for every request is told by another check.
      const last = routes.findIndex(({ route }) => wordsOf(route, 'http') === undefined);
      const open = last < 0 ? routes : routes.slice(0, last);
      const changed = open.filter(({ path }) => touched.has(path));
      const rest = open.filter(({ path }) => !touched.has(path));
      return open.flatMap(route => {
        if (touched.has(route.path)) return finding(open, route);
        const found = finding(changed, route);
        // Behind those that stay as they are it was never reached before either.
        return found.length > 0 && finding(rest, route).length > 0 ? [] : found;
      });
    }),
};

function finding(candidates: RouteAt[], { route, index, path }: RouteAt) {
  const blocks = matchesOf(route);
  if (blocks.length === 0) return [];
  const takers = blocks.map(block =>
    candidates.find(other => other.index < index && matchesOf(other.route).some(wide => covers(wide, block))),
  );
  if (takers.some(taker => taker === undefined)) return [];
  const by = [...new Set(takers.map(taker => `http[${taker!.index}]`))].join(' and ');
  return [
    {
      code: 'route-covered',
      severity: 'error' as const,
      path,
      message: `No request reaches it: ${by} before it ${by.includes(' and ') ? 'take' : 'takes'} all that http[${index}] is for.`,
      fix: 'Put the narrower route before the wider one.',
    },
  ];
}

function matchesOf(route: JsonObject): JsonObject[] {
  return objectsOf(route.match);
}
