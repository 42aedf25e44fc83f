/** Ways to spoil a VirtualService, and the words that all ways are told in. */
import type { Json, JsonObject } from '../../../src/object.ts';

export type Spoil = (spec: JsonObject) => void;

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
export const set =
  (at: (spec: JsonObject) => JsonObject, field: string, value: Json): Spoil =>
  spec => {
    at(spec)[field] = structuredClone(value);
  };
export const self = (spec: JsonObject) => spec;

export const VIRTUAL_SERVICE: Spoil[] = [
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
