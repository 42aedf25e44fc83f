import { describe, expect, it } from 'vitest';
import { ask, forwarded, none, shares, shop, to, virtualService } from './shop.ts';

/** v2 for what the match takes, v1 for the rest. */
function matching(match: string) {
  return shop(virtualService(`${to('v2', `match:\n  ${match.trim().replaceAll('\n', '\n  ')}`)}\n${to('v1')}`));
}

function takes(match: string, asked: Parameters<typeof ask>[1]): boolean {
  return shares(ask(matching(match), asked)).v2 === 100;
}

describe('a match of a VirtualService', () => {
  it('takes an exact path with any query, and no longer path', () => {
    expect(takes('- uri: { exact: /reviews/0 }', { path: '/reviews/0' })).toBe(true);
    expect(takes('- uri: { exact: /reviews/0 }', { path: '/reviews/0?u=1' })).toBe(true);
    expect(takes('- uri: { exact: /reviews/0 }', { path: '/reviews/01' })).toBe(false);
  });

  it('takes a prefix by characters, not by path elements', () => {
    expect(takes('- uri: { prefix: /rev }', { path: '/reviews/0' })).toBe(true);
    expect(takes('- uri: { prefix: /reviews/ }', { path: '/reviews' })).toBe(false);
  });

  it('takes a regex only when the whole path fits', () => {
    expect(takes("- uri: { regex: '/reviews/[0-9]+' }", { path: '/reviews/12?x=y' })).toBe(true);
    expect(takes("- uri: { regex: '/reviews/[0-9]+' }", { path: '/reviews/12/more' })).toBe(false);
  });

  it('takes nothing with a regex that is none', () => {
    expect(takes("- uri: { regex: '/reviews/(' }", { path: '/reviews/(' })).toBe(false);
  });

  it('heeds the case of paths unless told otherwise', () => {
    expect(takes('- uri: { prefix: /Reviews }', {})).toBe(false);
    expect(takes('- uri: { prefix: /Reviews }\n  ignoreUriCase: true', {})).toBe(true);
    expect(takes('- uri: { exact: /REVIEWS/0 }\n  ignoreUriCase: true', {})).toBe(true);
  });

  it('takes method, scheme and authority', () => {
    expect(takes('- method: { exact: POST }', { method: 'POST' })).toBe(true);
    expect(takes('- method: { exact: POST }', {})).toBe(false);
    expect(takes('- scheme: { exact: https }', {})).toBe(false);
    expect(takes('- authority: { prefix: reviews }', { host: 'reviews:9080' })).toBe(true);
    expect(takes('- authority: { exact: reviews }', { host: 'reviews.default' })).toBe(false);
  });

  it('takes headers whatever the case of their names, but not of their values', () => {
    expect(takes('- headers: { End-User: { exact: jason } }', { headers: { 'end-user': 'jason' } })).toBe(true);
    expect(takes('- headers: { end-user: { exact: jason } }', { headers: { 'END-USER': 'jason' } })).toBe(true);
    expect(takes('- headers: { end-user: { exact: jason } }', { headers: { 'end-user': 'Jason' } })).toBe(false);
    expect(takes('- headers: { end-user: { exact: jason } }', {})).toBe(false);
  });

  it('asks only for presence with an empty matcher and with the regex *', () => {
    for (const matcher of ['{}', "{ regex: '*' }"]) {
      expect(takes(`- headers: { x-canary: ${matcher} }`, { headers: { 'x-canary': 'anything' } })).toBe(true);
      expect(takes(`- headers: { x-canary: ${matcher} }`, {})).toBe(false);
    }
  });

  it('leaves out what withoutHeaders names, and takes a request that has no such header', () => {
    const match = '- withoutHeaders: { end-user: { exact: jason } }';
    expect(takes(match, { headers: { 'end-user': 'jason' } })).toBe(false);
    expect(takes(match, { headers: { 'end-user': 'mary' } })).toBe(true);
    expect(takes(match, {})).toBe(true);
    expect(takes('- withoutHeaders: { end-user: {} }', { headers: { 'end-user': 'mary' } })).toBe(false);
  });

  it('takes query parameters', () => {
    expect(takes('- queryParams: { v: { exact: "2" } }', { path: '/reviews/0?u=1&v=2' })).toBe(true);
    expect(takes('- queryParams: { v: { exact: "2" } }', { path: '/reviews/0?v=20' })).toBe(false);
    expect(takes('- queryParams: { v: { regex: "[0-9]+" } }', { path: '/reviews/0?v=20' })).toBe(true);
    expect(takes('- queryParams: { v: {} }', { path: '/reviews/0' })).toBe(false);
  });

  it('is for a port, for sources and for gateways where it names them', () => {
    expect(takes('- port: 9080', {})).toBe(true);
    expect(takes('- port: 9081', {})).toBe(false);
    expect(takes('- sourceLabels: { app: productpage }', {})).toBe(true);
    expect(takes('- sourceLabels: { app: curl }', {})).toBe(false);
    expect(takes('- sourceNamespace: default', {})).toBe(true);
    expect(takes('- sourceNamespace: other', {})).toBe(false);
    expect(takes('- gateways: [mesh]', {})).toBe(true);
    expect(takes('- gateways: [default/front]', {})).toBe(false);
  });

  it('does not look at sources where it names gateways', () => {
    expect(takes('- gateways: [mesh]\n  sourceLabels: { app: nobody }', {})).toBe(true);
  });

  it('needs all of its conditions', () => {
    const both = '- uri: { prefix: /reviews }\n  headers: { end-user: { exact: jason } }';
    expect(takes(both, { headers: { 'end-user': 'jason' } })).toBe(true);
    expect(takes(both, {})).toBe(false);
    expect(takes(both, { path: '/other', headers: { 'end-user': 'jason' } })).toBe(false);
  });
});

