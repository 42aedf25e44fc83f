/** Ways to spoil what says who may call whom, and what a sidecar knows. */
import type { Json, JsonObject } from '../../../src/object.ts';
import { type Spoil, self, set } from './spoiled-routes.ts';

const listening = (port: JsonObject, more: JsonObject = {}): Json => ({
  port: { protocol: 'HTTP', ...port },
  hosts: ['./*'],
  ...more,
});
const serving = (protocol: string, more: JsonObject): Json => ({ port: { number: 80, protocol, name: 'a' }, ...more });

export const SIDECAR: Spoil[] = [
  set(self, 'egress', []),
  set(self, 'egress', [{}]),
  set(self, 'egress', [{ hosts: [] }]),
  set(self, 'egress', [{ hosts: ['reviews'] }]),
  set(self, 'egress', [{ hosts: ['a/b/c'] }]),
  set(self, 'egress', [{ hosts: ['./'] }]),
  set(self, 'egress', [{ hosts: ['/a.example.com'] }]),
  set(self, 'egress', [{ hosts: ['./a_b'] }]),
  set(self, 'egress', [{ hosts: ['~/a.example.com'] }]),
  set(self, 'egress', [{ hosts: ['./*'] }, { hosts: ['./*'] }]),
  set(self, 'egress', [{ hosts: ['./*'] }, { port: { number: 80, protocol: 'HTTP' }, hosts: ['./*'] }]),
  set(self, 'egress', [{ port: { number: 0, protocol: 'HTTP', name: 'a' }, hosts: ['./*'] }]),
  set(self, 'egress', [{ port: { number: 80, protocol: 'SMTP', name: 'a' }, hosts: ['./*'] }]),
  set(self, 'egress', [{ bind: '127.0.0.1', hosts: ['./*'] }]),
  set(self, 'egress', [{ captureMode: 'SOMEHOW', hosts: ['./*'] }]),
  set(self, 'ingress', [{ defaultEndpoint: '127.0.0.1:80' }]),
  set(self, 'ingress', [{ port: { number: 80, protocol: 'HTTP', name: 'a' }, defaultEndpoint: 'a' }]),
  set(self, 'ingress', [{ port: { number: 80, protocol: 'HTTP', name: 'a' }, defaultEndpoint: '192.0.2.1:80' }]),
  set(self, 'outboundTrafficPolicy', { mode: 'SOMETIMES' }),
  set(self, 'workloadSelector', { labels: { a: '*' } }),
  set(self, 'workloadSelector', { labels: { '': 'b' } }),
  set(self, 'workloadSelector', {}),
  set(self, 'egress', [{ hosts: ['./*-a.example.com'] }]),
  set(self, 'egress', [{ hosts: ['A_b/a.example.com', '~a_b/*'] }]),
  set(self, 'egress', [{ hosts: ['./192.0.2.1'] }]),
  set(self, 'egress', [listening({ number: 80 }), listening({ number: 80 })]),
  set(self, 'egress', [listening({ number: 80, name: 'a_b', targetPort: 80 }, { bind: 'a' })]),
  set(self, 'egress', [listening({ number: 70000, protocol: 'UDP' })]),
  set(self, 'egress', [listening({ number: 0 }, { bind: 'unix:///a' }), listening({}, { bind: 'unix:///a' })]),
  set(self, 'egress', [listening({ number: 0 }, { bind: 'unix://a', captureMode: 'IPTABLES' })]),
  set(self, 'ingress', [serving('HTTP', { defaultEndpoint: '[::1]:80' })]),
  set(self, 'ingress', [serving('HTTP', { defaultEndpoint: ':70000' })]),
  set(self, 'ingress', [serving('HTTP', { defaultEndpoint: '::1:80' })]),
  set(self, 'ingress', [serving('HTTP', { defaultEndpoint: '[::1]' })]),
  set(self, 'ingress', [serving('HTTP', { defaultEndpoint: 'unix://@a' })]),
  set(self, 'ingress', [serving('HTTP', { defaultEndpoint: 'unix:///a/' })]),
  set(self, 'ingress', [serving('HTTP', { bind: 'a' }), serving('HTTP', {})]),
  set(self, 'ingress', [serving('HTTP', { tls: { mode: 'SIMPLE', httpsRedirect: true } })]),
  set(self, 'ingress', [serving('HTTPS', { tls: { mode: 'MUTUAL', serverCertificate: '/a', privateKey: '/b' } })]),
  set(self, 'ingress', [serving('HTTPS', { tls: { mode: 'SIMPLE', credentialName: 'a', subjectAltNames: ['b'] } })]),
  set(self, 'ingress', [serving('TLS', { tls: { mode: 'ISTIO_MUTUAL', privateKey: '/b' } })]),
  set(self, 'ingress', [serving('HTTP', { connectionPool: {} })]),
  set(self, 'inboundConnectionPool', { http: { maxRetries: -1, idleTimeout: '1.5ms' }, tcp: { maxConnections: -1 } }),
  set(self, 'inboundConnectionPool', { tcp: { connectTimeout: '1.5ms', idleTimeout: '1s' } }),
  set(self, 'inboundConnectionPool', { http: { h2UpgradePolicy: 'UPGRADE', useClientProtocol: true } }),
  set(self, 'outboundTrafficPolicy', { egressProxy: { host: 'a.example.com' } }),
  set(self, 'outboundTrafficPolicy', { mode: 'ALLOW_ANY', egressProxy: { host: '*.example.com' } }),
  set(self, 'outboundTrafficPolicy', {
    mode: 'ALLOW_ANY',
    egressProxy: { host: 'a.example.com', port: { number: 0 }, subset: 'v_1' },
  }),
  spec => {
    delete spec.egress;
    spec.outboundTrafficPolicy = {};
  },
];

