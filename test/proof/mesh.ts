/** A mesh that is asked by a proof: each request's way is drawn, and its trace is there a moment later. */
import type { Hop, ProbeRequest } from '../../src/ports.ts';
import type { ProofPorts } from '../../src/proof/looking.ts';
import { Dice } from '../change/world/simulation.ts';
import { passingTime } from './time.ts';

/** A mesh in which each request's version is drawn from the shares that hold at that time. */
export function mesh(
  shares: (now: number) => Record<string, number>,
  behaves: Partial<ProofPorts> & { late?: number; seed?: number } = {},
) {
  const dice = new Dice(behaves.seed ?? 7);
  const requests: ProbeRequest[] = [];
  const traces = new Map<string, { hops: Hop[]; from: number }>();
  const { clock, now, pass } = passingTime();
  const draw = (): string => {
    let left = dice.next() * 100;
    const all = Object.entries(shares(now()));
    for (const [version, share] of all) {
      left -= share;
      if (left < 0) return version;
    }
    return all[0]![0];
  };
  const ports: ProofPorts = {
    clock,
    random: { hex: bytes => dice.hex(bytes) },
    probe: {
      send: async request => {
        requests.push(request);
        pass(20);
        const id = request.headers['x-b3-traceid']!;
        traces.set(id, { hops: hopsThrough(draw(), now()), from: now() + (behaves.late ?? 500) });
        return { outcome: 'answered', status: 200, headers: {}, body: '', truncated: false, took: 20 };
      },
    },
    traces: {
      find: async id => {
        const trace = traces.get(id);
        return trace && now() >= trace.from ? trace.hops : undefined;
      },
      link: id => `http://tracing.example.test/${id}`,
    },
    metrics: { rateByVersion: async () => undefined },
    ...behaves,
  };
  return { ports, requests };
}

/** Gateway → productpage → reviews, each call told of by both sides. */
function hopsThrough(version: string, start: number): Hop[] {
  const hop = (
    id: string,
    parent: string | undefined,
    service: string,
    side: Hop['side'],
    more: Partial<Hop> = {},
  ): Hop => ({
    id,
    ...(parent !== undefined && { parent }),
    service,
    side,
    name: service,
    start: start + Number(id),
    took: 20 - Number(id),
    tags: {},
    ...more,
  });
  return [
    hop('4', '3', 'reviews.default', 'server', { version, status: 200 }),
    hop('1', undefined, 'istio-ingressgateway.istio-system', 'client'),
    hop('3', '2', 'productpage.default', 'client'),
    hop('2', '1', 'productpage.default', 'server', { version: 'v1', status: 200 }),
  ];
}
