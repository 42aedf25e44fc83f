import { describe, expect, it } from 'vitest';
import { ask, forwarded, none, pod, REVIEWS, service, shares, shop, to, virtualService } from './shop.ts';

const ELSEWHERE = { namespace: 'other', labels: { app: 'client' }, host: REVIEWS } as const;

describe('the VirtualService that speaks for a host in the mesh', () => {
  it('is found under every name that the client may use', () => {
    const world = shop(virtualService(to('v2')));
    for (const host of ['reviews', 'reviews:9080', 'reviews.default', 'reviews.default.svc', REVIEWS, 'REVIEWS']) {
      expect(shares(ask(world, { host }))).toEqual({ v2: 100 });
    }
  });

  it('has short names in its own namespace, not in its client’s', () => {
    const world = shop(
      service('reviews', 'other'),
      pod('r', { app: 'reviews' }, true, 'other'),
      virtualService(to('v2')),
    );
    expect(forwarded(ask(world, { ...ELSEWHERE, host: 'reviews' })).destinations[0]?.host).toBe(
      'reviews.other.svc.cluster.local',
    );
    expect(shares(ask(world, ELSEWHERE))).toEqual({ v2: 100 });
  });

  it('takes a service named by half only where requests ask by just that name, at port 80', () => {
    const web = service('reviews', 'default', '[{ name: http, port: 80 }, { name: http-more, port: 9080 }]');
    const half = (created: number) =>
      virtualService(to('v2'), { name: 'half', more: 'hosts: [reviews.default]', created });
    const whole = virtualService(to('v1'), { name: 'whole', created: 2 });
    const at80 = (host: string, ...more: string[]) => shares(ask(shop(web, ...more), { host, port: 80 }));
    expect(at80('reviews.default', half(3))).toEqual({ v2: 100 });
    expect(at80('reviews', half(3))).toEqual({ [REVIEWS]: 100 });
    expect(at80(REVIEWS, half(3))).toEqual({ [REVIEWS]: 100 });
    expect(shares(ask(shop(web, half(3)), { host: 'reviews.default' }))).toEqual({ [REVIEWS]: 100 });
    expect(at80('reviews.default', half(1), whole)).toEqual({ v2: 100 });
    expect(at80('reviews.default', half(3), whole)).toEqual({ v1: 100 });
  });

  it('takes a whole name with a dot at its end, and a shorter one not', () => {
    const world = shop(virtualService(to('v2')));
    expect(shares(ask(world, { host: `${REVIEWS}.` }))).toEqual({ v2: 100 });
    expect(ask(world, { host: 'reviews.default.' }).kind).toBe('passthrough');
  });

  it('is an exact one before a wildcard, and a longer wildcard before a shorter one', () => {
    const wide = virtualService(to('v1'), { name: 'wide', more: "hosts: ['*']", created: 1 });
    const narrow = virtualService(to('v2'), {
      name: 'narrow',
      more: "hosts: ['*.default.svc.cluster.local']",
      created: 2,
    });
    const exact = virtualService(to('v3'), { name: 'exact', created: 3 });
    expect(shares(ask(shop(wide, narrow, exact)))).toEqual({ v3: 100 });
    expect(shares(ask(shop(wide, narrow)))).toEqual({ v2: 100 });
    expect(shares(ask(shop(wide)))).toEqual({ v1: 100 });
  });

  it('is the oldest of two for the same host: they are not merged', () => {
    const young = virtualService(to('v3', 'match: [{ uri: { prefix: /reviews } }]'), { name: 'a-young', created: 2 });
    const old = virtualService(to('v1', 'match: [{ uri: { prefix: /old } }]'), { name: 'z-old', created: 1 });
    expect(none(ask(shop(young, old)))).toMatchObject({ status: 404, flag: 'NR' });
    expect(shares(ask(shop(young, old), { path: '/old' }))).toEqual({ v1: 100 });
  });

  it('is a private one before an exported one before a public one, whatever their age', () => {
    const hosts = `hosts: [${REVIEWS}]`;
    const all = virtualService(to('v1'), { name: 'public', more: hosts, created: 1 });
    const exported = virtualService(to('v2'), { name: 'exported', more: `${hosts}\nexportTo: [other]`, created: 2 });
    const own = virtualService(to('v3'), {
      name: 'own',
      namespace: 'other',
      more: `${hosts}\nexportTo: ['.']`,
      created: 3,
    });
    expect(shares(ask(shop(all, exported, own), ELSEWHERE))).toEqual({ v3: 100 });
    expect(shares(ask(shop(all, exported), ELSEWHERE))).toEqual({ v2: 100 });
    expect(shares(ask(shop(all, exported, own)))).toEqual({ v1: 100 });
  });

  it('is not one that is bound to gateways only', () => {
    const front = virtualService(to('v2'), { more: 'hosts: [reviews]\ngateways: [front]' });
    expect(forwarded(ask(shop(front))).via).toBeUndefined();
    const both = virtualService(to('v2'), { more: 'hosts: [reviews]\ngateways: [front, mesh]' });
    expect(shares(ask(shop(both)))).toEqual({ v2: 100 });
  });

  it('is the next one where the first has no route for this client at all', () => {
    const first = virtualService(to('v2', 'match: [{ sourceLabels: { app: admin } }]'), { name: 'first', created: 1 });
    const second = virtualService(to('v3'), { name: 'second', created: 2 });
    expect(shares(ask(shop(first, second)))).toEqual({ v3: 100 });
    expect(shares(ask(shop(first, second), { labels: { app: 'admin' } }))).toEqual({ v2: 100 });
    expect(forwarded(ask(shop(first))).via).toBeUndefined();
  });

  it('does not speak for a port that is not HTTP', () => {
    const world = shop(
      service('reviews', 'default', '[{ name: http, port: 9080 }, { name: tcp-admin, port: 9090 }]'),
      virtualService(to('v2')),
    );
    expect(forwarded(ask(world, { port: 9090 })).via).toBeUndefined();
    expect(shares(ask(world))).toEqual({ v2: 100 });
  });
});

