/** One hit and one miss for each code of each check, over small meshes. */
import { describe, expect, it } from 'vitest';
import { CHECKS, newFindings } from '../../../src/istio/checks/index.ts';
import { Overlay } from '../../../src/istio/overlay.ts';
import type { JsonObject, KubeObject } from '../../../src/object.ts';
import { refOf } from '../../../src/object.ts';
import type { Finding } from '../../../src/plan.ts';
import type { Write } from '../../../src/ports.ts';
import { pod, reviews, rule, service, virtualService } from '../edit/mesh.ts';

const to = (subset: string, weight?: number): JsonObject => ({
  destination: { host: 'reviews', subset },
  ...(weight !== undefined && { weight }),
});
const routing = (...http: JsonObject[]) => virtualService('reviews', { hosts: ['reviews'], http });
const GOOD = routing({ route: [to('v1')] });
const jason = { match: [{ headers: { 'end-user': { exact: 'jason' } } }], route: [to('v2')] };
const anyUser = { match: [{ headers: { 'end-user': {} } }], route: [to('v3')] };

const made = (after: KubeObject): Write => ({ ref: refOf(after), after });
const changed = (before: KubeObject, after: KubeObject): Write => ({ ref: refOf(after), before, after });
const inPlace = (after: KubeObject): Write[] => [changed(GOOD, after)];

function gateway(name: string, server: JsonObject, more: Partial<JsonObject> = {}): KubeObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name, namespace: 'default' },
    spec: { selector: { istio: 'ingress' }, servers: [{ port: { number: 80, protocol: 'HTTP' }, ...server }], ...more },
  };
}

const shop = gateway('shop', { hosts: ['shop.example.com'] });
const ingress: KubeObject[] = [
  { ...pod('ingress', undefined), metadata: { name: 'in-1', namespace: 'istio-system', labels: { istio: 'ingress' } } },
  {
    ...service('ingress', { istio: 'ingress' }),
    metadata: { name: 'ingress', namespace: 'istio-system' },
    spec: { selector: { istio: 'ingress' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
  },
];
const outside = (name: string, spec: JsonObject = {}, created = '2026-02-01T00:00:00Z') =>
  virtualService(
    name,
    {
      hosts: ['shop.example.com'],
      gateways: ['shop'],
      http: [{ route: [{ destination: { host: 'reviews', port: { number: 9080 } } }] }],
      ...spec,
    },
    { creationTimestamp: created },
  );
const two = {
  ...service('two'),
  spec: {
    selector: { app: 'two' },
    ports: [
      { name: 'a', port: 80 },
      { name: 'b', port: 81 },
    ],
  },
};
const wide = virtualService('wide', {
  hosts: ['*.default.svc.cluster.local'],
  http: [{ route: [to('v1')], timeout: '1s' }],
});
const rootRule = (more: JsonObject) => rule('ratings.default.svc.cluster.local', ['v1'], more, 'istio-system');
const ratingsRule = (more: JsonObject = {}) => rule('ratings', ['v1'], more);
const ambientPods = ['v1', 'v2', 'v3'].map(version => {
  const each = pod('reviews', version);
  return { ...each, metadata: { ...each.metadata, annotations: { 'ambient.istio.io/redirection': 'enabled' } } };
});
const sidecar = (hosts: string[]): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'Sidecar',
  metadata: { name: 'default', namespace: 'shop' },
  spec: { egress: [{ hosts }] },
});
const routesOfTeam = virtualService(
  'reviews',
  {
    hosts: ['reviews.default.svc.cluster.local'],
    http: [{ route: [{ destination: { host: 'reviews.default.svc.cluster.local' } }] }],
  },
  { namespace: 'routes' },
);
const oldRule = rule('reviews', ['v1', 'v2', 'v3']);
const withV4 = rule('reviews', ['v1', 'v2', 'v3', 'v4']);
const owned = (metadata: Partial<KubeObject['metadata']>) => ({ ...GOOD, metadata: { ...GOOD.metadata, ...metadata } });

interface Case {
  code: string;
  /** Objects besides reviews with its pods and its rule. */
  has?: KubeObject[];
  hit: Write[];
  missHas?: KubeObject[];
  miss: Write[];
}

