import { describe, expect, it } from 'vitest';
import { hopOf } from '../../../src/istio/edit/place/hop.ts';
import { placesOf } from '../../../src/istio/edit/place/places.ts';
import type { JsonObject } from '../../../src/object.ts';
import { reviews, virtualService } from './mesh.ts';

const route = [{ destination: { host: 'reviews', subset: 'v1' } }];

/** Of the last of these matches, before a route for all other requests. */
function hop(...matches: JsonObject[][]) {
  const http: JsonObject[] = [...matches.map(match => ({ match, route })), { route }];
  const object = virtualService('reviews', { hosts: ['reviews'], http });
  const all = placesOf(reviews(object), object);
  return hopOf(all[matches.length - 1]!, all);
}

describe('what the trace of a probe must show', () => {
  it('is the path, the method and the sender that the route asks for', () => {
    expect(
      hop([
        {
          uri: { prefix: '/reviews' },
          method: { exact: 'GET' },
          headers: { 'end-user': { exact: 'mina' } },
          sourceLabels: { app: 'productpage' },
          sourceNamespace: 'shop',
        },
      ]),
    ).toEqual({
      headers: { 'end-user': 'mina' },
      where: {
        says: 'path starts with /reviews and method = GET and from app = productpage and from namespace shop',
        path: { prefix: '/reviews' },
        method: { exact: 'GET' },
        caller: 'productpage.shop',
      },
    });
  });

  it('is nothing where headers alone decide, or a trace cannot show it', () => {
    expect(hop([{ headers: { a: { exact: 'b' } } }])).toBeUndefined();
    expect(hop([{ uri: { exact: '/a' }, queryParams: { q: { exact: '1' } } }])).toBeUndefined();
    expect(hop([{ uri: { exact: '/a' } }, { uri: { exact: '/b' } }])).toBeUndefined();
    expect(hop([{ sourceLabels: { app: 'a', version: 'v1' } }])).toBeUndefined();
    expect(hop([{ uri: { exact: '/a' }, headers: { a: { regex: 'b+' } } }])).toBeUndefined();
  });

  it('is nothing where a route before it may take such requests', () => {
    expect(hop([{ method: { exact: 'GET' } }], [{ uri: { exact: '/a' } }])).toBeUndefined();
    expect(hop([{ uri: { exact: '/b' } }], [{ uri: { exact: '/a' } }])?.where.path).toEqual({ exact: '/a' });
    // A probe does not carry what the earlier one asks for.
    expect(hop([{ headers: { 'end-user': { exact: 'jason' } } }], [{ uri: { exact: '/a' } }])).toBeDefined();
  });
});
