/** Certificates that end: which are asked for, what is told of them, and what a handshake shows. */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { World } from '../../src/istio/world.ts';
import type { JsonObject, KubeObject } from '../../src/object.ts';
import { ProbeError } from '../../src/ports.ts';
import { gatewayCertificates } from '../../src/probe/certificates.ts';
import { ending } from '../../src/rounds/certificates.ts';

const NOW = Date.UTC(2026, 10, 21, 9);
const DAY = 86_400_000;

const gateway = (name: string, servers: JsonObject[]): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'Gateway',
  metadata: { name, namespace: 'shop' },
  spec: { selector: { istio: 'ingressgateway' }, servers },
});
const https = (hosts: string[], tls: JsonObject = { mode: 'SIMPLE', credentialName: 'shop-cert' }, port = 443) => ({
  port: { number: port, name: 'https', protocol: 'HTTPS' },
  hosts,
  tls,
});

describe('certificates', () => {
  const world = new World([
    gateway('shop', [
      { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'], tls: { httpsRedirect: true } },
      https(['shop/shop.example.com', 'www.example.com']),
      https(['*.example.org'], { mode: 'MUTUAL', credentialName: 'org-cert' }),
      https(['*'], { mode: 'SIMPLE', serverCertificate: '/etc/certs/cert.pem' }, 8443),
      https(['through.example.com'], { mode: 'PASSTHROUGH' }),
    ]),
  ]);

  it('are asked for once for each Secret, by a name that a client would ask for', async () => {
    const asked: unknown[] = [];
    const expiry = async (of: object, port: number, host: string | undefined) => {
      asked.push([of, port, host]);
      return undefined;
    };
    expect(await ending(world, { expiry }, NOW)).toEqual({ problems: [], unseen: new Set() });
    const of = { namespace: 'shop', name: 'shop' };
    expect(asked).toEqual([
      [of, 443, 'shop.example.com'],
      [of, 443, 'meshbot.example.org'],
      [of, 8443, undefined],
    ]);
  });

  it.each([
    [15 * DAY, undefined, undefined],
    [13.5 * DAY, 'warning', 'ends on 2026-12-04, in 13 days.'],
    [1.5 * DAY, 'error', 'ends on 2026-11-22, in one day.'],
    [3_600_000, 'error', 'ends on 2026-11-21, today.'],
    [-DAY, 'error', 'ended on 2026-11-20.'],
  ])('that end in %d ms are told', async (left, severity, says) => {
    const one = new World([gateway('shop', [https(['shop.example.com'])])]);
    const { problems } = await ending(one, { expiry: async () => NOW + left }, NOW);
    expect(problems.map(problem => [problem.severity, problem.says, problem.fix])).toEqual(
      severity === undefined
        ? []
        : [[severity, `The certificate for shop.example.com at port 443 ${says}`, 'Renew it in the Secret shop-cert.']],
    );
  });

  it('that are too many for one look are neither healed nor told', async () => {
    const many = new World(
      Array.from({ length: 61 }, (_, at) =>
        gateway(`g${at}`, [https([`g${at}.example.com`], { mode: 'SIMPLE', credentialName: `c${at}` })]),
      ),
    );
    let looked = 0;
    const { unseen } = await ending(many, { expiry: async () => void looked++ }, NOW);
    expect([looked, unseen.size]).toEqual([60, 1]);
  });

  it('that cannot be looked at are neither healed nor told', async () => {
    const one = new World([gateway('shop', [https(['shop.example.com'])])]);
    const away = { expiry: () => Promise.reject(new ProbeError('no address')) };
    const told = await ending(one, { expiry: async () => NOW }, NOW);
    expect(await ending(one, away, NOW)).toEqual({ problems: [], unseen: new Set([told.problems[0]!.key]) });
  });
});

describe('a handshake with a gateway', () => {
  const pem = readFileSync(new URL('../fixtures/certificate.pem', import.meta.url));
  let server: Server | undefined;
  afterEach(() => server?.close());

  async function listening(): Promise<{ port: number; names: string[] }> {
    const names: string[] = [];
    const SNICallback = (name: string, done: (error: Error | null) => void): void => {
      names.push(name);
      done(null);
    };
    server = createServer({ key: pem, cert: pem, SNICallback });
    server.on('tlsClientError', () => {});
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { port: (server.address() as AddressInfo).port, names };
  }

  it('shows when its certificate ends, whoever signed it, to who asks for a host', async () => {
    const { port, names } = await listening();
    const { expiry } = gatewayCertificates({ world: new World(), gateway: 'http://127.0.0.1:80' });
    const until = await expiry({ namespace: 'shop', name: 'shop' }, port, 'shop.example.com');
    expect(until).toBe(Date.parse(new X509Certificate(pem).validTo));
    expect(names).toEqual(['shop.example.com']);
  });

  it('fails in words where nobody listens, and is not tried at addresses that the cluster may not name', async () => {
    const { port } = await listening();
    server!.close();
    const configured = gatewayCertificates({ world: new World(), gateway: 'http://127.0.0.1' });
    await expect(configured.expiry({ namespace: 'shop', name: 'shop' }, port, undefined)).rejects.toThrow(
      `127.0.0.1:${port} shows no certificate`,
    );
    const again = await listening();
    const world = new World([
      gateway('shop', [https(['*'], { mode: 'SIMPLE' }, again.port)]),
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'istio-ingressgateway', namespace: 'istio-system' },
        spec: {
          type: 'LoadBalancer',
          selector: { istio: 'ingressgateway' },
          ports: [{ port: again.port, name: 'https' }],
        },
        status: { loadBalancer: { ingress: [{ ip: '127.0.0.1' }] } },
      },
    ]);
    const found = gatewayCertificates({ world, gateway: undefined });
    await expect(found.expiry({ namespace: 'shop', name: 'shop' }, again.port, undefined)).rejects.toThrow(ProbeError);
    expect(again.names).toEqual([]);
  });
});