const CASES: Case[] = [
  {
    code: 'subset-missing',
    has: [GOOD],
    hit: inPlace(routing({ route: [to('v9')] })),
    miss: inPlace(routing({ route: [to('v2')] })),
  },
  {
    code: 'subset-empty',
    has: [GOOD, withV4, pod('reviews', 'v4', 0, false)],
    hit: inPlace(routing({ route: [to('v4')] })),
    missHas: [GOOD, withV4, pod('reviews', 'v4', 0, true)],
    miss: inPlace(routing({ route: [to('v4')] })),
  },
  {
    code: 'host-missing',
    has: [GOOD],
    hit: inPlace(routing({ route: [{ destination: { host: 'nobody' } }] })),
    // Nothing is heard of that namespace, so nothing is missed there.
    miss: inPlace(routing({ route: [{ destination: { host: 'nobody.far.svc.cluster.local' } }] })),
  },
  {
    code: 'host-half-named',
    has: [GOOD],
    hit: inPlace(routing({ route: [{ destination: { host: 'reviews.default' } }] })),
    // A name outside, for all that anybody knows.
    miss: inPlace(routing({ route: [{ destination: { host: 'reviews.com' } }] })),
  },
  {
    code: 'port-missing',
    has: [GOOD],
    hit: inPlace(routing({ route: [{ destination: { host: 'reviews', port: { number: 1 } } }] })),
    miss: inPlace(routing({ route: [{ destination: { host: 'reviews', port: { number: 9080 } } }] })),
  },
  {
    code: 'port-open',
    has: [shop, two],
    hit: [made(outside('a', { http: [{ route: [{ destination: { host: 'two' } }] }] }))],
    miss: [made(outside('a'))],
  },
  {
    code: 'weight-not-integer',
    has: [GOOD],
    hit: inPlace(routing({ route: [to('v1', 99.5), to('v2', 0.5)] })),
    miss: inPlace(routing({ route: [to('v1', 99), to('v2', 1)] })),
  },
  {
    code: 'weights-sum',
    has: [GOOD],
    hit: inPlace(routing({ route: [to('v1', 60), to('v2', 60)] })),
    miss: inPlace(routing({ route: [to('v1', 40), to('v2', 60)] })),
  },
  {
    code: 'duplicate-destination',
    has: [GOOD],
    hit: inPlace(routing({ route: [to('v1', 40), to('v1', 60)] })),
    miss: inPlace(routing({ route: [to('v1', 40), to('v2', 60)] })),
  },
  {
    code: 'route-unreachable',
    has: [GOOD],
    hit: inPlace(routing({ route: [to('v1')] }, jason)),
    miss: inPlace(routing(jason, { route: [to('v1')] })),
  },
  {
    code: 'route-covered',
    has: [GOOD],
    hit: inPlace(routing(anyUser, jason, { route: [to('v1')] })),
    miss: inPlace(routing(jason, anyUser, { route: [to('v1')] })),
  },
  {
    code: 'duplicate-host',
    has: [GOOD],
    hit: [made(virtualService('second', GOOD.spec!))],
    miss: [made(virtualService('second', { ...GOOD.spec, hosts: ['details'] }))],
  },
  {
    code: 'routes-shadowed',
    has: [wide],
    hit: [made(GOOD)],
    miss: [made(virtualService('details', { hosts: ['details.other.svc.cluster.local'], http: [] }))],
  },
  {
    code: 'rule-shadowed',
    has: [service('ratings'), rootRule({ trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } })],
    hit: [made(ratingsRule())],
    miss: [made(ratingsRule({ trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } }))],
  },
  {
    code: 'routes-not-exported',
    has: [GOOD],
    hit: inPlace(virtualService('reviews', { ...GOOD.spec, exportTo: ['.'] })),
    miss: inPlace(virtualService('reviews', { ...GOOD.spec, exportTo: ['*'] })),
  },
  {
    code: 'routes-out-of-scope',
    has: [sidecar(['default/*'])],
    hit: [made(routesOfTeam)],
    missHas: [sidecar(['default/*', 'routes/*'])],
    miss: [made(routesOfTeam)],
  },
  {
    code: 'make-before-break',
    has: [GOOD, pod('reviews', 'v4')],
    hit: [changed(GOOD, routing({ route: [to('v4')] })), changed(oldRule, withV4)],
    miss: [changed(oldRule, withV4), changed(GOOD, routing({ route: [to('v4')] }))],
  },
  {
    code: 'protocol-not-http',
    has: [service('db', { app: 'db' }, 'tcp-db')],
    hit: [made(virtualService('db', { hosts: ['db'], http: [{ route: [{ destination: { host: 'db' } }] }] }))],
    miss: [made(virtualService('db', { hosts: ['db'], tcp: [{ route: [{ destination: { host: 'db' } }] }] }))],
  },
  {
    code: 'fault-voids',
    has: [GOOD],
    hit: inPlace(routing({ fault: { delay: { fixedDelay: '2s' } }, timeout: '1s', route: [to('v1')] })),
    miss: inPlace(routing({ fault: { delay: { fixedDelay: '2s' } }, route: [to('v1')] })),
  },
  {
    code: 'waypoint-missing',
    has: ambientPods,
    hit: [made(GOOD)],
    missHas: [
      ...ambientPods,
      {
        ...service('reviews'),
        metadata: { name: 'reviews', namespace: 'default', labels: { 'istio.io/use-waypoint': 'w' } },
      },
    ],
    miss: [made(GOOD)],
  },
  { code: 'gateway-missing', hit: [made(outside('a'))], missHas: [shop], miss: [made(outside('a'))] },
  {
    code: 'gateway-host',
    has: [shop],
    hit: [made(outside('a', { hosts: ['api.example.com'] }))],
    missHas: [gateway('shop', { hosts: ['default/*.example.com'] })],
    miss: [made(outside('a', { hosts: ['api.example.com'] }))],
  },
  {
    code: 'gateway-catch-all',
    has: [shop, outside('a')],
    hit: [made(outside('b', {}, '2026-03-01T00:00:00Z'))],
    miss: [
      made(
        outside('b', { http: [{ match: [{ uri: { prefix: '/b' } }], route: [{ destination: { host: 'reviews' } }] }] }),
      ),
    ],
  },
  { code: 'gateway-no-pods', hit: [made(shop)], missHas: ingress, miss: [made(shop)] },
  {
    code: 'gateway-port',
    has: ingress,
    hit: [made(gateway('shop', { port: { number: 8443, protocol: 'HTTP' }, hosts: ['shop.example.com'] }))],
    miss: [made(gateway('shop', { port: { number: 8080, protocol: 'HTTP' }, hosts: ['shop.example.com'] }))],
  },
  {
    code: 'gateway-conflict',
    has: [...ingress, shop],
    hit: [made(gateway('second', { hosts: ['*.example.com'] }))],
    miss: [made(gateway('second', { hosts: ['api.example.org'] }))],
  },
  {
    code: 'gateway-certificate',
    has: [
      ...ingress,
      gateway('shop', { hosts: ['shop.example.com'], tls: { mode: 'SIMPLE', credentialName: 'wild' } }),
    ],
    hit: [made(gateway('second', { hosts: ['api.example.com'], tls: { mode: 'SIMPLE', credentialName: 'wild' } }))],
    miss: [made(gateway('second', { hosts: ['api.example.com'], tls: { mode: 'SIMPLE', credentialName: 'own' } }))],
  },
  {
    code: 'foreign-owner',
    has: [owned({ ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name: 'web', uid: 'u', controller: true }] })],
    hit: [
      changed(
        owned({ ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name: 'web', uid: 'u', controller: true }] }),
        GOOD,
      ),
    ],
    miss: [changed(owned({ ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name: 'web', uid: 'u' }] }), GOOD)],
  },
];

