/** The request that a probe sends for a route is one that the mesh really routes by it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placesOf } from '../../../src/istio/edit/place/places.ts';
import { type Sample, sampleOf } from '../../../src/istio/edit/place/sample.ts';
import { route } from '../../../src/istio/route/route.ts';
import type { World } from '../../../src/istio/world.ts';
import type { JsonObject, KubeObject } from '../../../src/object.ts';
import { REVIEWS, reviews, virtualService } from './mesh.ts';

const to = (subset: string): JsonObject => ({ destination: { host: 'reviews', subset } });

function samplesOf(object: KubeObject, world: World = reviews(object)): (Sample | undefined)[] {
  const all = placesOf(world, object);
  return all.map(place => sampleOf(place, all));
}

function samples(...http: JsonObject[]): (Sample | undefined)[] {
  return samplesOf(virtualService('reviews', { hosts: ['reviews'], http }));
}

const last = { route: [to('v1')] };

describe('the request that falls under a route', () => {
  it('carries the headers and the path that its match asks for', () => {
    expect(
      samples(
        { match: [{ headers: { 'end-user': { exact: 'jason' } } }], route: [to('v2')] },
        { match: [{ uri: { prefix: '/beta' }, headers: { beta: {} } }], route: [to('v2')] },
        last,
      ),
    ).toEqual([{ headers: { 'end-user': 'jason' } }, { headers: { beta: 'any' }, path: '/beta' }, { headers: {} }]);
  });

  it('is the first block that can be met', () => {
    const match = [{ method: { exact: 'POST' } }, { uri: { regex: '/a.*' } }, { headers: { a: { prefix: 'b' } } }];
    expect(samples({ match, route: [to('v2')] }, last)[0]).toEqual({ headers: { a: 'b' } });
  });

  it.each<[string, JsonObject]>([
    ['another method', { method: { exact: 'POST' } }],
    ['a query', { queryParams: { a: { exact: 'b' } } }],
    ['a regular expression', { headers: { cookie: { regex: '.*beta.*' } } }],
    ['where it comes from', { sourceLabels: { app: 'productpage' } }],
    ['another host', { authority: { exact: 'reviews.example.com' } }],
    ['a header that is a part of the address', { headers: { ':authority': { exact: 'reviews' } } }],
  ])('is none where the route asks for %s', (_, block) => {
    expect(samples({ match: [block], route: [to('v2')] }, last)[0]).toBeUndefined();
  });

  it('is none where a route before takes it', () => {
    const [, second, third] = samples(
      { match: [{ headers: { 'end-user': { prefix: 'ja' } } }], route: [to('v2')] },
      { match: [{ headers: { 'end-user': { exact: 'jason' } } }], route: [to('v3')] },
      last,
    );
    expect(second).toBeUndefined();
    expect(third).toEqual({ headers: {} });
    expect(samples({ match: [{ withoutHeaders: { 'end-user': {} } }], route: [to('v2')] }, last)[1]).toBeUndefined();
  });

  it('is routed by that very route', () => {
    const value = fc.constantFrom<JsonObject>({ exact: 'a' }, { prefix: 'a' }, { exact: 'ab' }, { regex: 'a+' }, {});
    const block = fc.record<JsonObject>(
      {
        headers: fc.dictionary(fc.constantFrom('x', 'y'), value),
        withoutHeaders: fc.dictionary(fc.constantFrom('x', 'y'), value),
        uri: fc.constantFrom<JsonObject>({ prefix: '/' }, { prefix: '/a' }, { exact: '/ab' }, { regex: '.*' }),
        method: fc.constantFrom<JsonObject>({ exact: 'GET' }, { exact: 'POST' }),
      },
      { requiredKeys: [] },
    );
    const spec = fc
      .array(fc.array(block, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 4 })
      .map(matches => [...matches.map(match => ({ match, route: [to('v2')] })), last]);
    let found = 0;
    fc.assert(
      fc.property(spec, http => {
        const object = virtualService('reviews', { hosts: ['reviews'], http });
        const world = reviews(object);
        samplesOf(object, world).forEach((sample, index) => {
          if (!sample) return;
          found += 1;
          const decision = route(world, {
            from: { kind: 'sidecar', namespace: 'default', labels: {} },
            ...{ host: REVIEWS, port: 9080, method: 'GET', scheme: 'http', headers: sample.headers },
            path: sample.path ?? '/',
          });
          expect(decision).toMatchObject({ kind: 'forward', via: { index } });
        });
      }),
      { numRuns: 500 },
    );
    expect(found).toBeGreaterThan(300);
  });
});
