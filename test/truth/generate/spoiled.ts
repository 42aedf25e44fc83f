/** Configurations with something wrong in them: what a real API server and istiod's webhook make of them is compared. */
import type { Json, JsonObject, KubeObject } from '../../../src/object.ts';
import type { Case } from '../case.ts';
import type { Draw } from '../random.ts';

type Spoil = (spec: JsonObject, draw: Draw) => void;

const first = (spec: JsonObject, field: string): JsonObject =>
  ((spec[field] as JsonObject[] | undefined)?.[0] ?? {}) as JsonObject;
const route = (spec: JsonObject) => first(spec, 'http');
const match = (spec: JsonObject): JsonObject => {
  const found = first(route(spec), 'match');
  route(spec).match = [found];
  return found;
};
/** The first route, made one that forwards. */
const forwarding = (spec: JsonObject): JsonObject => {
  const one = route(spec);
  for (const field of ['redirect', 'directResponse', 'delegate']) delete one[field];
  one.route ??= [{ destination: { host: 'reviews' } }];
  return one;
};
const set =
  (at: (spec: JsonObject) => JsonObject, field: string, value: Json): Spoil =>
  spec => {
    at(spec)[field] = structuredClone(value);
  };
const self = (spec: JsonObject) => spec;

const VIRTUAL_SERVICE: Spoil[] = [
  set(self, 'http', []),
  set(self, 'hosts', []),
  set(self, 'hosts', ['*']),
  set(self, 'hosts', ['a_b']),
  set(self, 'hosts', ['reviews', 'reviews']),
  set(self, 'hosts', ['*.example.com', 'a.example.com']),
  set(self, 'hosts', ['re*views']),
  set(self, 'gateways', ['a/b/c']),
  set(self, 'gateways', ['/front']),
  set(self, 'gateways', ['*']),
  set(self, 'exportTo', ['.', '*']),
  set(self, 'exportTo', ['a', 'a']),
  set(self, 'exportTo', ['~']),
  set(self, 'exportTo', ['a_b']),
  set(forwarding, 'route', []),
  set(forwarding, 'route', [{ destination: { host: '' } }]),
  set(forwarding, 'route', [{}]),
  set(forwarding, 'route', [{ destination: { host: 'reviews' }, weight: -1 }]),
  set(forwarding, 'route', [
    { destination: { host: 'a' }, weight: 0 },
    { destination: { host: 'b' }, weight: 0 },
  ]),
  set(forwarding, 'route', [{ destination: { host: 'a', subset: 'v_1' } }]),
  set(forwarding, 'route', [{ destination: { host: 'a', port: { number: 0 } } }]),
  set(forwarding, 'route', [{ destination: { host: 'a', port: { number: 70000 } } }]),
  set(forwarding, 'route', [{ destination: { host: '*' } }]),
  set(forwarding, 'redirect', { uri: '/' }),
  set(forwarding, 'directResponse', { status: 200 }),
  set(forwarding, 'timeout', '0s'),
  set(forwarding, 'timeout', '-1s'),
  set(forwarding, 'timeout', 'soon'),
  set(forwarding, 'timeout', '1.5us'),
  set(forwarding, 'retries', { attempts: -1 }),
  set(forwarding, 'retries', { attempts: 0, retryOn: '5xx' }),
  set(forwarding, 'retries', { attempts: 2, retryOn: 'whenever' }),
  set(forwarding, 'retries', { attempts: 2, retryOn: '5xx, 503' }),
  set(forwarding, 'retries', { attempts: 2, retryOn: '700' }),
  set(forwarding, 'retries', { attempts: 2, perTryTimeout: '100us' }),
  set(forwarding, 'fault', {}),
  set(forwarding, 'fault', { abort: { percentage: { value: 10 } } }),
  set(forwarding, 'fault', { abort: { httpStatus: 700, percentage: { value: 10 } } }),
  set(forwarding, 'fault', { abort: { httpStatus: 100, percentage: { value: 10 } } }),
  set(forwarding, 'fault', { abort: { httpStatus: 500, percentage: { value: 101 } } }),
  set(forwarding, 'fault', { abort: { httpStatus: 500, percent: 10 } }),
  set(forwarding, 'fault', { abort: { grpcStatus: 'NO', percentage: { value: 10 } } }),
  set(forwarding, 'fault', { delay: { percentage: { value: 10 } } }),
  set(forwarding, 'fault', { delay: { fixedDelay: '0s' } }),
  set(forwarding, 'fault', { delay: { fixedDelay: '1s', exponentialDelay: '1s' } }),
  set(forwarding, 'mirror', { host: '' }),
  set(forwarding, 'mirrorPercentage', { value: 101 }),
  set(forwarding, 'mirrorPercent', 101),
  set(forwarding, 'mirrors', [{ percentage: { value: 10 } }]),
  set(forwarding, 'mirrors', [{ destination: { host: 'a' }, percentage: { value: -1 } }]),
  set(forwarding, 'rewrite', {}),
  set(forwarding, 'rewrite', { uri: '/a', uriRegexRewrite: { match: 'a', rewrite: 'b' } }),
  set(forwarding, 'rewrite', { uriRegexRewrite: { match: '(', rewrite: 'b' } }),
  set(forwarding, 'rewrite', { uriRegexRewrite: { match: 'a', rewrite: '\\1' } }),
  set(forwarding, 'rewrite', { uriRegexRewrite: { match: 'a' } }),
  set(forwarding, 'headers', { request: { set: { '': 'x' } } }),
  set(forwarding, 'headers', { request: { set: { 'a b': 'x' } } }),
  set(forwarding, 'headers', { request: { set: { host: 'a', Host: 'b' } } }),
  set(forwarding, 'headers', { request: { remove: [''] } }),
  set(forwarding, 'headers', { request: { set: { 'x-a': '%NONSENSE%' } } }),
  set(forwarding, 'headers', { request: { set: { 'x-a': '100%' } } }),
  set(forwarding, 'corsPolicy', { allowOrigins: [{ exact: '' }] }),
  set(forwarding, 'corsPolicy', { allowOrigins: [{ regex: '(' }] }),
  set(forwarding, 'corsPolicy', { allowMethods: ['FETCH'] }),
  set(forwarding, 'corsPolicy', { allowMethods: ['*'], allowHeaders: ['a b'] }),
  set(forwarding, 'corsPolicy', { maxAge: '1.5s' }),
  set(forwarding, 'name', 'a'.repeat(300)),
  set(forwarding, 'wieght', 1),
  set(match, 'uri', { exact: '/a', prefix: '/b' }),
  set(match, 'uri', { exact: '' }),
  set(match, 'uri', { prefix: '' }),
  set(match, 'uri', { regex: '' }),
  set(match, 'uri', { regex: '(' }),
  set(match, 'uri', { regex: '(?=a)' }),
  set(match, 'uri', { regex: '(a)\\1' }),
  set(match, 'uri', { regex: 'a{1,2000}' }),
  set(match, 'uri', {}),
  set(match, 'headers', { '': { exact: 'a' } }),
  set(match, 'headers', { 'a b': { exact: 'a' } }),
  set(match, 'headers', { uri: { exact: 'a' } }),
  set(match, 'headers', { 'x-a': { exact: '' } }),
  set(match, 'headers', { 'x-a': { regex: '*' } }),
  set(match, 'headers', { 'x-a': null }),
  set(match, 'withoutHeaders', { 'x-a': { prefix: '' } }),
  set(match, 'queryParams', { a: { prefix: 'b' } }),
  set(match, 'queryParams', { a: { regex: '(' } }),
  set(match, 'queryParams', { '': { exact: 'b' } }),
  set(match, 'method', { exact: 'FETCH' }),
  set(match, 'port', 0),
  set(match, 'port', 70000),
  set(match, 'sourceLabels', { 'a b': 'c' }),
  set(match, 'sourceLabels', { a: 'c d' }),
  set(match, 'sourceNamespace', 'A_b'),
  set(match, 'gateways', ['a b']),
  set(match, 'statPrefix', ''),
  spec => {
    spec.http = [{ delegate: { name: 'a' }, route: [{ destination: { host: 'b' } }] }];
  },
  spec => {
    spec.http = [{ delegate: { namespace: 'a' } }];
  },
  spec => {
    spec.http = [{ redirect: { uri: '/', port: 80, derivePort: 'FROM_REQUEST_PORT' } }];
  },
  spec => {
    spec.http = [{ redirect: {} }];
  },
  spec => {
    spec.http = [{ redirect: { redirectCode: 200, uri: '/' } }];
  },
  spec => {
    spec.http = [{ redirect: { scheme: 'ftp', uri: '/' } }];
  },
  spec => {
    spec.http = [{ directResponse: { status: 99 } }];
  },
  spec => {
    spec.http = [{ directResponse: { status: 200, body: {} } }];
  },
  spec => {
    spec.http = [{ directResponse: { status: 200, body: { string: 'a', bytes: 'YQ==' } } }];
  },
  spec => {
    spec.http = [{ directResponse: { status: 200 }, fault: { abort: { httpStatus: 500 } } }];
  },
];

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
};

/** One way after the other, each done to an object that was drawn. `from`: how many were drawn before. */
export function spoiled(draw: Draw, cases: Case[], count: number, from: number): KubeObject[] {
  const ways = Object.entries(SPOILS).flatMap(([kind, all]) => all.map(spoil => ({ kind, spoil })));
  const objects = cases.flatMap(each => each.made.map(({ object }) => object));
  return Array.from({ length: count }, (_, index): KubeObject[] => {
    const { kind, spoil } = ways[(from + index) % ways.length]!;
    const candidates = objects.filter(
      each => each.kind === kind && (each.spec?.hosts !== undefined || kind !== 'VirtualService'),
    );
    if (candidates.length === 0) return [];
    const object = structuredClone(draw.pick(candidates));
    spoil(object.spec ?? {}, draw);
    return [{ ...object, metadata: { ...object.metadata, name: `spoiled-${index}` } }];
  }).flat();
}
