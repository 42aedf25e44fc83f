import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { both, covers, excludes, sameBlock } from '../../../src/istio/edit/place/cover.ts';
import type { JsonObject } from '../../../src/object.ts';
import { blocks, meeting, meets, requests } from './drawn.ts';

/** A request that meets the second of two blocks. */
const cases = fc
  .record({ a: blocks, b: blocks, any: requests })
  .map(({ a, b, any }) => ({ a, b, request: meeting(b, any) }));

describe('two matches', () => {
  it('cover, exclude and join as the requests do that meet them', () => {
    let covered = 0;
    let joined = 0;
    fc.assert(
      fc.property(cases, ({ a, b, request }) => {
        if (!meets(b, request)) return;
        if (covers(a, b)) {
          covered += 1;
          expect(meets(a, request)).toBe(true);
        }
        if (excludes(a, b)) expect(meets(a, request)).toBe(false);
        const join = both(a, b);
        if (!join) return;
        joined += 1;
        expect(meets(join, request)).toBe(meets(a, request));
      }),
      { numRuns: 3000 },
    );
    expect(covered).toBeGreaterThan(20);
    expect(joined).toBeGreaterThan(200);
  });

  it.each<[string, JsonObject, JsonObject, boolean]>([
    ['a prefix, a longer one', { uri: { prefix: '/a' } }, { uri: { prefix: '/a/b' } }, true],
    ['a longer prefix, a shorter one', { uri: { prefix: '/a/b' } }, { uri: { prefix: '/a' } }, false],
    ['no path, any', {}, { uri: { exact: '/a' } }, true],
    ['every path, none in particular', { uri: { prefix: '/' } }, { method: { exact: 'GET' } }, true],
    ['a header that is there, its value', { headers: { a: {} } }, { headers: { a: { exact: 'b' } } }, true],
    ['a value, the header that is there', { headers: { a: { exact: 'b' } } }, { headers: { a: {} } }, false],
    ['an expression, what it takes', { uri: { regex: '/a/.*' } }, { uri: { prefix: '/a/b' } }, true],
    ['a path in any case, one case', { uri: { prefix: '/A' }, ignoreUriCase: true }, { uri: { exact: '/ab' } }, true],
    ['one case, a path in any', { uri: { prefix: '/a' } }, { uri: { exact: '/ab' }, ignoreUriCase: true }, false],
    ['a gateway, the same', { gateways: ['a', 'b'] }, { gateways: ['a'] }, true],
    ['a gateway, every way', { gateways: ['a'] }, {}, false],
    ['without a header, nothing said of it', { withoutHeaders: { a: {} } }, {}, false],
    ['a field that nobody knows, all else', { later: { a: 'b' } }, { uri: { exact: '/a' } }, false],
  ])('%s: covers or does not', (_, wide, narrow, expected) => {
    expect(covers(wide, narrow)).toBe(expected);
  });

  it('are the same whatever they are called', () => {
    expect(
      sameBlock({ name: 'x', headers: { 'End-User': { exact: 'a' } } }, { headers: { 'end-user': { exact: 'a' } } }),
    ).toBe(true);
    expect(sameBlock({ uri: { prefix: '/' }, method: { exact: 'GET' } }, { method: { exact: 'GET' } })).toBe(true);
    expect(sameBlock({ headers: { a: {} } }, { headers: { a: { exact: '' } } })).toBe(false);
  });
});
