import { describe, expect, it } from 'vitest';
import { routesOf, versionOf } from '../../../src/istio/route/describe.ts';
import type { World } from '../../../src/istio/world.ts';
import { REVIEWS, service, shop, to, virtualService } from './shop.ts';

const rows = (world: World, client?: Parameters<typeof routesOf>[2]) =>
  routesOf(world, REVIEWS, client).map(row => [
    row.match,
    row.instead ?? row.destinations.map(each => `${each.version} ${each.share}`).join(', '),
    ...(row.dead ? [row.dead] : []),
  ]);

describe('the routing of a service in rows', () => {
  it('says which requests go where', () => {
    const world = shop(
      virtualService(`${to('v2', 'name: testers\nmatch: [{ headers: { end-user: { exact: jason } } }]')}
- route:
    - { destination: { host: reviews, subset: v1 }, weight: 50 }
    - { destination: { host: reviews, subset: v3 }, weight: 50 }`),
    );
    expect(rows(world)).toEqual([
      ['end-user = jason', 'v2 100'],
      ['all other requests', 'v1 50, v3 50'],
    ]);
    expect(routesOf(world, REVIEWS)[0]).toMatchObject({ routeName: 'testers', index: 0, catchAll: false });
  });

  it('says that one row is all there is', () => {
    expect(rows(shop(virtualService(to('v1'))))).toEqual([['all requests', 'v1 100']]);
    expect(rows(shop())).toEqual([['all requests', 'undefined 100']]);
    expect(routesOf(shop(), REVIEWS)[0]).not.toHaveProperty('virtualService');
    expect(routesOf(shop(), 'nobody.default.svc.cluster.local')).toEqual([]);
  });

  it('says every condition in words', () => {
    const words = (match: string) => rows(shop(virtualService(`${to('v2', `match: ${match}`)}\n${to('v1')}`)))[0]?.[0];
    expect(
      words('[{ uri: { prefix: /a }, method: { exact: GET } }, { uri: { exact: /b }, ignoreUriCase: true }]'),
    ).toBe('path starts with /a and method = GET or path = /b in any case');
    expect(words("[{ headers: { x: { regex: 'a.*' }, y: {} }, withoutHeaders: { z: { prefix: q } } }]")).toBe(
      'x matches a.* and y is there and not z starts with q',
    );
    expect(words('[{ queryParams: { v: { exact: "2" } }, port: 9080, sourceLabels: { app: curl } }]')).toBe(
      '?v = 2 and port = 9080 and from app = curl',
    );
    expect(words('[{ sourceNamespace: shop, gateways: [front], authority: { exact: a.example.com } }]')).toBe(
      'host = a.example.com and from namespace shop and through front',
    );
  });

  it('marks what no request can reach', () => {
    const world = shop(virtualService(`${to('v1')}\n${to('v2', 'match: [{ method: { exact: PUT } }]')}`));
    expect(rows(world)).toEqual([
      ['all other requests', 'v1 100'],
      ['method = PUT', 'v2 100', 'route 0 before it takes every request'],
    ]);
  });

  it('marks what is not for the client, where one is given', () => {
    const world = shop(virtualService(`${to('v2', 'match: [{ sourceLabels: { app: admin } }]')}\n${to('v1')}`));
    expect(rows(world)).toEqual([
      ['from app = admin', 'v2 100'],
      ['all other requests', 'v1 100'],
    ]);
    expect(rows(world, { kind: 'sidecar', namespace: 'default', labels: { app: 'curl' } })[0]).toEqual([
      'from app = admin',
      'v2 100',
      'it is not for this client',
    ]);
  });

  it('says what is answered instead', () => {
    const world = shop(virtualService('- redirect: { uri: /new }'));
    expect(rows(world)).toEqual([['all requests', 'redirected to /new']]);
  });

  it('says which destination fails, and why', () => {
    const [row] = routesOf(shop(virtualService(to('v9'))), REVIEWS);
    expect(row?.destinations[0]).toMatchObject({
      subset: 'v9',
      version: 'v9',
      fails: expect.stringContaining('no subset v9'),
    });
  });
});

describe('the version that people speak of', () => {
  it('is what the subset selects, else its name', () => {
    expect(versionOf(shop(), REVIEWS, 'v2')).toBe('v2');
    expect(versionOf(shop(), REVIEWS, 'nothing')).toBe('nothing');
  });

  it('is that of the pods where they have only one', () => {
    expect(versionOf(shop(), 'ratings.default.svc.cluster.local', undefined)).toBe('v1');
    expect(versionOf(shop(), REVIEWS, undefined)).toBeUndefined();
    const one = service('reviews-v3', 'default').replace('{ app: reviews-v3 }', '{ app: reviews, version: v3 }');
    expect(versionOf(shop(one), 'reviews-v3.default.svc.cluster.local', undefined)).toBe('v3');
  });
});
