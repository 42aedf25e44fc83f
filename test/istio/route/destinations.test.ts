import { describe, expect, it } from 'vitest';
import { ask, forwarded, none, pod, REVIEWS, service, shares, shop, to, virtualService } from './shop.ts';

const weighted = (...weights: [string, number][]) =>
  virtualService(
    `- route:\n${weights.map(([subset, weight]) => `    - { destination: { host: reviews, subset: ${subset} }, weight: ${weight} }`).join('\n')}`,
  );

const rule = (
  namespace: string,
  subsets: string[],
  { name = 'extra', more = '', created = 5, host = REVIEWS } = {},
) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ${name}, namespace: ${namespace}, creationTimestamp: '2026-01-0${created}T00:00:00Z' }
spec:
  host: '${host}'
  ${more}
  subsets: [${subsets.map(each => `{ name: ${each}, labels: { version: ${each} } }`).join(', ')}]`;

describe('weights', () => {
  it('are proportional, whatever they sum to', () => {
    expect(shares(ask(shop(weighted(['v1', 90], ['v3', 30]))))).toEqual({ v1: 75, v3: 25 });
    expect(shares(ask(shop(weighted(['v1', 0], ['v3', 100]))))).toEqual({ v1: 0, v3: 100 });
  });

  it('do not matter to a destination that is alone', () => {
    expect(shares(ask(shop(weighted(['v2', 0]))))).toEqual({ v2: 100 });
  });

  it('that are all 0 lead nowhere', () => {
    expect(none(ask(shop(weighted(['v1', 0], ['v2', 0]))))).toMatchObject({ status: 503, flag: 'NC' });
  });
});

describe('a destination', () => {
  it('stands for the version that its subset selects', () => {
    const named = rule('default', [], { name: 'extra' }).replace(
      'subsets: []',
      'subsets: [{ name: canary, labels: { version: v3 } }]',
    );
    const [only] = forwarded(ask(shop(named, virtualService(to('canary'))))).destinations;
    expect(only).toMatchObject({
      subset: 'canary',
      version: 'v3',
      labels: { version: 'v3' },
      endpoints: ['reviews-v3'],
    });
  });

  it('without a subset is every ready pod of the Service', () => {
    const world = shop(
      virtualService('- route: [{ destination: { host: reviews } }]'),
      pod('reviews-v4', { app: 'reviews' }, false),
    );
    expect(forwarded(ask(world)).destinations[0]).toMatchObject({ versions: { v1: 1, v2: 1, v3: 1 } });
  });

  it('can be one Service per version', () => {
    const one = service('reviews-v2', 'default').replace('{ app: reviews-v2 }', '{ app: reviews, version: v2 }');
    const world = shop(one, virtualService('- route: [{ destination: { host: reviews-v2 } }]'));
    expect(forwarded(ask(world)).destinations).toMatchObject([{ version: 'v2', endpoints: ['reviews-v2'] }]);
  });

  it('answers 503 NC where its subset is not there', () => {
    expect(none(ask(shop(virtualService(to('v9')))))).toMatchObject({ status: 503, flag: 'NC', via: { index: 0 } });
    expect(none(ask(shop(virtualService(to('v9'))))).why).toContain('default/reviews has no subset v9');
  });

  it('answers 503 NC where its host or its port is not there', () => {
    const nowhere = virtualService('- route: [{ destination: { host: nowhere } }]');
    expect(none(ask(shop(nowhere)))).toMatchObject({ status: 503, flag: 'NC' });
    const wrongPort = virtualService('- route: [{ destination: { host: reviews, port: { number: 1 } } }]');
    expect(none(ask(shop(wrongPort)))).toMatchObject({ status: 503, flag: 'NC' });
  });

  it('answers 503 UH where no ready pod is in its subset', () => {
    const world = shop(
      rule('default', ['v4']),
      pod('reviews-v4', { app: 'reviews', version: 'v4' }, false),
      virtualService(to('v4')),
    );
    expect(none(ask(world))).toMatchObject({ status: 503, flag: 'UH' });
  });

  it('that fails takes only its own share down', () => {
    const { destinations } = forwarded(ask(shop(weighted(['v1', 50], ['v9', 50]))));
    expect(destinations.map(each => [each.subset, each.share, each.fails?.flag])).toEqual([
      ['v1', 50, undefined],
      ['v9', 50, 'NC'],
    ]);
  });

  it('takes the port that was asked for, which its Service may not have', () => {
    const single = service('single', 'default', '[{ name: http, port: 80 }]').replace('app: single', 'app: reviews');
    const both = '[{ name: http, port: 80 }, { name: http-b, port: 9080 }]';
    const several = service('several', 'default', both).replace('app: several', 'app: reviews');
    const at = (host: string) => virtualService(`- route: [{ destination: { host: ${host} } }]`);
    expect(none(ask(shop(single, at('single'))))).toMatchObject({ status: 503, flag: 'NC' });
    expect(forwarded(ask(shop(several, at('several')))).destinations[0]?.port).toBe(9080);
  });
});

describe('the DestinationRule that holds', () => {
  const FROM_OTHER = { namespace: 'other', host: REVIEWS, labels: { app: 'client' } };
  const toAll = virtualService(to('v3'), { more: `hosts: [${REVIEWS}]` });

  it('is the client’s namespace’s, whole: it hides the owner’s subsets', () => {
    const world = shop(toAll, rule('other', ['v1']));
    expect(none(ask(world, FROM_OTHER))).toMatchObject({ status: 503, flag: 'NC' });
    expect(shares(ask(world))).toEqual({ v3: 100 });
  });

  it('is the service’s namespace’s before the root’s', () => {
    const world = shop(toAll, rule('istio-system', ['v1']));
    expect(shares(ask(world, FROM_OTHER))).toEqual({ v3: 100 });
  });

  it('is the root’s where neither has one', () => {
    const ratings = 'ratings.default.svc.cluster.local';
    const toRatings = virtualService(`- route: [{ destination: { host: ${ratings}, subset: v1 } }]`, {
      more: `hosts: [${ratings}]`,
    });
    const world = shop(toRatings, rule('istio-system', ['v1'], { host: '*.default.svc.cluster.local' }));
    expect(shares(ask(world, { ...FROM_OTHER, host: ratings }))).toEqual({ v1: 100 });
    expect(none(ask(shop(toRatings), { ...FROM_OTHER, host: ratings })).flag).toBe('NC');
  });

  it('is merged from the rules of the same host in one namespace, the oldest first', () => {
    const second = rule('default', ['v4']).replace('labels: { version: v4 }', 'labels: { version: v2 }');
    expect(forwarded(ask(shop(second, virtualService(to('v4'))))).destinations[0]?.endpoints).toEqual(['reviews-v2']);
    const again = rule('default', ['v1']).replace('labels: { version: v1 }', 'labels: { version: v2 }');
    expect(forwarded(ask(shop(again, virtualService(to('v1'))))).destinations[0]?.endpoints).toEqual(['reviews-v1']);
  });

  it('is the most specific of its namespace', () => {
    const wild = rule('default', ['v4'], { host: '*.default.svc.cluster.local' });
    expect(none(ask(shop(wild, virtualService(to('v4'))))).flag).toBe('NC');
  });

  it('is one that is exported to the client', () => {
    const hidden = rule('default', ['v4'], { more: "exportTo: ['.']" }).replace('version: v4', 'version: v2');
    const world = shop(hidden, virtualService(to('v4'), { more: `hosts: [${REVIEWS}]` }));
    expect(shares(ask(world))).toEqual({ v4: 100 });
    expect(none(ask(world, FROM_OTHER)).flag).toBe('NC');
  });

  it('with a workloadSelector is for those clients of its namespace only', () => {
    const picky = rule('default', ['v4'], { more: 'workloadSelector: { matchLabels: { app: curl } }' }).replace(
      'version: v4',
      'version: v2',
    );
    const world = shop(picky, virtualService(to('v4')));
    expect(shares(ask(world, { labels: { app: 'curl' } }))).toEqual({ v4: 100 });
    expect(none(ask(world)).flag).toBe('NC');
  });
});
