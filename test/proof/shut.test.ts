/** The proof that nobody is behind a gateway any more, against gateways that are shut, open, slow to shut or away. */
import { describe, expect, it } from 'vitest';
import type { Shut } from '../../src/plan.ts';
import { type Hop, type ProbeAnswer, ProbeError } from '../../src/ports.ts';
import type { ProofPorts } from '../../src/proof/looking.ts';
import { prove } from '../../src/proof/prove.ts';
import { Dice } from '../change/world/simulation.ts';
import { passingTime, START } from './time.ts';

const SHUT: Shut = {
  kind: 'shut',
  host: 'productpage.default.svc.cluster.local',
  headers: {},
  shares: {},
  probe: { from: { kind: 'gateway' }, url: 'http://shop.example.com/productpage' },
};

const answer = (more: Partial<ProbeAnswer>): ProbeAnswer => ({
  outcome: more.status ? 'answered' : 'failed',
  status: 0,
  headers: {},
  body: '',
  truncated: false,
  took: 3,
  ...more,
});

const REFUSED = answer({ outcome: 'refused', error: 'nothing listens there' });
const NOT_FOUND = answer({ status: 404, headers: { server: 'istio-envoy' } });
const ANSWERED = answer({ status: 200, headers: { 'x-envoy-upstream-service-time': '4' } });

function portsWith(answers: (now: number) => ProbeAnswer | Error, hops?: Hop[]) {
  const dice = new Dice(3);
  const { clock, now, pass } = passingTime();
  const ports: ProofPorts = {
    clock,
    random: { hex: bytes => dice.hex(bytes) },
    probe: {
      send: async () => {
        pass(3);
        const given = answers(now());
        if (given instanceof Error) throw given;
        return given;
      },
    },
    traces: { find: async () => hops, link: () => undefined },
    metrics: { rateByVersion: async () => undefined },
  };
  return { ports, elapsed: () => now() - START };
}

/** What a tracer has of a request that came so far. */
function hop(service: string, side: Hop['side']): Hop {
  return { id: `${service}-${side}`, service, side, name: service, start: 0, took: 1, tags: {} };
}

describe('the proof that a gateway is off', () => {
  it('is made when every connection is refused, and says what that rules out', async () => {
    const receipt = await prove(SHUT, portsWith(() => REFUSED).ports);
    expect(receipt).toMatchObject({ verdict: 'proven', sent: 40, statuses: { '0': 40 }, shut: true, expected: {} });
    expect(receipt.summary).toBe(
      '40 of 40 requests were refused; none reached productpage.default, which rules out that 10.9 % or more still do (99 % sure)',
    );
  });

  it('is made when the gateway answers 404 by itself, as the trace agrees', async () => {
    const { ports } = portsWith(() => NOT_FOUND, [hop('istio-ingressgateway.istio-system', 'client')]);
    const receipt = await prove(SHUT, ports);
    expect(receipt.verdict).toBe('proven');
    expect(receipt.summary).toContain('40 of 40 requests got 404 from the gateway itself');
  });

  it('looks again while proxies still have the route', async () => {
    const { ports } = portsWith(now => (now < 1_005_000 ? ANSWERED : REFUSED));
    expect((await prove(SHUT, ports)).verdict).toBe('proven');
  });

  it('is not made while some requests still come through', async () => {
    let count = 0;
    const { ports, elapsed } = portsWith(() => (count++ % 10 === 0 ? ANSWERED : REFUSED));
    const receipt = await prove(SHUT, ports);
    expect(receipt).toMatchObject({ verdict: 'not-proven' });
    expect(receipt.summary).toBe('4 of 40 requests still came through the gateway');
    expect(elapsed()).toBeGreaterThan(20_000);
  });

  it('does not take a 404 with something in it for one of the gateway, where no trace says who answered', async () => {
    const somebody = answer({
      status: 404,
      headers: { server: 'istio-envoy', 'content-type': 'application/json' },
      body: '{"error":"no such product"}',
    });
    const away = portsWith(() => somebody).ports;
    const receipt = await prove(SHUT, {
      ...away,
      traces: { find: () => Promise.reject(new Error('away')), link: () => undefined },
    });
    expect(receipt.verdict).toBe('not-proven');
    expect(receipt.summary).toBe(
      '40 of 40 requests got 404, and no trace says whether that was the gateway or who is behind it',
    );
    const known = portsWith(() => somebody, [hop('istio-ingressgateway.istio-system', 'client')]).ports;
    expect((await prove(SHUT, known)).verdict).toBe('proven');
  });

  it('does not take the 404 of the service for one of the gateway', async () => {
    const own = answer({ status: 404, headers: { 'x-envoy-upstream-service-time': '2' } });
    expect((await prove(SHUT, portsWith(() => own).ports)).summary).toContain('still came through');
    // Where the header is taken away, the trace tells.
    const { ports } = portsWith(() => NOT_FOUND, [hop('productpage.default', 'server')]);
    expect((await prove(SHUT, ports)).summary).toContain('40 of 40 requests still came through');
  });

  it('does not take silence for an answer', async () => {
    const { ports } = portsWith(() => answer({ outcome: 'late', error: 'no answer within 5 s' }));
    const receipt = await prove(SHUT, ports);
    expect(receipt.verdict).toBe('not-proven');
    expect(receipt.summary).toContain('had no answer in time');
  });

  it.each([
    ['a name that is not known', "the gateway's name gw.example.com is not known"],
    ['a host without a way to it', "no way leads to the gateway's address 192.0.2.7:80"],
    ['a TLS alert', 'the connection to the gateway broke (ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED)'],
    ['a connection that is taken and closed', 'the connection to the gateway broke (ECONNRESET)'],
  ])('does not take %s for a refused connection, nor where the others were refused', async (_, error) => {
    const failed = answer({ outcome: 'failed', error });
    const receipt = await prove(SHUT, portsWith(() => failed).ports);
    expect(receipt).toMatchObject({ verdict: 'not-proven', statuses: { '0': 40 } });
    expect(receipt.summary).toContain(`40 of 40 requests failed (${error}), which does not show that`);
    let count = 0;
    const some = portsWith(() => (count++ % 40 === 7 ? failed : REFUSED));
    expect((await prove(SHUT, some.ports)).summary).toContain(`1 of 40 requests failed (${error})`);
  });

  it('does not take a redirect or an error of the gateway for being off', async () => {
    const { ports } = portsWith(() => answer({ status: 301 }));
    expect((await prove(SHUT, ports)).summary).toBe('the gateway answers 301 by itself');
  });

  it('says why no request could be sent', async () => {
    const { ports } = portsWith(() => new ProbeError('No ingress gateway is known.'));
    expect(await prove(SHUT, ports)).toMatchObject({
      verdict: 'not-proven',
      summary: 'no request could be sent: No ingress gateway is known.',
    });
    const { probe: _, ...unknown } = SHUT;
    expect((await prove(unknown, ports)).summary).toContain('no request is known');
  });
});