describe('the routes of a VirtualService', () => {
  it('takes a route when any of its matches fits', () => {
    const either = '- uri: { exact: /a }\n- headers: { end-user: { exact: jason } }';
    expect(takes(either, { path: '/a' })).toBe(true);
    expect(takes(either, { headers: { 'end-user': 'jason' } })).toBe(true);
    expect(takes(either, {})).toBe(false);
  });

  it('takes the first route that fits', () => {
    const world = shop(
      virtualService(
        `${to('v2', 'match: [{ uri: { prefix: /reviews } }]')}\n${to('v3', 'match: [{ uri: { exact: /reviews/0 } }]')}`,
      ),
    );
    expect(shares(ask(world))).toEqual({ v2: 100 });
  });

  it('never comes behind a route that takes everything', () => {
    for (const everything of ['', 'match: [{ uri: { prefix: / } }]', "match: [{ uri: { regex: '.*' } }]"]) {
      const jason = to('v2', 'match: [{ headers: { end-user: { exact: jason } } }]');
      const world = shop(virtualService(`${to('v1', everything)}\n${jason}`));
      expect(shares(ask(world, { headers: { 'end-user': 'jason' } }))).toEqual({ v1: 100 });
    }
  });

  it('answers 404 NR when none fits', () => {
    const world = shop(virtualService(to('v2', 'match: [{ uri: { exact: /only } }]')));
    expect(none(ask(world))).toMatchObject({ status: 404, flag: 'NR' });
  });

  it('names the route that took it', () => {
    const world = shop(
      virtualService(`${to('v2', 'name: canary\nmatch: [{ name: tester, method: { exact: PUT } }]')}\n${to('v1')}`),
    );
    expect(forwarded(ask(world, { method: 'PUT' })).via).toMatchObject({ index: 0, name: 'canary.tester' });
    expect(forwarded(ask(world)).via).toMatchObject({
      index: 1,
      virtualService: { namespace: 'default', name: 'reviews' },
    });
  });
});
