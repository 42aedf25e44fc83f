import { describe, expect, it } from 'vitest';
import { ask, forwarded, REVIEWS, shop, to, virtualService } from './shop.ts';

/** One route with these fields, to v1. */
const routed = (fields: string) => forwarded(ask(shop(virtualService(to('v1', fields)))));

/** The path that upstream sees for `path`, under this match and rewrite. */
const rewritten = (path: string, match: string, rewrite: string) =>
  forwarded(ask(shop(virtualService(to('v1', `${match}\nrewrite: ${rewrite}`))), { path })).path;

describe('a rewrite', () => {
  it('replaces the prefix that was matched and keeps the rest and the query', () => {
    expect(rewritten('/old/1?x=/old', 'match: [{ uri: { prefix: /old } }]', '{ uri: /new }')).toBe('/new/1?x=/old');
  });

  it('replaces a prefix whole, even where that leaves two slashes', () => {
    expect(rewritten('/old/1', 'match: [{ uri: { prefix: /old } }]', '{ uri: / }')).toBe('//1');
  });

  it('replaces an exact match and a regex match whole', () => {
    expect(rewritten('/old?x=1', 'match: [{ uri: { exact: /old } }]', '{ uri: /new }')).toBe('/new?x=1');
    expect(rewritten('/old/12', "match: [{ uri: { regex: '/old/.*' } }]", '{ uri: /new }')).toBe('/new');
  });

  it('without a match replaces only the leading slash', () => {
    expect(rewritten('/outer', '', '{ uri: /inner }')).toBe('/innerouter');
  });

  it('by a regex fills in what its groups found', () => {
    const regex = "{ uriRegexRewrite: { match: '/v([0-9]+)/(.*)', rewrite: '/\\2/$at/\\1' } }";
    expect(rewritten('/v2/books?x=1', '', regex)).toBe('/books/$at/2?x=1');
  });

  it('of the authority is what upstream is called, and setting Host is the same', () => {
    expect(routed('rewrite: { authority: inner.example.com }').authority).toBe('inner.example.com');
    const set = routed('headers: { request: { set: { Host: inner.example.com, x-a: b } } }');
    expect(set.authority).toBe('inner.example.com');
    expect(set.requestHeaders.set).toEqual({ 'x-a': 'b' });
  });
});

describe('a redirect', () => {
  const location = (redirect: string, asked = {}) => {
    const world = shop(virtualService(`- redirect: ${redirect}`));
    const decision = ask(world, { path: '/a?b=c', ...asked });
    return decision.kind === 'redirect' ? `${decision.status} ${decision.location}` : decision.kind;
  };

  it('changes path and host, and is permanent unless it says otherwise', () => {
    expect(location('{ uri: /new }')).toBe('301 http://reviews/new?b=c');
    expect(location('{ authority: other.example.com, redirectCode: 307 }')).toBe('307 http://other.example.com/a?b=c');
  });

  it('changes scheme and port, and leaves the usual port out', () => {
    expect(location('{ scheme: https }', { host: 'reviews:9080' })).toBe('301 https://reviews/a?b=c');
    expect(location('{ port: 8080 }')).toBe('301 http://reviews:8080/a?b=c');
    expect(location('{ port: 80 }')).toBe('301 http://reviews/a?b=c');
    expect(location('{ derivePort: FROM_REQUEST_PORT }')).toBe('301 http://reviews:9080/a?b=c');
  });
});

