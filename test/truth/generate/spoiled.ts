/** Configurations with something wrong in them: what a real API server and istiod's webhook make of them is compared. */
import type { Json, JsonObject, KubeObject } from '../../../src/object.ts';
import { type Case, NAMESPACES } from '../case.ts';
import type { Draw } from '../random.ts';
import { AUTHORIZATION_POLICY, PEER_AUTHENTICATION, SIDECAR, SOUND_POLICIES } from './spoiled-policies.ts';
import { type Spoil, self, set, VIRTUAL_SERVICE } from './spoiled-routes.ts';

const subset = (more: JsonObject): Json => [{ name: 'v1', labels: { version: 'v1' }, ...more }];

const DESTINATION_RULE: Spoil[] = [
  set(self, 'host', ''),
  set(self, 'host', 'a_b'),
  set(self, 'host', '*'),
  set(self, 'subsets', [{ labels: { version: 'v1' } }]),
  set(self, 'subsets', [{ name: 'v_1', labels: { version: 'v1' } }]),
  set(self, 'subsets', [{ name: 'v1' }, { name: 'v1' }]),
  set(self, 'subsets', subset({ labels: { 'a b': 'c' } })),
  set(self, 'subsets', subset({ labels: { a: 'c d' } })),
  set(self, 'subsets', subset({ trafficPolicy: {} })),
  set(self, 'trafficPolicy', {}),
  set(self, 'trafficPolicy', { loadBalancer: { simple: 'FASTEST' } }),
  set(self, 'trafficPolicy', { loadBalancer: { consistentHash: {} } }),
  set(self, 'trafficPolicy', { loadBalancer: { consistentHash: { httpCookie: { name: 'a' } } } }),
  set(self, 'trafficPolicy', { loadBalancer: { consistentHash: { httpCookie: { ttl: '0s' } } } }),
  set(self, 'trafficPolicy', { connectionPool: {} }),
  set(self, 'trafficPolicy', { connectionPool: { tcp: { maxConnections: -1 } } }),
  set(self, 'trafficPolicy', { connectionPool: { tcp: { connectTimeout: '0s' } } }),
  set(self, 'trafficPolicy', { connectionPool: { http: { http1MaxPendingRequests: -1 } } }),
  set(self, 'trafficPolicy', { connectionPool: { http: { maxRetries: -1 } } }),
  set(self, 'trafficPolicy', { outlierDetection: { maxEjectionPercent: 101 } }),
  set(self, 'trafficPolicy', { outlierDetection: { minHealthPercent: -1 } }),
  set(self, 'trafficPolicy', { outlierDetection: { interval: '0s' } }),
  set(self, 'trafficPolicy', { outlierDetection: { consecutiveLocalOriginFailures: 3 } }),
  set(self, 'trafficPolicy', { tls: { mode: 'MUTUAL' } }),
  set(self, 'trafficPolicy', { tls: { mode: 'SIMPLE', credentialName: 'a', caCertificates: '/b' } }),
  set(self, 'trafficPolicy', { tls: { mode: 'ISTIO_MUTUAL', clientCertificate: '/b' } }),
  set(self, 'trafficPolicy', { portLevelSettings: [{ loadBalancer: { simple: 'RANDOM' } }] }),
  set(self, 'trafficPolicy', { portLevelSettings: [{ port: { number: 0 }, loadBalancer: { simple: 'RANDOM' } }] }),
  set(self, 'trafficPolicy', { tunnel: { protocol: 'CONNECT', targetHost: 'a', targetPort: 0 } }),
  set(self, 'workloadSelector', { matchLabels: { 'a b': 'c' } }),
  set(self, 'exportTo', ['.', '*']),
  set(self, 'exportTo', ['a', 'a']),
  set(self, 'exportTo', ['~']),
];

const server = (more: JsonObject): Json => [
  { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['a.example.com'], ...more },
];

const GATEWAY: Spoil[] = [
  set(self, 'servers', []),
  set(self, 'servers', server({ hosts: [] })),
  set(self, 'servers', server({ hosts: ['a'] })),
  set(self, 'servers', server({ hosts: ['a_b.example.com'] })),
  set(self, 'servers', server({ hosts: ['a/b/c.example.com'] })),
  set(self, 'servers', server({ hosts: ['*-a.example.com'] })),
  set(self, 'servers', server({ hosts: ['~/a.example.com'] })),
  set(self, 'servers', server({ hosts: ['*/*'] })),
  set(self, 'servers', server({ port: { number: 80, protocol: 'HTTP' } })),
  set(self, 'servers', server({ port: { number: 0, name: 'a', protocol: 'HTTP' } })),
  set(self, 'servers', server({ port: { number: 80, name: 'a', protocol: 'SMTP' } })),
  set(self, 'servers', server({ port: { number: 80, name: 'a', protocol: 'http' } })),
  set(self, 'servers', server({ port: { number: 443, name: 'a', protocol: 'HTTPS' } })),
  set(self, 'servers', server({ tls: { mode: 'SIMPLE' } })),
  set(self, 'servers', server({ tls: { httpsRedirect: true, mode: 'SIMPLE', credentialName: 'a' } })),
  set(self, 'servers', server({ port: { number: 443, name: 'a', protocol: 'HTTPS' }, tls: { mode: 'SIMPLE' } })),
  set(
    self,
    'servers',
    server({
      port: { number: 443, name: 'a', protocol: 'HTTPS' },
      tls: { mode: 'MUTUAL', serverCertificate: '/a', privateKey: '/b' },
    }),
  ),
  set(
    self,
    'servers',
    server({
      port: { number: 443, name: 'a', protocol: 'HTTPS' },
      tls: { mode: 'SIMPLE', credentialName: 'a', httpsRedirect: true },
    }),
  ),
  spec => {
    spec.servers = [...(server({}) as Json[]), ...(server({}) as Json[])];
  },
];

