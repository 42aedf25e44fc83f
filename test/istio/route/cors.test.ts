/** Seen at real proxies: which requests a corsPolicy answers by itself, and what it adds to other answers. */
import { describe, expect, it } from 'vitest';
import { corsOf } from '../../../src/istio/route/cors.ts';
import type { JsonObject } from '../../../src/object.ts';

const POLICY: JsonObject = {
  allowOrigins: [{ exact: 'http://shop.example.com' }, { regex: 'https://.*' }],
  allowMethods: ['GET', 'PUT'],
  allowHeaders: ['x-a', 'x-b'],
  exposeHeaders: ['x-r'],
  maxAge: '1m30s',
};
const SHOP = { Origin: 'http://shop.example.com' };
const WANTS = { 'Access-Control-Request-Method': 'PUT' };

function asked(method: string, headers: Record<string, string>, policy = POLICY) {
  const from = { kind: 'sidecar', namespace: 'default', labels: {} } as const;
  return corsOf(policy, { from, host: 'reviews', port: 80, path: '/', method, scheme: 'http', headers });
}

describe('a corsPolicy', () => {
  it('answers a preflight of an origin that it allows', () => {
    expect(asked('OPTIONS', { ...SHOP, ...WANTS })).toEqual({
      answers: true,
      headers: {
        'access-control-allow-origin': 'http://shop.example.com',
        'access-control-allow-methods': 'GET,PUT',
        'access-control-allow-headers': 'x-a,x-b',
        'access-control-max-age': '90',
        'access-control-expose-headers': 'x-r',
      },
    });
  });

  it('says to other requests of such an origin who may read the answer', () => {
    const shared = { 'access-control-allow-origin': 'http://shop.example.com', 'access-control-expose-headers': 'x-r' };
    expect(asked('GET', SHOP)).toEqual({ answers: false, headers: shared });
    expect(asked('OPTIONS', SHOP)).toEqual({ answers: false, headers: shared });
    expect(asked('GET', SHOP, { ...POLICY, allowCredentials: true })?.headers).toMatchObject({
      'access-control-allow-credentials': 'true',
    });
  });

  it('leaves alone what has no origin, or one that it does not allow', () => {
    const other = { origin: 'http://evil.example.org' };
    expect(asked('GET', {})).toBeUndefined();
    expect(asked('GET', other)).toBeUndefined();
    expect(asked('OPTIONS', { ...other, ...WANTS })).toBeUndefined();
  });

  it('may answer preflights of other origins too, without naming an origin', () => {
    const ignoring = {
      ...POLICY,
      unmatchedPreflights: 'IGNORE',
      maxAge: '0s',
      allowHeaders: [],
      allowCredentials: true,
    };
    expect(asked('OPTIONS', { origin: 'http://evil.example.org', ...WANTS }, ignoring)).toEqual({
      answers: true,
      headers: {
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'GET,PUT',
        'access-control-max-age': '0',
      },
    });
  });

  it('allows any origin where it allows one that is called *', () => {
    expect(asked('GET', { origin: 'null' }, { allowOrigins: [{ exact: '*' }] })?.headers).toEqual({
      'access-control-allow-origin': 'null',
    });
  });
});
