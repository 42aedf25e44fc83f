/** Which requests count, where the trace alone can tell how they came to the service. */
import { describe, expect, it } from 'vitest';
import type { Hop } from '../../src/ports.ts';
import { judge } from '../../src/proof/judging.ts';
import { versionAt } from '../../src/proof/tracing.ts';

const HOST = 'reviews.default.svc.cluster.local';

/** productpage and ratings both ask reviews. */
function hops(tags: (path: string, method: string) => Record<string, string>): Hop[] {
  const hop = (id: string, service: string, side: Hop['side'], more: Partial<Hop>): Hop => ({
    ...{ id, service, side, name: service, start: Number(id), took: 1, tags: {} },
    ...more,
  });
  return [
    hop('1', 'productpage.default', 'client', {}),
    hop('2', 'reviews.default', 'server', { parent: '1', version: 'v1', tags: tags('/reviews/0', 'GET') }),
    hop('3', 'ratings.shop', 'client', {}),
    hop('4', 'reviews.default', 'server', { parent: '3', version: 'v3', tags: tags('/beta/x?a=b', 'POST') }),
  ];
}

const envoy = (path: string, method: string) => ({ 'http.url': `http://reviews:9080${path}`, 'http.method': method });
const openTelemetry = (path: string, method: string) => ({
  'url.path': path.split('?')[0]!,
  'http.request.method': method,
});

describe.each([
  ['Envoy', envoy],
  ['OpenTelemetry', openTelemetry],
])('a request that is told by the tags of %s', (_, tags) => {
  it.each([
    ['its path', { path: { prefix: '/beta' } }],
    ['a regular expression of its path', { path: { regex: '/b.*' } }],
    ['its method', { method: { exact: 'POST' } }],
    ['who sent it', { caller: 'ratings' }],
    ['who sent it, with the namespace', { caller: 'ratings.shop' }],
  ])('counts by %s', (_what, where) => {
    expect(versionAt(hops(tags), HOST, { says: '', ...where })).toBe('v3');
    expect(versionAt(hops(tags), HOST)).toBe('v1');
  });

  it('does not count where it came otherwise, or the trace does not say', () => {
    for (const where of [{ path: { exact: '/none' } }, { caller: 'ratings.default' }, { method: { exact: 'PUT' } }]) {
      expect(versionAt(hops(tags), HOST, { says: '', ...where })).toBeUndefined();
    }
    expect(
      versionAt(
        hops(() => ({})),
        HOST,
        { says: '', path: { prefix: '/beta' } },
      ),
    ).toBeUndefined();
  });
});

describe('a proof of which no request came so', () => {
  it('says what was looked for', () => {
    const host = 'reviews.default where path = /none';
    expect(judge({}, { shares: { v3: 100 } }, { sent: 40, least: 20, confidence: 99, host })).toMatchObject({
      verdict: 'not-proven',
      summary: 'of 40 requests none is known to have reached reviews.default where path = /none',
    });
  });
});