const SERVICE_ENTRY: Spoil[] = [
  set(self, 'hosts', []),
  set(self, 'hosts', ['*']),
  set(self, 'hosts', ['a_b']),
  set(self, 'hosts', ['*-a.example.com']),
  set(self, 'ports', []),
  set(self, 'ports', [{ number: 80, protocol: 'HTTP' }]),
  set(self, 'ports', [{ number: 0, name: 'a', protocol: 'HTTP' }]),
  set(self, 'ports', [
    { number: 80, name: 'a', protocol: 'HTTP' },
    { number: 81, name: 'a', protocol: 'HTTP' },
  ]),
  set(self, 'ports', [
    { number: 80, name: 'a', protocol: 'HTTP' },
    { number: 80, name: 'b', protocol: 'HTTP' },
  ]),
  set(self, 'ports', [{ number: 80, name: 'a', protocol: 'SMTP' }]),
  set(self, 'addresses', ['a']),
  set(self, 'addresses', ['240.0.0.300']),
  set(self, 'resolution', 'NONE'),
  set(self, 'resolution', 'SOMEHOW'),
  set(self, 'location', 'ELSEWHERE'),
  set(self, 'exportTo', ['.', '*']),
  spec => {
    delete spec.workloadSelector;
    spec.endpoints = [{ address: 'a_b' }];
    spec.resolution = 'STATIC';
  },
  spec => {
    delete spec.workloadSelector;
    spec.endpoints = [{ address: 'a.example.com' }];
    spec.resolution = 'STATIC';
  },
  spec => {
    delete spec.workloadSelector;
    spec.endpoints = [{ address: '192.0.2.1', ports: { nobody: 80 } }];
    spec.resolution = 'STATIC';
  },
  spec => {
    spec.workloadSelector = { labels: { a: 'b' } };
    spec.endpoints = [{ address: '192.0.2.1' }];
  },
];

const SPOILS: Record<string, Spoil[]> = {
  VirtualService: VIRTUAL_SERVICE,
  DestinationRule: DESTINATION_RULE,
  Gateway: GATEWAY,
  ServiceEntry: SERVICE_ENTRY,
  Sidecar: SIDECAR,
  AuthorizationPolicy: AUTHORIZATION_POLICY,
  PeerAuthentication: PEER_AUTHENTICATION,
};

const SECURED = ['AuthorizationPolicy', 'PeerAuthentication'];

const WAYS = Object.entries(SPOILS).flatMap(([kind, all]) => all.map(spoil => ({ kind, spoil })));

/** One way after the other, each done to an object that was drawn. `from`: how many were drawn before. */
export function spoiled(draw: Draw, cases: Case[], count: number, from: number): KubeObject[] {
  const objects = cases.flatMap(each => each.made.map(({ object }) => object));
  return Array.from({ length: count }, (_, index) => {
    const { kind, spoil } = WAYS[(from + index) % WAYS.length]!;
    const fits = (each: KubeObject) =>
      each.kind === kind && (each.spec?.hosts !== undefined || kind !== 'VirtualService');
    const candidates = objects.filter(fits);
    return after(candidates.length > 0 ? draw.pick(candidates) : sound(kind, NAMESPACES.b), spoil, index);
  });
}

const SOUND: Record<string, JsonObject> = {
  VirtualService: { hosts: ['reviews'], http: [{ route: [{ destination: { host: 'reviews' } }] }] },
  DestinationRule: { host: 'reviews', subsets: [{ name: 'v1', labels: { version: 'v1' } }] },
  Gateway: { selector: { istio: 'ingress' }, servers: server({}) },
  ServiceEntry: {
    hosts: ['shop.example.com'],
    ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
    resolution: 'STATIC',
    endpoints: [{ address: '192.0.2.1' }],
  },
  ...SOUND_POLICIES,
};

/** Every way, done to an object with nothing else in it. */
export function everyWay(namespace: string): KubeObject[] {
  return WAYS.map(({ kind, spoil }, index) => after(sound(kind, namespace), spoil, index));
}

function sound(kind: string, namespace: string): KubeObject {
  const group = SECURED.includes(kind) ? 'security' : 'networking';
  return { apiVersion: `${group}.istio.io/v1`, kind, metadata: { name: 'sound', namespace }, spec: SOUND[kind]! };
}

function after(sound: KubeObject, spoil: Spoil, index: number): KubeObject {
  const object = structuredClone(sound);
  spoil(object.spec ?? {});
  return { ...object, metadata: { ...object.metadata, name: `spoiled-${index}` } };
}
