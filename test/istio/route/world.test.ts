import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullHost } from '../../../src/istio/hosts.ts';
import { covers, specificity } from '../../../src/istio/route/patterns.ts';
import { World } from '../../../src/istio/world.ts';
import { refOf } from '../../../src/object.ts';
import { ask, objects, pod, REVIEWS, shares, shop, to, virtualService } from './shop.ts';

describe('the world', () => {
  it('finds what speaks for a host, the exact names first', () => {
    const world = shop(
      virtualService(to('v1'), { name: 'wide', more: "hosts: ['*.svc.cluster.local']" }),
      virtualService(to('v1'), { name: 'exact' }),
      virtualService(to('v1'), { name: 'other', more: 'hosts: [ratings]' }),
    );
    expect(world.forHost('VirtualService', REVIEWS).map(each => each.metadata.name)).toEqual(['exact', 'wide']);
  });

  it('finds wildcards inside a label, as longer than the whole label’s', () => {
    const named = (name: string, host: string) => virtualService(to('v1'), { name, more: `hosts: ['${host}']` });
    const world = shop(
      named('label', '*.default.svc.cluster.local'),
      named('short', '*s.default.svc.cluster.local'),
      named('long', '*-reviews.default.svc.cluster.local'),
      named('other', '*-ratings.default.svc.cluster.local'),
      named('any', '*local'),
    );
    const found = (host: string) => world.forHost('VirtualService', host).map(each => each.metadata.name);
    expect(found('old-reviews.default.svc.cluster.local')).toEqual(['long', 'short', 'label', 'any']);
    expect(found(REVIEWS)).toEqual(['short', 'label', 'any']);
    // The star stands for something.
    expect(found('-reviews.default.svc.cluster.local')).toEqual(['short', 'label', 'any']);
    expect(found('*-ratings.default.svc.cluster.local')).toContain('other');
    expect(found('a.old-reviews.default.svc.cluster.local')).toEqual(['long', 'short', 'label', 'any']);
  });

  it('finds for any host what covers it, and nothing else', () => {
    const name = fc
      .array(fc.constantFrom('a', 'b', 'ab', '-a'), { minLength: 1, maxLength: 3 })
      .map(all => all.join('.'));
    const pattern = fc.tuple(fc.constantFrom('', '*', '*.'), name).map(parts => parts.join(''));
    fc.assert(
      fc.property(fc.uniqueArray(fc.oneof(pattern, fc.constant('*')), { maxLength: 8 }), name, (patterns, host) => {
        const world = new World(
          patterns.map((each, index) => ({
            ...{ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService' },
            metadata: { name: `n${index}`, namespace: 'default' },
            spec: { hosts: [each] },
          })),
        );
        const full = (each: string) => fullHost(each, 'default');
        const wanted = patterns
          .filter(each => covers(full(each), full(host)))
          .sort((a, b) => (specificity(full(a)) < specificity(full(b)) ? 1 : -1));
        const found = world.forHost('VirtualService', full(host)).flatMap(each => each.spec?.hosts);
        expect(found).toEqual(wanted);
      }),
      { numRuns: 500 },
    );
  });

  it('finds a gateway’s VirtualServices and delegates by their destinations, until these change', () => {
    const world = shop(
      virtualService(to('v1'), { name: 'mesh' }),
      virtualService(to('v1'), { name: 'shop', more: 'hosts: [shop.example.com]\ngateways: [gw]' }),
      virtualService(to('v1'), { name: 'child', more: 'hosts: []' }),
      virtualService('- delegate: { name: child }', { name: 'root', more: 'hosts: [a.example.com]\ngateways: [gw]' }),
    );
    const leading = () => world.leadingTo(REVIEWS).map(each => each.metadata.name);
    expect(leading()).toEqual(['shop', 'child']);
    expect(world.delegatingTo('default', 'child').map(each => each.metadata.name)).toEqual(['root']);
    world.put(objects(virtualService('- redirect: { uri: / }', { name: 'shop', more: 'gateways: [gw]' }))[0]!);
    world.delete(refOf(world.get('VirtualService', 'default', 'root')!));
    expect(leading()).toEqual(['child']);
    expect(world.delegatingTo('default', 'child')).toEqual([]);
  });

  it('finds pods by all their labels, and none by none', () => {
    const world = shop(
      pod('reviews-b', { app: 'reviews', version: 'v1', track: 'b' }),
      pod('x', { app: 'reviews' }, true, 'other'),
    );
    const names = (selector: Record<string, string>) => world.pods('default', selector).map(each => each.metadata.name);
    expect(names({ app: 'reviews', version: 'v1' }).toSorted()).toEqual(['reviews-b', 'reviews-v1']);
    expect(names({ app: 'reviews', track: 'b' })).toEqual(['reviews-b']);
    expect(names({ app: 'reviews', track: 'c' })).toEqual([]);
    expect(names({})).toEqual([]);
  });

  it('forgets the hosts and labels that an object no longer has', () => {
    const world = shop(virtualService(to('v2')));
    world.put(objects(virtualService(to('v2'), { more: 'hosts: [ratings]' }))[0]!);
    world.put(objects(pod('reviews-v3', { app: 'retired' }))[0]!);
    expect(shares(ask(world))).toEqual({ [REVIEWS]: 100 });
    expect(world.pods('default', { app: 'reviews' })).toHaveLength(2);
  });

  it('has copies that do not see each other’s changes', () => {
    const [before, after] = objects(`${virtualService(to('v1'))}\n---${virtualService(to('v2'))}`) as [never, never];
    const world = shop();
    world.put(before);
    const planned = world.with([{ ref: refOf(before), after }]);
    expect(shares(ask(planned))).toEqual({ v2: 100 });
    expect(shares(ask(world))).toEqual({ v1: 100 });
    world.delete(refOf(before));
    expect(shares(ask(world))).toEqual({ [REVIEWS]: 100 });
    expect(shares(ask(planned))).toEqual({ v2: 100 });
    const without = planned.with([{ ref: refOf(after) }]);
    expect(shares(ask(without))).toEqual({ [REVIEWS]: 100 });
    expect([world.size, planned.size, without.size]).toEqual([world.size, world.size + 1, world.size]);
    world.put(objects(pod('reviews-v4', { app: 'reviews' }))[0]!);
    expect(planned.pods('default', { app: 'reviews' })).toHaveLength(3);
    expect(new World().size).toBe(0);
  });
});