describe('what a route does besides', () => {
  it('answers by itself where it has a direct response', () => {
    const world = shop(virtualService('- directResponse: { status: 503, body: { string: closed } }'));
    expect(ask(world)).toMatchObject({ kind: 'direct-response', status: 503, body: 'closed' });
  });

  it('limits the time; without a timeout, or with 0s, there is no limit', () => {
    expect(routed('timeout: 0.5s').timeout).toBe(500);
    expect(routed('timeout: 1m30s').timeout).toBe(90_000);
    expect(routed('timeout: 0s')).not.toHaveProperty('timeout');
    expect(routed('')).not.toHaveProperty('timeout');
  });

  it('tries twice more unless it says otherwise; 0 attempts are 0', () => {
    expect(routed('').retries.attempts).toBe(2);
    expect(routed('retries: { attempts: 0 }').retries.attempts).toBe(0);
    expect(routed('retries: { attempts: 3, perTryTimeout: 2s, retryOn: 5xx }').retries).toEqual({
      attempts: 3,
      perTryTimeout: 2000,
      retryOn: '5xx',
    });
  });

  it('delays and aborts by percent; a percentage that is not there is 0', () => {
    const fault = 'fault:\n  delay: { fixedDelay: 2s, percentage: { value: 10 } }\n  abort: { httpStatus: 500 }';
    expect(routed(fault).fault).toEqual({ delay: { fixed: 2000, percent: 10 }, abort: { status: 500, percent: 0 } });
    expect(routed('fault: { delay: { fixedDelay: 7s, percent: 50 } }').fault).toEqual({
      delay: { fixed: 7000, percent: 50 },
    });
    expect(routed('fault: { abort: { percentage: { value: 100 } } }')).not.toHaveProperty('fault');
  });

  it('keeps the timeout of a route with a delay: the time runs from when the request is sent on', () => {
    const both = routed('timeout: 500ms\nfault: { delay: { fixedDelay: 2s, percentage: { value: 100 } } }');
    expect(both).toMatchObject({ timeout: 500, fault: { delay: { fixed: 2000 } } });
  });

  it('mirrors to one or several, all of it unless it says otherwise', () => {
    const percents = (fields: string) => routed(fields).mirrors.map(each => [each.subset, each.percent]);
    expect(percents('mirror: { host: reviews, subset: v2 }')).toEqual([['v2', 100]]);
    expect(percents('mirror: { host: reviews, subset: v2 }\nmirrorPercentage: { value: 12.5 }')).toEqual([
      ['v2', 12.5],
    ]);
    expect(percents('mirror: { host: reviews, subset: v2 }\nmirrorPercent: 30')).toEqual([['v2', 30]]);
    expect(percents('mirror: { host: reviews, subset: v2 }\nmirror_percent: 0')).toEqual([]);
    expect(
      percents(
        'mirrors: [{ destination: { host: reviews, subset: v2 } }, { destination: { host: reviews, subset: v3 }, percentage: { value: 5 } }]',
      ),
    ).toEqual([
      ['v2', 100],
      ['v3', 5],
    ]);
  });

  it('changes headers for the route and for each destination', () => {
    const world = shop(
      virtualService(`
- headers: { request: { set: { x-route: a }, remove: [x-secret] }, response: { add: { x-seen: b } } }
  route:
    - destination: { host: reviews, subset: v1 }
      weight: 50
      headers: { request: { set: { x-version: '1' } } }
    - destination: { host: reviews, subset: v2 }
      weight: 50`),
    );
    const decision = forwarded(ask(world));
    expect(decision.requestHeaders).toEqual({ set: { 'x-route': 'a' }, add: {}, remove: ['x-secret'] });
    expect(decision.responseHeaders.add).toEqual({ 'x-seen': 'b' });
    expect(decision.destinations.map(each => each.requestHeaders.set)).toEqual([{ 'x-version': '1' }, {}]);
  });

  it('hands on its cors policy', () => {
    expect(routed('corsPolicy: { allowMethods: [GET] }').cors).toEqual({ allowMethods: ['GET'] });
  });
});

describe('a delegate', () => {
  const root = (route: string) => virtualService(route, { name: 'root' });
  const child = (http: string, more = 'hosts: []') => virtualService(http, { name: 'child', namespace: 'team', more });

  it('routes what the root gives it, under the conditions of both', () => {
    const world = shop(
      root('- match: [{ uri: { prefix: /reviews } }]\n  delegate: { name: child, namespace: team }'),
      child(`${to('v2', 'match: [{ headers: { end-user: { exact: jason } } }]')}\n${to('v3')}`),
    );
    const jason = forwarded(ask(world, { headers: { 'end-user': 'jason' } }));
    expect(jason.destinations[0]?.subset).toBe('v2');
    expect(jason.via).toMatchObject({
      virtualService: { name: 'root' },
      index: 0,
      delegate: { namespace: 'team', name: 'child' },
    });
    expect(forwarded(ask(world)).destinations[0]?.subset).toBe('v3');
    expect(ask(world, { path: '/other' })).toMatchObject({ kind: 'none', flag: 'NR' });
  });

  it('narrows the root’s path, and is left out where it would widen it', () => {
    const at = (path: string) =>
      shop(
        root('- match: [{ uri: { prefix: /reviews } }]\n  delegate: { name: child, namespace: team }'),
        child(to('v2', `match: [{ uri: { prefix: ${path} } }]`)),
        virtualService(to('v1'), { name: 'zz', created: 9 }),
      );
    expect(forwarded(ask(at('/reviews/0'))).destinations[0]?.subset).toBe('v2');
    expect(forwarded(ask(at('/'))).destinations[0]?.subset).toBe('v1');
  });

  it('takes over what it does not say itself, and joins the names', () => {
    const world = shop(
      root('- name: outer\n  timeout: 3s\n  delegate: { name: child, namespace: team }'),
      child(to('v2', 'name: inner')),
    );
    expect(forwarded(ask(world))).toMatchObject({ timeout: 3000, via: { name: 'outer-inner' } });
  });

  it('has short host names in its own namespace', () => {
    const world = shop(
      root('- delegate: { name: child, namespace: team }'),
      child('- route: [{ destination: { host: reviews } }]'),
    );
    expect(ask(world)).toMatchObject({ kind: 'none', flag: 'NC', why: expect.stringContaining('reviews.team.svc') });
  });

  it('is left out where it is missing, hidden, or has hosts of its own', () => {
    const delegating = root('- delegate: { name: child, namespace: team }');
    const plain = { via: undefined, host: REVIEWS };
    for (const world of [
      shop(delegating),
      shop(delegating, child(to('v2'), "hosts: []\nexportTo: ['.']")),
      shop(delegating, child(to('v2'), 'hosts: [somewhere.example.com]')),
    ]) {
      const decision = forwarded(ask(world));
      expect({ via: decision.via, host: decision.destinations[0]?.host }).toEqual(plain);
    }
  });
});