describe('a host without a VirtualService', () => {
  it('is the Service itself: all its ready pods', () => {
    const [only] = forwarded(ask(shop())).destinations;
    expect(only).toMatchObject({ host: REVIEWS, port: 9080, share: 100, versions: { v1: 1, v2: 1, v3: 1 } });
    expect(only?.endpoints.toSorted()).toEqual(['reviews-v1', 'reviews-v2', 'reviews-v3']);
  });

  it('is let through where the mesh does not know it, unless only known hosts may be called', () => {
    const strict = `
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: "outboundTrafficPolicy: { mode: REGISTRY_ONLY }" }`;
    expect(ask(shop(), { host: 'api.example.com' })).toMatchObject({ kind: 'passthrough', host: 'api.example.com' });
    expect(none(ask(shop(strict), { host: 'api.example.com' }))).toMatchObject({ status: 502, flag: '-' });
    expect(shares(ask(shop(strict)))).toEqual({ [REVIEWS]: 100 });
  });

  it('can be a ServiceEntry', () => {
    const entry = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: default }
spec: { hosts: ['*.example.com', api.example.com], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }`;
    const { destinations } = forwarded(ask(shop(entry), { host: 'api.example.com', port: 80 }));
    expect(destinations).toMatchObject([{ host: 'api.example.com', port: 80, endpoints: ['api.example.com'] }]);
  });

  it('is not known under a port that it does not have', () => {
    expect(ask(shop(), { port: 1234 })).toMatchObject({ kind: 'passthrough', port: 1234 });
  });
});

describe('a Sidecar', () => {
  const sidecar = (hosts: string, more = '') => `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: default }
spec: { egress: [{ hosts: ${hosts} }]${more} }`;

  it('keeps what it does not import from the client', () => {
    expect(ask(shop(sidecar("['./ratings.default.svc.cluster.local']")))).toMatchObject({ kind: 'passthrough' });
    expect(ask(shop(sidecar("['./ratings.default.svc.cluster.local']")), { host: 'ratings' }).kind).toBe('forward');
    const closed = sidecar("['istio-system/*']", ', outboundTrafficPolicy: { mode: REGISTRY_ONLY }');
    expect(none(ask(shop(closed)))).toMatchObject({ status: 502 });
  });

  it('imports VirtualServices by their own namespace', () => {
    const foreign = virtualService(to('v3'), { namespace: 'other', more: `hosts: [${REVIEWS}]` });
    expect(shares(ask(shop(foreign, sidecar("['./*']"))))).toEqual({ [REVIEWS]: 100 });
    expect(shares(ask(shop(foreign, sidecar("['./*', 'other/*']"))))).toEqual({ v3: 100 });
  });

  it('that selects the pod goes before the namespace’s, and that before the root’s', () => {
    const picky = `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: picky, namespace: default }
spec: { workloadSelector: { labels: { app: curl } }, egress: [{ hosts: ['*/*'] }] }`;
    const root = sidecar("['~/*']").replace('namespace: default', 'namespace: istio-system');
    const world = shop(picky, root, sidecar("['./ratings.default.svc.cluster.local']"));
    expect(ask(world, { labels: { app: 'curl' } }).kind).toBe('forward');
    expect(ask(world, { host: 'ratings' }).kind).toBe('forward');
    expect(ask(world).kind).toBe('passthrough');
    expect(ask(shop(root)).kind).toBe('passthrough');
  });
});
