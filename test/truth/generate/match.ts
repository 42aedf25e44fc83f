/** Conditions of routes: every kind that a VirtualService has. */
import type { JsonObject } from '../../../src/object.ts';
import { NAMESPACES } from '../case.ts';
import type { Draw } from '../random.ts';
import { headerMatches, METHODS, pathMatch, queryMatches, valueMatch } from './words.ts';

/** `gateways`: names that the VirtualService is bound to. */
export function match(draw: Draw, hosts: string[], gateways: string[]): JsonObject {
  if (draw.often(6)) return draw.pick<JsonObject>([{ uri: { prefix: '/' } }, { uri: { regex: '.*' } }, {}]);
  return {
    ...draw.maybe(70, () => ({ uri: pathMatch(draw) })),
    ...draw.maybe(15, () => ({ ignoreUriCase: true })),
    ...draw.maybe(15, () => ({ method: method(draw) })),
    ...draw.maybe(4, () => ({ scheme: draw.pick([{ exact: 'http' }, { exact: 'https' }, { prefix: 'http' }]) })),
    ...draw.maybe(8, () => ({ authority: valueMatch(draw, 'authority', hosts) })),
    ...draw.maybe(35, () => ({ headers: headerMatches(draw) })),
    ...draw.maybe(12, () => ({ withoutHeaders: headerMatches(draw) })),
    ...draw.maybe(15, () => ({ queryParams: queryMatches(draw) })),
    ...draw.maybe(8, () => ({ port: draw.pick([80, 8000]) })),
    ...draw.maybe(8, () => ({ sourceLabels: draw.pick([{ role: 'plain' }, { role: 'scoped' }, { app: 'caller' }]) })),
    ...draw.maybe(8, () => ({ sourceNamespace: draw.pick([NAMESPACES.a, NAMESPACES.b]) })),
    ...draw.maybe(10, () => ({ gateways: draw.some(gateways, 1, 2) })),
    ...draw.maybe(10, () => ({ name: draw.pick(['one', 'two']) })),
  };
}

function method(draw: Draw): JsonObject {
  const verb = draw.pick(METHODS);
  return draw.pick([{ exact: verb }, { prefix: verb.slice(0, 2) }, { regex: `${verb}|DELETE` }]);
}
