import { describe, expect, it } from 'vitest';
import { type Arriving, accessTo } from '../../../src/istio/route/access.ts';
import { clientTls, serverTls } from '../../../src/istio/route/mutual-tls.ts';
import { World } from '../../../src/istio/world.ts';
import { objects, pod } from './shop.ts';

const POD = objects(pod('reviews-v1', { app: 'reviews', version: 'v1' }))[0]!;

const policy = (name: string, spec: string, namespace = 'default') => `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: ${namespace} }
spec: ${spec}`;

const REQUEST: Arriving = {
  port: 9080,
  host: 'reviews:9080',
  path: '/reviews/0?x=1',
  method: 'GET',
  headers: { 'end-user': 'jason' },
  source: { namespace: 'shop', serviceAccount: 'page' },
};

const allows = (policies: string[], asked: Partial<Arriving> = {}) =>
  accessTo(new World(objects(...policies)), POD, { ...REQUEST, ...asked }).allowed;

const allowing = (rule: string, asked: Partial<Arriving> = {}) => allows([policy('a', `{ rules: [${rule}] }`)], asked);

describe('a request to a pod behind a proxy', () => {
  it('is let in where no policy is for the pod', () => {
    expect(allows([])).toBe(true);
    expect(allows([policy('a', '{ selector: { matchLabels: { app: ratings } } }'), policy('b', '{}', 'other')])).toBe(
      true,
    );
  });

  it('is refused where policies allow something, and not this', () => {
    expect(allows([policy('nothing', '{}')])).toBe(false);
    expect(allowing('{ to: [{ operation: { methods: [POST] } }] }')).toBe(false);
    expect(allows([policy('nothing', '{}'), policy('all', '{ rules: [{}] }')])).toBe(true);
    expect(allows([policy('nothing', '{}', 'istio-system')])).toBe(false);
  });

  it('is refused where one policy denies it, whoever allows it', () => {
    const world = new World(objects(policy('all', '{ rules: [{}] }'), policy('no', '{ action: DENY, rules: [{}] }')));
    expect(accessTo(world, POD, REQUEST)).toMatchObject({ allowed: false, by: { name: 'no' } });
    expect(allows([policy('no', '{ action: DENY }')])).toBe(true);
  });

  it('is known by its sender only through mutual TLS', () => {
    expect(allowing('{ from: [{ source: { principals: [cluster.local/ns/shop/sa/page] } }] }')).toBe(true);
    expect(allowing("{ from: [{ source: { principals: ['*'] } }] }", {})).toBe(true);
    const { source: _, ...plain } = REQUEST;
    const world = (rule: string) => new World(objects(policy('a', `{ rules: [${rule}] }`)));
    expect(accessTo(world("{ from: [{ source: { principals: ['*'] } }] }"), POD, plain).allowed).toBe(false);
    expect(accessTo(world('{ from: [{ source: { notNamespaces: [shop] } }] }'), POD, plain).allowed).toBe(true);
  });

  it('has to meet sender, operation and conditions together, each by one of those listed', () => {
    const rule =
      "{ from: [{ source: { namespaces: ['sh*'] } }], to: [{ operation: { methods: [PUT, GET], paths: ['/reviews*'] } }] }";
    expect(allowing(rule)).toBe(true);
    expect(allowing(rule, { method: 'POST' })).toBe(false);
    expect(allowing(rule, { source: { namespace: 'default', serviceAccount: 'page' } })).toBe(false);
    expect(allowing("{ when: [{ key: 'request.headers[End-User]', values: [ja*] }] }")).toBe(true);
    expect(allowing("{ when: [{ key: 'request.headers[End-User]', notValues: [jason] }] }")).toBe(false);
    expect(allowing("{ when: [{ key: 'request.headers[x-none]', notValues: [jason] }] }")).toBe(true);
  });

  it('is looked at without its query, with the port of its host, and in any case of that', () => {
    expect(allowing('{ to: [{ operation: { paths: [/reviews/0] } }] }')).toBe(true);
    expect(allowing("{ to: [{ operation: { hosts: ['REVIEWS:9080'] } }] }")).toBe(true);
    expect(allowing('{ to: [{ operation: { hosts: [reviews] } }] }')).toBe(false);
    expect(allowing("{ to: [{ operation: { ports: ['9080'], notPaths: ['*/1'] } }] }")).toBe(true);
  });
});

describe('mutual TLS', () => {
  const peer = (name: string, spec: string, namespace = 'default') =>
    policy(name, spec, namespace).replace('AuthorizationPolicy', 'PeerAuthentication');
  const mode = (...all: string[]) => serverTls(new World(objects(...all)), POD, 9080);
  const own = (rest: string) => `{ selector: { matchLabels: { app: reviews } }, ${rest} }`;

  it('is as the narrowest that says something says: port, workload, namespace, mesh', () => {
    const mesh = peer('mesh', '{ mtls: { mode: STRICT } }', 'istio-system');
    const namespace = peer('all', '{ mtls: { mode: DISABLE } }');
    expect(mode()).toBe('PERMISSIVE');
    expect(mode(mesh)).toBe('STRICT');
    expect(mode(mesh, namespace)).toBe('DISABLE');
    expect(mode(mesh, namespace, peer('own', own('mtls: { mode: PERMISSIVE }')))).toBe('PERMISSIVE');
    expect(mode(mesh, peer('own', own('mtls: { mode: UNSET }')))).toBe('STRICT');
    expect(mode(mesh, peer('own', own("portLevelMtls: { '9080': { mode: DISABLE } }")))).toBe('DISABLE');
    expect(mode(mesh, peer('own', own("portLevelMtls: { '9081': { mode: DISABLE } }")))).toBe('STRICT');
  });

  it('is spoken by clients as their rule says, and without one where the server takes it', () => {
    expect(clientTls(undefined, 'PERMISSIVE')).toBe(true);
    expect(clientTls(undefined, 'DISABLE')).toBe(false);
    expect(clientTls({ tls: { mode: 'DISABLE' } }, 'STRICT')).toBe(false);
    expect(clientTls({ tls: { mode: 'ISTIO_MUTUAL' } }, 'DISABLE')).toBe(true);
  });
});
