import { describe, expect, it } from 'vitest';
import { askGateway, forwarded, none, REVIEWS, shop, to, virtualService } from './shop.ts';

function gateway(
  servers: string,
  { name = 'front', namespace = 'default', selector = '{ istio: ingressgateway }' } = {},
) {
  return `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: ${namespace} }
spec: { selector: ${selector}, servers: ${servers} }`;
}

const http = (hosts: string, port = 80, more = '') =>
  `[{ port: { number: ${port}, name: http, protocol: HTTP }, hosts: ${hosts}${more} }]`;

const front = (
  subset: string,
  hosts: string,
  { name = `to-${subset}`, match = '', gateways = '[front]', namespace = 'default', created = 1 } = {},
) => virtualService(to(subset, match), { name, more: `hosts: ${hosts}\ngateways: ${gateways}`, namespace, created });

const subset = (decision: ReturnType<typeof askGateway>) => forwarded(decision).destinations[0]?.subset;

describe('a gateway', () => {
  it('forwards what a VirtualService bound to it serves', () => {
    expect(subset(askGateway(shop(gateway(http("['*']")), front('v2', "['*']"))))).toBe('v2');
  });

  it('answers 404 NR for a host that no VirtualService serves, and for a path that no route matches', () => {
    const world = shop(
      gateway(http("['*']")),
      front('v2', '[shop.example.com]', { match: 'match: [{ uri: { exact: /a } }]' }),
    );
    expect(none(askGateway(world, { host: 'other.example.com' }))).toMatchObject({ status: 404, flag: 'NR' });
    expect(none(askGateway(world, { path: '/b' }))).toMatchObject({ status: 404, flag: 'NR' });
    expect(subset(askGateway(world, { path: '/a' }))).toBe('v2');
  });

  it('does not serve Services that nobody routes to', () => {
    expect(none(askGateway(shop(gateway(http("['*']"))), { host: REVIEWS }))).toMatchObject({
      status: 404,
      flag: 'NR',
    });
  });

  it('does not listen on a port without a server: the connection is refused', () => {
    expect(none(askGateway(shop()))).toMatchObject({ status: 0 });
    expect(none(askGateway(shop(gateway(http("['*']"))), { port: 443 }))).toMatchObject({ status: 0 });
  });

  it('listens where a server names the Service’s port or the pod’s', () => {
    for (const port of [80, 8080]) {
      expect(subset(askGateway(shop(gateway(http("['*']", port)), front('v2', "['*']"))))).toBe('v2');
    }
    expect(none(askGateway(shop(gateway(http("['*']", 81)), front('v2', "['*']"))))).toMatchObject({ status: 0 });
  });

  it('takes only Gateways whose selector fits its pods', () => {
    const other = gateway(http("['*']"), { selector: '{ istio: egressgateway }' });
    expect(none(askGateway(shop(other, front('v2', "['*']"))))).toMatchObject({ status: 0 });
  });

  it('serves only hosts that Gateway and VirtualService share', () => {
    const world = shop(gateway(http('[shop.example.com]')), front('v2', "['*.example.com']"));
    expect(subset(askGateway(world))).toBe('v2');
    expect(none(askGateway(world, { host: 'other.example.com' }))).toMatchObject({ status: 404 });
  });

  it('serves only VirtualServices of the namespaces that its hosts name', () => {
    const bound = { gateways: '[default/front]', namespace: 'team' };
    const serves = (hosts: string) =>
      askGateway(shop(gateway(http(hosts)), front('v2', '[shop.example.com]', bound))).kind;
    expect(serves("['*/shop.example.com']")).toBe('forward');
    expect(serves("['team/*.example.com']")).toBe('forward');
    expect(serves("['./shop.example.com']")).toBe('none');
    expect(serves("['other/*']")).toBe('none');
  });

  it('serves only VirtualServices that are exported to its namespace', () => {
    const hidden = virtualService(to('v2'), { more: "hosts: ['*']\ngateways: [front]\nexportTo: ['.']" });
    expect(none(askGateway(shop(gateway(http("['*']")), hidden)))).toMatchObject({ status: 404 });
  });

  it('ignores a port in the Host header', () => {
    const world = shop(gateway(http('[shop.example.com]')), front('v2', '[shop.example.com]'));
    expect(subset(askGateway(world, { host: 'shop.example.com:8080' }))).toBe('v2');
  });

  it('merges VirtualServices of one host, those routes that take everything at the end', () => {
    const world = shop(
      gateway(http("['*']")),
      front('v1', '[shop.example.com]', { created: 1 }),
      front('v2', '[shop.example.com]', { created: 2, match: 'match: [{ uri: { prefix: /api } }]' }),
    );
    expect(subset(askGateway(world, { path: '/api/x' }))).toBe('v2');
    expect(subset(askGateway(world, { path: '/' }))).toBe('v1');
  });

  it('does not look at a wider host once a narrower one is served', () => {
    const world = shop(
      gateway(http("['*']")),
      front('v1', "['*']"),
      front('v2', '[shop.example.com]', { match: 'match: [{ uri: { prefix: /api } }]' }),
    );
    expect(none(askGateway(world, { path: '/' }))).toMatchObject({ status: 404, flag: 'NR' });
    expect(subset(askGateway(world, { host: 'other.example.com' }))).toBe('v1');
  });

  it('looks at matches that name it, and not at those for the mesh', () => {
    const world = shop(
      gateway(http("['*']")),
      virtualService(`${to('v1', 'match: [{ gateways: [mesh] }]')}\n${to('v2', 'match: [{ gateways: [front] }]')}`, {
        more: "hosts: ['*']\ngateways: [front, mesh]",
      }),
    );
    expect(subset(askGateway(world))).toBe('v2');
  });

  it('sends to https where its server says so', () => {
    const world = shop(gateway(http("['*']", 80, ', tls: { httpsRedirect: true }')), front('v2', "['*']"));
    expect(askGateway(world, { path: '/a' })).toMatchObject({
      kind: 'redirect',
      status: 301,
      location: 'https://shop.example.com/a',
    });
  });

  it('sends to https the hosts of just that server, with or without a VirtualService', () => {
    const world = shop(
      gateway(http("['*']"), { name: 'plain' }),
      gateway(http('[pay.example.com]', 80, ', tls: { httpsRedirect: true }'), { name: 'secure' }),
      front('v2', "['*']", { gateways: '[plain]' }),
    );
    expect(askGateway(world, { host: 'pay.example.com', path: '/a' })).toMatchObject({
      kind: 'redirect',
      location: 'https://pay.example.com/a',
    });
    expect(subset(askGateway(world))).toBe('v2');
  });

  it('serves of several Gateways on one port what each VirtualService is bound to', () => {
    const world = shop(
      gateway(http("['*.example.com']"), { name: 'wide' }),
      gateway(http('[shop.example.com]'), { name: 'narrow' }),
      front('v1', "['*.example.com']", { gateways: '[wide]' }),
      front('v2', '[shop.example.com]', { gateways: '[narrow]' }),
    );
    expect(subset(askGateway(world))).toBe('v2');
    expect(subset(askGateway(world, { host: 'other.example.com' }))).toBe('v1');
  });

  it('looks, for https, only at VirtualServices of the server whose certificate is shown', () => {
    const secure = (host: string, name: string) =>
      gateway(
        `[{ port: { number: 443, name: https, protocol: HTTPS }, hosts: ['${host}'], tls: { mode: SIMPLE, credentialName: c } }]`,
        { name },
      );
    const world = shop(
      secure('*.example.com', 'wide'),
      secure('shop.example.com', 'narrow'),
      front('v1', '[shop.example.com]', { gateways: '[wide]' }),
    );
    const asked = { scheme: 'https' as const, port: 443 };
    expect(none(askGateway(world, asked))).toMatchObject({ status: 404, flag: 'NR' });
  });

  it('serves https only for hosts of its HTTPS servers', () => {
    const secure = gateway(
      '[{ port: { number: 443, name: https, protocol: HTTPS }, hosts: [shop.example.com], tls: { mode: SIMPLE, credentialName: c } }]',
    );
    const world = shop(secure, front('v2', "['*']"));
    expect(subset(askGateway(world, { scheme: 'https', port: 443 }))).toBe('v2');
    expect(none(askGateway(world, { scheme: 'https', port: 443, host: 'other.example.com' }))).toMatchObject({
      status: 0,
    });
    expect(none(askGateway(world, { scheme: 'http', port: 443 }))).toMatchObject({ status: 0 });
  });

  it('uses the DestinationRule of its own namespace where there is one', () => {
    const shadow = `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: shadow, namespace: istio-system }
spec: { host: ${REVIEWS}, exportTo: ['.'], subsets: [{ name: v1, labels: { version: v1 } }] }`;
    expect(none(askGateway(shop(gateway(http("['*']")), front('v2', "['*']"), shadow)))).toMatchObject({ flag: 'NC' });
  });
});