const rule = (more: JsonObject): Json => [{ to: [{ operation: { methods: ['GET'] } }], ...more }];
const operation = (made: JsonObject): Json => [{ to: [{ operation: made }] }];
const source = (made: JsonObject): Json => rule({ from: [{ source: made }] });
const when = (made: JsonObject): Json => rule({ when: [made] });

const acting = (action: string, more: JsonObject): Spoil => {
  return spec => {
    delete spec.rules;
    Object.assign(spec, { action, ...more });
  };
};

export const AUTHORIZATION_POLICY: Spoil[] = [
  set(self, 'action', 'MAYBE'),
  set(self, 'action', 'CUSTOM'),
  set(self, 'provider', { name: 'a' }),
  set(self, 'rules', [{ from: [] }]),
  set(self, 'rules', [{ to: [] }]),
  set(self, 'rules', [{ from: [{}] }]),
  set(self, 'rules', [{ to: [{}] }]),
  set(self, 'rules', source({})),
  set(self, 'rules', operation({})),
  set(self, 'rules', operation({ methods: [''] })),
  set(self, 'rules', operation({ methods: [] })),
  set(self, 'rules', operation({ ports: ['a'] })),
  set(self, 'rules', operation({ ports: ['70000'] })),
  set(self, 'rules', operation({ paths: ['/a/{*}'] })),
  set(self, 'rules', operation({ paths: ['/{**}/{**}'] })),
  set(self, 'rules', operation({ paths: ['/a*b'] })),
  set(self, 'rules', operation({ hosts: [''] })),
  set(self, 'rules', source({ ipBlocks: ['a'] })),
  set(self, 'rules', source({ ipBlocks: ['192.0.2.0/33'] })),
  set(self, 'rules', source({ namespaces: [''] })),
  set(self, 'rules', source({ principals: [''] })),
  set(self, 'rules', source({ serviceAccounts: ['a/b/c'] })),
  set(self, 'rules', source({ serviceAccounts: ['a'], namespaces: ['b'] })),
  set(self, 'rules', when({ key: 'nonsense', values: ['a'] })),
  set(self, 'rules', when({ key: 'request.headers', values: ['a'] })),
  set(self, 'rules', when({ key: 'request.headers[]', values: ['a'] })),
  set(self, 'rules', when({ key: 'request.headers[x-a]' })),
  set(self, 'rules', when({ values: ['a'] })),
  set(self, 'rules', when({ key: 'destination.port', values: ['a'] })),
  set(self, 'rules', when({ key: 'source.ip', values: ['a'] })),
  set(self, 'rules', [null]),
  set(self, 'selector', { matchLabels: { a: '*' } }),
  set(self, 'selector', { matchLabels: { '': 'b' } }),
  set(self, 'targetRefs', [{ kind: 'Service', group: '', name: 'a' }]),
  set(self, 'targetRefs', [{ kind: 'Pod', group: '', name: 'a' }]),
  set(self, 'targetRef', { kind: 'Gateway', group: 'gateway.networking.k8s.io', name: 'a', namespace: 'b' }),
  spec => {
    spec.selector = { matchLabels: { a: 'b' } };
    spec.targetRefs = [{ kind: 'Service', group: '', name: 'a' }];
  },
  set(self, 'selector', { matchLabels: { '*': 'b' } }),
  acting('DENY', {}),
  acting('DENY', { rules: [] }),
  acting('AUDIT', { provider: { name: 'a' } }),
  acting('CUSTOM', { provider: { name: 'a' } }),
  acting('CUSTOM', { provider: { name: 'a' }, rules: [{}] }),
  acting('CUSTOM', { provider: { name: 'a' }, rules: source({ namespaces: ['a'], notPrincipals: ['b'] }) }),
  acting('CUSTOM', { provider: {}, rules: when({ key: 'request.auth.claims[a]', values: ['b'] }) }),
  set(self, 'rules', source({ serviceAccounts: ['*'] })),
  set(self, 'rules', source({ serviceAccounts: ['/a'] })),
  set(self, 'rules', source({ notServiceAccounts: ['a/', ''] })),
  set(self, 'rules', source({ notNamespaces: ['', 'a'], notIpBlocks: ['a', 'b'] })),
  set(self, 'rules', source({ ipBlocks: ['192.0.2.1', '2001:db8::/129'] })),
  set(self, 'rules', source({ remoteIpBlocks: ['192.0.2.0/x'] })),
  set(self, 'rules', source({ ipBlocks: ['a/8'] })),
  set(self, 'rules', source({ requestPrincipals: ['*'] })),
  set(self, 'rules', operation({ ports: ['0', '-1', '4294967296', ''] })),
  set(self, 'rules', operation({ notPorts: ['65536'], notMethods: [''] })),
  set(self, 'rules', operation({ paths: ['/a/{b}'] })),
  set(self, 'rules', operation({ notPaths: ['/{*}/a b'] })),
  set(self, 'rules', operation({ paths: ['/{**}/a/'] })),
  set(self, 'rules', when({ key: 'source.ip', values: ['192.0.2.1'], notValues: ['a'] })),
  set(self, 'rules', when({ key: 'source.serviceAccount', values: ['a/b/c'] })),
  set(self, 'rules', when({ key: 'source.principal', values: [''] })),
  set(self, 'rules', when({ key: 'destination.labels[a]', values: ['b'] })),
  set(self, 'rules', when({ key: 'destination.name', values: ['b'] })),
  set(self, 'rules', when({ key: 'destination.namespace', values: ['b'] })),
  set(self, 'rules', when({ key: 'request.auth.claims[a][b]', values: ['c'] })),
  set(self, 'rules', when({ key: 'connection.sni', notValues: ['*'] })),
  set(self, 'rules', [{ to: [{ operation: {} }], from: [{ source: { ipBlocks: ['a'] } }], when: [{ key: 'b' }] }]),
];

export const PEER_AUTHENTICATION: Spoil[] = [
  set(self, 'mtls', { mode: 'SOMETIMES' }),
  set(self, 'mtls', {}),
  set(self, 'portLevelMtls', { 80: { mode: 'STRICT' } }),
  spec => {
    delete spec.selector;
    spec.portLevelMtls = { 80: { mode: 'STRICT' } };
  },
  set(self, 'portLevelMtls', {}),
  set(self, 'portLevelMtls', { 0: { mode: 'STRICT' } }),
  set(self, 'portLevelMtls', { 70000: { mode: 'STRICT' } }),
  set(self, 'selector', { matchLabels: { a: '*' } }),
  set(self, 'selector', {}),
  set(self, 'selector', { matchLabels: { '': 'a' } }),
  set(self, 'portLevelMtls', { a: { mode: 'STRICT' } }),
  set(self, 'portLevelMtls', { 80: { mode: 'SOMETIMES' } }),
];

export const SOUND_POLICIES: Record<string, JsonObject> = {
  Sidecar: { egress: [{ hosts: ['./*'] }] },
  AuthorizationPolicy: { rules: rule({}) },
  PeerAuthentication: { selector: { matchLabels: { app: 'a' } }, mtls: { mode: 'STRICT' } },
};
