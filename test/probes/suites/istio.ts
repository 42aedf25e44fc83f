/** What Istio's definitions and its webhook refuse, and how. */
import type { JsonObject } from '../../../src/object.ts';
import { NAMESPACE, type Probe, post, probe } from '../probe.ts';

const GROUPS: Record<string, [group: string, plural: string]> = {
  VirtualService: ['networking.istio.io', 'virtualservices'],
  DestinationRule: ['networking.istio.io', 'destinationrules'],
  Gateway: ['networking.istio.io', 'gateways'],
  ServiceEntry: ['networking.istio.io', 'serviceentries'],
  Sidecar: ['networking.istio.io', 'sidecars'],
  AuthorizationPolicy: ['security.istio.io', 'authorizationpolicies'],
  PeerAuthentication: ['security.istio.io', 'peerauthentications'],
};

/** Only asked, never stored. */
function offered(kind: string, spec: JsonObject) {
  const [group, plural] = GROUPS[kind]!;
  const path = `/apis/${group}/v1/namespaces/${NAMESPACE}/${plural}?dryRun=All&fieldValidation=Strict`;
  return post(path, { apiVersion: `${group}/v1`, kind, metadata: { name: 'one', namespace: NAMESPACE }, spec });
}

const http = (...routes: JsonObject[]): JsonObject => ({ hosts: ['reviews'], http: routes });
const to = (subset: string, more: JsonObject = {}): JsonObject => ({
  destination: { host: 'reviews', subset },
  ...more,
});
const route = (more: JsonObject): JsonObject => http({ route: [to('v1')], ...more });
const rule = (more: JsonObject): JsonObject => ({ host: 'reviews', ...more });
const port = { number: 80, name: 'http', protocol: 'HTTP' };

const VIRTUAL_SERVICES: Record<string, JsonObject> = {
  'without hosts': { http: [{ route: [to('v1')] }] },
  'with no hosts': { hosts: [], http: [{ route: [to('v1')] }] },
  'without routes': { hosts: ['reviews'] },
  'with a bad host': { hosts: ['not a host'], http: [{ route: [to('v1')] }] },
  'with a wildcard host in the mesh': { hosts: ['*'], http: [{ route: [to('v1')] }] },
  'with the same host twice': { hosts: ['reviews', 'reviews'], http: [{ route: [to('v1')] }] },
  'with weights over 100': http({ route: [to('v1', { weight: 60 }), to('v2', { weight: 60 })] }),
  'with weights that are all 0': http({ route: [to('v1', { weight: 0 }), to('v2', { weight: 0 })] }),
  'with a negative weight': http({ route: [to('v1', { weight: -1 })] }),
  'with a weight that is a text': http({ route: [to('v1', { weight: '50' })] }),
  'with the same destination twice': http({ route: [to('v1', { weight: 50 }), to('v1', { weight: 50 })] }),
  'with a route without a destination': http({ route: [{ weight: 100 }] }),
  'with a route that is empty': http({}),
  'with a mistyped field': route({ timeOut: '1s' }),
  'with a mistyped field deep inside': route({ fault: { abort: { percent: 10, httpStatus: 500 } } }),
  'with a timeout of 0': route({ timeout: '0s' }),
  'with a timeout of 1 ns': route({ timeout: '1ns' }),
  'with a timeout that is no duration': route({ timeout: 'soon' }),
  'with a negative timeout': route({ timeout: '-1s' }),
  'with 0 attempts': route({ retries: { attempts: 0 } }),
  'with 0 attempts and a time per try': route({ retries: { attempts: 0, perTryTimeout: '1s' } }),
  'with negative attempts': route({ retries: { attempts: -1 } }),
  'with a bad retryOn': route({ retries: { attempts: 2, retryOn: 'whenever' } }),
  'with a fault of 101 %': route({ fault: { abort: { httpStatus: 500, percentage: { value: 101 } } } }),
  'with an abort without a status': route({ fault: { abort: { percentage: { value: 10 } } } }),
  'with an abort of status 99': route({ fault: { abort: { httpStatus: 99 } } }),
  'with an empty fault': route({ fault: {} }),
  'with a delay without a time': route({ fault: { delay: { percentage: { value: 10 } } } }),
  'with a delay of nothing': route({ fault: { delay: { fixedDelay: '0s' } } }),
  'with a mirror of 101 %': route({ mirror: { host: 'reviews' }, mirrorPercentage: { value: 101 } }),
  'with a mirror and mirrors': route({ mirror: { host: 'reviews' }, mirrors: [{ destination: { host: 'reviews' } }] }),
  'with a redirect and a route': route({ redirect: { uri: '/x' } }),
  'with a direct response': http({ directResponse: { status: 503 } }),
  'with a direct response of status 600': http({ directResponse: { status: 600 } }),
  'with a rewrite': route({ rewrite: { uri: '/x' } }),
  'with two kinds of rewrite': route({ rewrite: { uri: '/x', uriRegexRewrite: { match: 'a', rewrite: 'b' } } }),
  'with a match of two kinds': route({ match: [{ uri: { exact: '/a', prefix: '/b' } }] }),
  'with a match without a kind': route({ match: [{ uri: {} }] }),
  'with a bad expression': route({ match: [{ uri: { regex: '(' } }] }),
  'with an empty header match': route({ match: [{ headers: { 'end-user': {} } }] }),
  'with a header of an empty name': route({ match: [{ headers: { '': { exact: 'x' } } }] }),
  'with a bad gateway': { hosts: ['reviews'], gateways: ['a/b/c'], http: [{ route: [to('v1')] }] },
  'with a delegate and a route': route({ delegate: { name: 'other' } }),
  'with a route that is hidden by one before': http(
    { route: [to('v1')] },
    { match: [{ uri: { prefix: '/x' } }], route: [to('v2')] },
  ),
  'with an expression that begins and ends openly': route({ match: [{ uri: { regex: '.*' } }] }),
  'with headers set to nothing': route({ headers: { request: { set: { 'x-a': '' } } } }),
  'with a bad cors policy': route({ corsPolicy: { maxAge: '1.5' } }),
  'with exportTo of two kinds': { ...route({}), exportTo: ['.', '*'] },
};

