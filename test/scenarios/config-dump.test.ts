import { describe, expect, it } from 'vitest';
import { sharesIn } from './world/config-dump.ts';

/** As Envoy gave it, cut to what is read. */
const V1 = 'outbound|9080|v1|reviews.default.svc.cluster.local';
const V3 = 'outbound|9080|v3|reviews.default.svc.cluster.local';
const jason = { prefix: '/', case_sensitive: true, headers: [{ name: 'end-user', string_match: { exact: 'jason' } }] };

function dump(route: object): string {
  const reviews = {
    name: 'reviews.default.svc.cluster.local:9080',
    domains: ['reviews.default.svc.cluster.local', 'reviews', 'reviews.default.svc', 'reviews.default', '10.96.5.219'],
    routes: [
      { match: jason, route: { cluster: 'outbound|9080|v2|reviews.default.svc.cluster.local' } },
      { match: { prefix: '/' }, route },
    ],
  };
  const elsewhere = {
    name: 'reviews:80',
    domains: ['reviews'],
    routes: [{ match: { prefix: '/' }, route: { cluster: 'x' } }],
  };
  return JSON.stringify({
    configs: [
      { route_config: { name: '80', virtual_hosts: [elsewhere] } },
      { route_config: { name: '9080', virtual_hosts: [reviews] } },
    ],
  });
}

describe('what a proxy’s config_dump says of a host', () => {
  it('is the shares of the route that takes all other requests', () => {
    const clusters = [
      { name: V1, weight: 50 },
      { name: V3, weight: 50 },
    ];
    expect(sharesIn(dump({ weighted_clusters: { clusters } }), 'reviews:9080')).toEqual({ [V1]: 50, [V3]: 50 });
  });

  it('is one cluster where nothing is shared', () => {
    expect(sharesIn(dump({ cluster: V1 }), 'reviews:9080')).toEqual({ [V1]: 100 });
  });

  it('is nothing of a host that it does not know', () => {
    expect(sharesIn(dump({ cluster: V1 }), 'ratings:9080')).toEqual({});
  });
});
