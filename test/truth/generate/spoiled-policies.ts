/** Ways to spoil what says who may call whom, and what a sidecar knows. */
import type { Json, JsonObject } from '../../../src/object.ts';
import { type Spoil, self, set } from './spoiled-routes.ts';

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
];

const rule = (more: JsonObject): Json => [{ to: [{ operation: { methods: ['GET'] } }], ...more }];
const operation = (made: JsonObject): Json => [{ to: [{ operation: made }] }];
const source = (made: JsonObject): Json => rule({ from: [{ source: made }] });
const when = (made: JsonObject): Json => rule({ when: [made] });

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
];

export const SOUND_POLICIES: Record<string, JsonObject> = {
  Sidecar: { egress: [{ hosts: ['./*'] }] },
  AuthorizationPolicy: { rules: rule({}) },
  PeerAuthentication: { selector: { matchLabels: { app: 'a' } }, mtls: { mode: 'STRICT' } },
};
