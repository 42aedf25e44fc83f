/** Seen at real proxies: which name a VirtualService takes on which port, and which rule holds (docs/truth.md). */
import { describe, expect, it } from 'vitest';
import { ask, forwarded, none, REVIEWS, service, shares, shop, to, virtualService } from './shop.ts';

describe('a VirtualService for a host that is no service', () => {
  const outside = virtualService(to('v2'), { name: 'outside', more: 'hosts: [shop.example.com]' });

  it('speaks for it on port 80, and on no other', () => {
    const two = service('front', 'default', '[{ name: http, port: 80 }]');
    const world = shop(outside, two.replace('app: front', 'app: reviews'));
    expect(ask(world, { host: 'shop.example.com', port: 80 }).kind).toBe('none');
    expect(ask(world, { host: 'shop.example.com' }).kind).toBe('passthrough');
  });

  it('speaks for it on another port beside a service that has that port', () => {
    const world = shop(virtualService(to('v2'), { more: `hosts: [shop.example.com, ${REVIEWS}]` }));
    expect(shares(ask(world, { host: 'shop.example.com' }))).toEqual({ v2: 100 });
  });

  it('does so by a wildcard only where that stands for no service of the port', () => {
    const wide = virtualService('- directResponse: { status: 418 }', {
      name: 'wide',
      more: "hosts: ['*.example.com']",
    });
    const entry = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: shop, namespace: default }
spec: { hosts: [shop.example.com], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }`;
    const asked = { host: 'other.example.com', port: 80 };
    expect(ask(shop(wide), asked).kind).toBe('direct-response');
    expect(ask(shop(wide, entry), asked).kind).toBe('passthrough');
    expect(ask(shop(wide, entry), { ...asked, host: 'shop.example.com' }).kind).toBe('direct-response');
  });
});

describe('a ServiceEntry whose addresses are names', () => {
  const entry = (endpoints: string) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: shop, namespace: default }
spec: { hosts: [shop.example.com], ports: [{ number: 80, name: http, protocol: HTTP }], ${endpoints} }`;
  const rule = `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: shop, namespace: default }
spec: { host: shop.example.com, subsets: [{ name: v2, labels: { version: v2 } }] }`;
  const routing = virtualService('- route: [{ destination: { host: shop.example.com, subset: v2 } }]', {
    more: 'hosts: [shop.example.com]',
  });
  const asked = (endpoints: string) =>
    none(ask(shop(entry(endpoints), rule, routing), { host: 'shop.example.com', port: 80 }));

  it('has no cluster of a subset without one, where an empty subset of addresses is an empty cluster', () => {
    const v1 = (address: string) => `endpoints: [{ address: ${address}, labels: { version: v1 } }]`;
    expect(asked(`resolution: DNS, ${v1('a.example.com')}`)).toMatchObject({ status: 503, flag: 'NC' });
    expect(asked('resolution: DNS')).toMatchObject({ status: 503, flag: 'NC' });
    expect(asked(`resolution: STATIC, ${v1('192.0.2.1')}`)).toMatchObject({ status: 503, flag: 'UH' });
  });
});

describe('a wildcard VirtualService', () => {
  const wide = virtualService(to('v2'), { name: 'wide', more: "hosts: ['*.default.svc.cluster.local']" });

  it('does not stand in where one that names the service has no route for the client', () => {
    const named = virtualService(to('v1', 'match: [{ sourceLabels: { app: nobody } }]'), { created: 2 });
    expect(ask(shop(wide), {})).toMatchObject({ via: { virtualService: { name: 'wide' } } });
    expect(forwarded(ask(shop(wide, named), {}))).not.toHaveProperty('via');
  });
});

describe('several DestinationRules for a host in one namespace', () => {
  const rule = (name: string, created: number, subset: string, more = '') => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ${name}, namespace: default, creationTimestamp: '2026-02-0${created}T00:00:00Z' }
spec: { host: ${REVIEWS}, subsets: [{ name: ${subset}, labels: { version: v2 } }]${more} }`;
  const routed = (subset: string, ...rules: string[]) =>
    ask(shop(virtualService(to(subset), { more: `hosts: [${REVIEWS}]` }), ...rules), {
      namespace: 'other',
      host: REVIEWS,
    });

  it('are merged only where they are exported alike; of those that are not, the youngest counts', () => {
    expect(routed('v3', rule('more', 1, 'canary')).kind).toBe('forward');
    expect(routed('canary', rule('more', 1, 'canary', ", exportTo: ['*']")).kind).toBe('forward');
    expect(none(routed('v3', rule('more', 1, 'canary', ", exportTo: ['*']")))).toMatchObject({ flag: 'NC' });
  });

  it('count where they lie even for a client that they are not exported to, if the most specific is another’s', () => {
    const private_ = rule('more', 1, 'canary', ', exportTo: [elsewhere]');
    expect(none(routed('canary', private_))).toMatchObject({ flag: 'NC' });
    expect(routed('v3', private_).kind).toBe('forward');
  });
});

describe('a delegate', () => {
  const delegating = (root: string, leaf: string) =>
    shop(
      virtualService(`- ${root === '' ? '' : `match: [${root}]\n  `}delegate: { name: leaf, namespace: team }`),
      virtualService(`- match: [${leaf}]\n  route: [{ destination: { host: ${REVIEWS} } }]`, {
        name: 'leaf',
        namespace: 'team',
        more: 'exportTo: ["*"]',
      }),
    );
  const taken = (root: string, leaf: string) =>
    ask(delegating(root, leaf)).kind === 'forward' && 'via' in ask(delegating(root, leaf));

  it('has to ask again for the namespace that its root asks for', () => {
    expect(taken('{ sourceNamespace: default }', '{ uri: { prefix: / } }')).toBe(false);
    expect(taken('{ sourceNamespace: default }', '{ sourceNamespace: default }')).toBe(true);
  });

  it('may ask for no other labels and gateways than its root does', () => {
    expect(taken('{ sourceLabels: { app: productpage } }', '{ sourceLabels: { app: other } }')).toBe(false);
    expect(taken('{ gateways: [mesh] }', '{ gateways: [front, mesh] }')).toBe(false);
    expect(taken('{ gateways: [mesh] }', '{ gateways: [mesh] }')).toBe(true);
  });
});

describe('a Sidecar', () => {
  const sidecar = (egress: string) => `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: scope, namespace: default }
spec: { egress: ${egress}, outboundTrafficPolicy: { mode: REGISTRY_ONLY } }`;
  const status = (egress: string) => ask(shop(sidecar(egress))).kind;

  it('imports by the first listener that has the port', () => {
    expect(
      status("[{ port: { number: 9080, protocol: HTTP, name: a }, hosts: ['other/*'] }, { hosts: ['./*'] }]"),
    ).toBe('none');
    expect(status("[{ port: { number: 80, protocol: HTTP, name: a }, hosts: ['other/*'] }, { hosts: ['./*'] }]")).toBe(
      'forward',
    );
  });

  it('leaves out what it names with a tilde', () => {
    expect(status("[{ hosts: ['./*', '~./reviews.default.svc.cluster.local'] }]")).toBe('none');
    expect(status("[{ hosts: ['./*', '~other/*'] }]")).toBe('forward');
    expect(status("[{ hosts: ['~/*'] }]")).toBe('none');
  });
});

describe('a service that is not exported to its own namespace', () => {
  const entry = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: shop, namespace: default }
spec:
  hosts: [shop.example.com]
  exportTo: [elsewhere]
  ports: [{ number: 9080, name: http, protocol: HTTP }]
  resolution: STATIC
  endpoints: [{ address: 192.0.2.1 }]`;
  const routed = virtualService('- route: [{ destination: { host: shop.example.com } }]', {
    more: `hosts: [${REVIEWS}]`,
  });

  it('can be a destination there, though it is no host', () => {
    const world = shop(entry, routed);
    expect(ask(world).kind).toBe('forward');
    expect(ask(world, { host: 'shop.example.com' }).kind).toBe('passthrough');
    expect(none(ask(world, { host: REVIEWS, namespace: 'other' })).flag).toBe('NC');
  });
});