function found(has: KubeObject[] | undefined, writes: Write[]): Finding[] {
  const world = reviews(...(has ?? []));
  return newFindings(world, new Overlay(world, writes), writes);
}

const rules = CHECKS.flatMap(check => check.rules);

describe('each rule', () => {
  it('has a code of its own, and one case', () => {
    expect(CASES.map(({ code }) => code).sort()).toEqual(rules.map(({ code }) => code).sort());
    expect(new Set(rules.map(({ code }) => code)).size).toBe(rules.length);
  });

  it.each(CASES)(
    '$code: is found, told as its page tells it, and only where it is',
    ({ code, has, hit, missHas, miss }) => {
      const findings = found(has, hit).filter(finding => finding.code === code);
      expect(findings.length).toBeGreaterThan(0);
      const told = rules.find(rule => rule.code === code)!;
      for (const { severity, path, message, fix } of findings) {
        expect(told.severity).toContain(severity);
        expect(path).toMatch(/^[A-Z]\w+\/[\w-]*\/[\w-]+/);
        expect(message).toMatch(/[.]$/);
        expect(fix).toMatch(/[.]$/);
      }
      expect(found(missHas ?? has, miss).map(finding => finding.code)).not.toContain(code);
    },
  );

  it.each(CASES)('$code: is not told again of what was so before', ({ code, has, hit }) => {
    const check = CHECKS.find(({ rules: own }) => own.some(each => each.code === code))!;
    if (check.about === 'change') return;
    const after = reviews(...(has ?? [])).with(hit);
    const again = hit.map(({ ref, after: object }): Write => {
      const relabelled = { ...object!, metadata: { ...object!.metadata, labels: { a: 'b' } } };
      return { ref, before: object!, after: relabelled };
    });
    expect(newFindings(after, new Overlay(after, again), again)).toEqual([]);
  });
});

describe('a finding that was there before', () => {
  it('is known again where a route is put before it, or its route is edited', () => {
    const bad = routing(
      { match: [{ uri: { prefix: '/a' } }], route: [to('v9')] },
      { route: [to('v1', 60), to('v2', 60)] },
      jason,
    );
    const routed = routing(anyUser, ...(bad.spec!.http as JsonObject[]));
    expect(found([bad], [changed(bad, routed)])).toEqual([]);
    const [first, second, third] = bad.spec!.http as JsonObject[];
    const edited = routing(first!, { ...second!, timeout: '1s' }, third!);
    expect(found([bad], [changed(bad, edited)])).toEqual([]);
    const covered = routing(anyUser, jason, { route: [to('v1')] });
    const shifted = routing({ ...anyUser, route: [to('v1')] }, jason, { route: [to('v1')] });
    expect(found([covered], [changed(covered, shifted)])).toEqual([]);
  });

  it('does not hide a new one of the same kind', () => {
    const bad = routing({ match: [{ uri: { prefix: '/a' } }], route: [to('v9')] }, { route: [to('v1')] });
    const worse = routing(
      { match: [{ uri: { prefix: '/b' } }], route: [to('v9')] },
      ...(bad.spec!.http as JsonObject[]),
    );
    expect(found([bad], [changed(bad, worse)]).map(({ code, path }) => `${code} ${path}`)).toEqual([
      'subset-missing VirtualService/default/reviews spec.http[0].route[0]',
    ]);
  });
});
