import { describe, expect, it } from 'vitest';
import shift from '../../../commands/shift.ts';
import type { JsonObject } from '../../../src/object.ts';
import { templates } from '../../fixtures/load.ts';
import { REVIEWS, reviews, virtualService } from './mesh.ts';
import { run } from './shapes.ts';

/** What the proof of a shift of the route for `match` expects, where a probe is configured for reviews. */
function expectationOf(match: JsonObject, condition: string) {
  const http = [
    { match: [match], route: [{ destination: { host: 'reviews', subset: 'v1' } }] },
    { route: [{ destination: { host: 'reviews', subset: 'v2' } }] },
  ];
  const planning = run(shift, `shift reviews v3 50 --match "${condition}"`, {
    world: reviews(virtualService('reviews', { hosts: ['reviews'], http })),
    templates,
    namespace: 'default',
    probes: { [REVIEWS]: { from: { kind: 'gateway' }, url: 'http://shop.example.com/productpage' } },
    changes: [],
  });
  if (planning.kind !== 'plan') throw new Error(JSON.stringify(planning));
  return planning.plan.expectation;
}

describe('the proof of a shift of one route', () => {
  it('counts the requests that come to the service as the route asks, where a probe cannot promise it', () => {
    expect(expectationOf({ uri: { prefix: '/reviews' } }, 'path starts with /reviews')).toMatchObject({
      where: { path: { prefix: '/reviews' } },
      probe: { url: 'http://shop.example.com/productpage' },
      shares: { v1: 50, v3: 50 },
    });
  });

  it('sends the headers that the route asks for, where those alone decide', () => {
    const expectation = expectationOf({ headers: { 'end-user': { exact: 'jason' } } }, 'end-user = jason');
    expect(expectation).toMatchObject({ headers: { 'end-user': 'jason' }, others: { shares: { v2: 100 } } });
    expect(expectation.where).toBeUndefined();
  });

  it('knows what these requests did before, so that the proof can tell the two apart', () => {
    expect(expectationOf({ uri: { prefix: '/reviews' } }, 'path starts with /reviews').before).toEqual([
      { shares: { v1: 100 } },
    ]);
  });

  it('knows of every step but the last that it was there before too', () => {
    const http = [{ route: [{ destination: { host: 'reviews', subset: 'v1' } }] }];
    const planning = run(shift, 'shift reviews v3 10,50,55 --every 10m', {
      world: reviews(virtualService('reviews', { hosts: ['reviews'], http })),
      templates,
      namespace: 'default',
      probes: {},
      changes: [],
    });
    expect(planning.kind === 'plan' && planning.plan.expectation).toMatchObject({
      shares: { v1: 45, v3: 55 },
      before: [{ shares: { v1: 100 } }, { shares: { v1: 90, v3: 10 } }, { shares: { v1: 50, v3: 50 } }],
    });
  });
});
