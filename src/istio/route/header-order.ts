/** In which order a proxy does what a route and its destination ask for headers. */
import type { HeaderOps } from './decision.ts';

/**
 * Operations one after the other. Envoy takes away first, then sets, then adds. Those of a lone destination are one list
 * with its route's, so that what is added stays even where the destination sets it; those of one among several are done
 * on their own, before the route's, which so have the last word.
 */
export function inOrder(route: HeaderOps, destination: HeaderOps, alone: boolean): HeaderOps[] {
  if (!alone) return [destination, route];
  const both = {
    remove: [...route.remove, ...destination.remove],
    set: { ...lower(route.set), ...lower(destination.set) },
    add: route.add,
  };
  return [both, { remove: [], set: {}, add: destination.add }];
}

function lower(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