const RULES: Record<string, JsonObject> = {
  'without a host': { subsets: [] },
  'with a subset without a name': rule({ subsets: [{ labels: { version: 'v1' } }] }),
  'with a subset twice': rule({ subsets: [{ name: 'v1' }, { name: 'v1' }] }),
  'with a bad subset name': rule({ subsets: [{ name: 'V_1' }] }),
  'with an unknown tls mode': rule({ trafficPolicy: { tls: { mode: 'MAYBE' } } }),
  'with a negative pool': rule({ trafficPolicy: { connectionPool: { tcp: { maxConnections: -1 } } } }),
  'with two balancers': rule({
    trafficPolicy: { loadBalancer: { simple: 'RANDOM', consistentHash: { useSourceIp: true } } },
  }),
  'with an ejection of 101 %': rule({ trafficPolicy: { outlierDetection: { maxEjectionPercent: 101 } } }),
  'with an interval of nothing': rule({ trafficPolicy: { outlierDetection: { interval: '0s' } } }),
  'with a mutual tls without a certificate': rule({ trafficPolicy: { tls: { mode: 'MUTUAL' } } }),
};

const OTHERS: [string, string, JsonObject][] = [
  ['Gateway', 'without servers', { selector: { istio: 'ingressgateway' } }],
  ['Gateway', 'with a server without hosts', { servers: [{ port }] }],
  ['Gateway', 'with a port that is none', { servers: [{ port: { ...port, number: 70_000 }, hosts: ['*'] }] }],
  ['Gateway', 'with an unknown protocol', { servers: [{ port: { ...port, protocol: 'SMTP' }, hosts: ['*'] }] }],
  ['Gateway', 'with a tls server without tls', { servers: [{ port: { ...port, protocol: 'HTTPS' }, hosts: ['*'] }] }],
  [
    'Gateway',
    'with two ports of one name',
    {
      servers: [
        { port, hosts: ['a.example'] },
        { port, hosts: ['b.example'] },
      ],
    },
  ],
  ['ServiceEntry', 'without hosts', { ports: [port] }],
  ['ServiceEntry', 'without ports', { hosts: ['a.example'], resolution: 'DNS' }],
  [
    'ServiceEntry',
    'with endpoints and no resolution',
    { hosts: ['a.example'], ports: [port], resolution: 'NONE', endpoints: [{ address: '192.0.2.1' }] },
  ],
  [
    'ServiceEntry',
    'with a bad address',
    { hosts: ['a.example'], addresses: ['nowhere'], ports: [port], resolution: 'STATIC' },
  ],
  ['Sidecar', 'without anything', {}],
  ['Sidecar', 'with a bad host', { egress: [{ hosts: ['nohost'] }] }],
  ['AuthorizationPolicy', 'with an unknown action', { action: 'PERHAPS' }],
  ['AuthorizationPolicy', 'that denies nothing', { action: 'DENY' }],
  ['AuthorizationPolicy', 'with a rule that is empty', { rules: [{ from: [{}] }] }],
  ['AuthorizationPolicy', 'with a bad condition', { rules: [{ when: [{ key: 'request.mood', values: ['good'] }] }] }],
  ['PeerAuthentication', 'with an unknown mode', { mtls: { mode: 'MAYBE' } }],
  ['PeerAuthentication', 'with ports and no selector', { portLevelMtls: { '80': { mode: 'STRICT' } } }],
];

function article(kind: string): string {
  return kind.startsWith('A') ? 'an' : 'a';
}

export default [
  ...Object.entries(VIRTUAL_SERVICES).map(([what, spec]) =>
    probe(`a VirtualService ${what}`, offered('VirtualService', spec)),
  ),
  ...Object.entries(RULES).map(([what, spec]) => probe(`a DestinationRule ${what}`, offered('DestinationRule', spec))),
  ...OTHERS.map(([kind, what, spec]) => probe(`${article(kind)} ${kind} ${what}`, offered(kind, spec))),
] satisfies Probe[];
