import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { routesOf } from '../../../src/istio/route/describe.ts';
import type { JsonObject, KubeObject } from '../../../src/object.ts';
import { ask, REVIEWS, shop } from './shop.ts';

const stringMatch = fc.oneof(
  fc.constantFrom('/', '/reviews', '/reviews/0', '/a').map(prefix => ({ prefix })),
  fc.constantFrom('/reviews/0', '/a').map(exact => ({ exact })),
  fc.constantFrom('.*', '/reviews/.+').map(regex => ({ regex })),
);
const match = fc.record(
  {
    uri: stringMatch,
    method: fc.constantFrom({ exact: 'GET' }, { exact: 'PUT' }),
    headers: fc.constantFrom({ 'end-user': { exact: 'jason' } }, { 'end-user': {} }, {}),
  },
  { requiredKeys: [] },
);
const destinations = fc.uniqueArray(
  fc.record({ subset: fc.constantFrom('v1', 'v2', 'v3'), weight: fc.integer({ min: 1, max: 300 }) }),
  { minLength: 1, maxLength: 3, selector: each => each.subset },
);
const http = fc.array(fc.record({ match: fc.array(match, { maxLength: 3 }), destinations }), {
  minLength: 1,
  maxLength: 5,
});

type Http = { match: JsonObject[]; destinations: { subset: string; weight: number }[] }[];

function virtualService(routes: Http): KubeObject {
  const spec = {
    hosts: ['reviews'],
    http: routes.map(each => ({
      match: each.match,
      route: each.destinations.map(({ subset, weight }) => ({ destination: { host: 'reviews', subset }, weight })),
    })),
  };
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'reviews', namespace: 'default' },
    spec,
  };
}

const request = fc.record({
  path: fc.constantFrom('/reviews/0', '/a', '/b?x=1', '/'),
  method: fc.constantFrom('GET', 'PUT'),
  headers: fc.constantFrom<Record<string, string>>({}, { 'end-user': 'jason' }, { 'end-user': 'mary' }),
});

describe('whatever the routes and the request', () => {
  it('shares sum to 100 and stand in the proportion of the weights', () => {
    fc.assert(
      fc.property(http, request, (routes, asked) => {
        const world = shop();
        world.put(virtualService(routes));
        const decision = ask(world, asked);
        if (decision.kind !== 'forward') {
          expect(decision).toMatchObject({ kind: 'none', flag: 'NR' });
          return;
        }
        const total = decision.destinations.reduce((sum, each) => sum + each.share, 0);
        expect(total).toBeCloseTo(100, 9);
        const given = routes[decision.via!.index]!.destinations;
        const [first] = given;
        decision.destinations.forEach((each, index) => {
          expect(each.share * first!.weight).toBeCloseTo(decision.destinations[0]!.share * given[index]!.weight, 6);
        });
      }),
    );
  });

  it('nothing comes to a row that is marked dead, and a row for everything lets nothing through', () => {
    fc.assert(
      fc.property(http, request, (routes, asked) => {
        const world = shop();
        world.put(virtualService(routes));
        const rows = routesOf(world, REVIEWS);
        const decision = ask(world, asked);
        const taken = decision.kind === 'forward' ? decision.via?.index : undefined;
        if (taken !== undefined) expect(rows[taken]).not.toHaveProperty('dead');
        if (rows.some(row => row.catchAll)) expect(taken).toBeDefined();
        const closed = rows.findIndex(row => row.catchAll);
        if (closed >= 0) expect(taken).toBeLessThanOrEqual(closed);
      }),
    );
  });

  it('a route put before the others for one user leaves everybody else where they were', () => {
    fc.assert(
      fc.property(http, request, (routes, asked) => {
        const world = shop();
        world.put(virtualService(routes));
        const before = ask(world, asked);
        const tester = {
          match: [{ headers: { 'x-tester': { exact: 'yes' } } }],
          destinations: [{ subset: 'v2', weight: 1 }],
        };
        world.put(virtualService([tester, ...routes]));
        const after = ask(world, asked);
        const where = (decision: typeof before) =>
          decision.kind === 'forward' ? decision.destinations : decision.kind;
        expect(where(after)).toEqual(where(before));
        const moved = ask(world, { ...asked, headers: { ...asked.headers, 'x-tester': 'yes' } });
        expect(where(moved)).toMatchObject([{ subset: 'v2', share: 100 }]);
      }),
    );
  });
});
