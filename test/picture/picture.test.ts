/** Pictures: what is written in them, that nothing runs out of them, and that they become files. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { svgOf } from '../../src/picture/draw.ts';
import type { Picture, Topology, Waterfall } from '../../src/picture/picture.ts';
import { pngOf } from '../../src/picture/png.ts';

const WATERFALL: Waterfall = {
  kind: 'waterfall',
  title: 'One of these requests',
  hops: [
    { service: 'istio-ingressgateway.istio-system', depth: 0, start: 0, took: 40, status: 200 },
    { service: 'reviews.default', version: 'v3', depth: 1, start: 10, took: 20, status: 503 },
  ],
};
const TOPOLOGY: Topology = {
  kind: 'topology',
  title: 'Requests to reviews',
  callers: [{ name: 'productpage', rate: 4.02 }],
  routes: [
    { match: 'end-user = jason', to: [{ target: 'v2', share: 100 }] },
    {
      match: 'all other requests',
      to: [
        { target: 'v1', share: 50 },
        { target: 'v3', share: 50 },
        { target: 'v2', share: 10, copy: true },
      ],
    },
  ],
  targets: [{ name: 'v1', detail: '1/1 ready' }, { name: 'v2' }, { name: 'v3', trouble: 'no ready pod' }],
};

const wordsIn = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(match => match[1]!);

/** Every x that something begins at, and its width where it has one. */
function extent(svg: string): { left: number; right: number } {
  const rects = [...svg.matchAll(/<rect x="([-\d.]+)" y="[-\d.]+" width="([-\d.]+)"/g)];
  const xs = [...svg.matchAll(/<text x="([-\d.]+)"/g)].map(match => Number(match[1]));
  return {
    left: Math.min(...rects.map(match => Number(match[1])), ...xs),
    right: Math.max(...rects.map(match => Number(match[1]) + Number(match[2])), ...xs),
  };
}

describe('a waterfall', () => {
  it('names every hop, its version, what failed and how long it took', () => {
    const words = wordsIn(svgOf(WATERFALL));
    for (const word of ['istio-ingressgateway.istio-system', 'reviews.default', 'v3', '503', '20.0 ms', '40.0 ms']) {
      expect(words).toContain(word);
    }
  });

  it('draws each bar where its time is', () => {
    const bars = [...svgOf(WATERFALL).matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="8"/g)];
    const [, whole, track, part] = bars.map(match => ({ x: Number(match[1]), width: Number(match[2]) }));
    expect(whole).toEqual(track);
    expect((part!.x - whole!.x) / whole!.width).toBeCloseTo(10 / 40, 2);
    expect(part!.width / whole!.width).toBeCloseTo(20 / 40, 2);
  });

  it('says times of microseconds and of minutes without growing out of the axis', () => {
    for (const took of [0.004, 0.8, 3, 999, 61_000]) {
      const words = wordsIn(svgOf({ ...WATERFALL, hops: [{ service: 'a', depth: 0, start: 0, took }] }));
      const ticks = words.filter(word => /^\d+(\.\d+)?( ms)?$/.test(word));
      expect(ticks[0]).toBe('0 ms');
      expect(ticks.length).toBeLessThanOrEqual(8);
    }
  });
});

describe('a topology', () => {
  it('says who calls, which requests go where with which share, and where they fail', () => {
    const words = wordsIn(svgOf(TOPOLOGY));
    for (const word of [
      'productpage',
      '4/s',
      'end-user = jason',
      '100 % → v2',
      '50 % → v1',
      '50 % → v3',
      '1/1 ready',
    ]) {
      expect(words).toContain(word);
    }
    expect(words).toContain('copy 10 % → v2');
    expect(words.join(' ')).toContain('no ready pod');
  });

  it('says that callers are not known where they are not', () => {
    expect(wordsIn(svgOf({ ...TOPOLOGY, callers: [] }))).toContain('not known');
  });

  it('draws as many routes as can be read, and says how many are left', () => {
    const routes = Array.from({ length: 40 }, (_, at) => ({
      match: `/path-${at}`,
      to: [{ target: 'v1', share: 100 }],
    }));
    const words = wordsIn(svgOf({ ...TOPOLOGY, routes }));
    expect(words).toContain('/path-9');
    expect(words).not.toContain('/path-10');
    expect(words[0]).toContain('+ 30 more routes');
  });
});

describe('any picture', () => {
  const word = fc.string({ unit: 'binary', maxLength: 80 });
  const hop = fc.record({
    service: word,
    version: word,
    depth: fc.nat(30),
    start: fc.double({ min: 0, max: 1e6, noNaN: true }),
    took: fc.double({ min: 0, max: 1e6, noNaN: true }),
    status: fc.constantFrom(200, 404, 503),
  });
  const target = fc.record({ target: fc.constantFrom('a', 'b', 'c'), share: fc.nat(100), copy: fc.boolean() });
  const picture: fc.Arbitrary<Picture> = fc.oneof(
    fc.record({ kind: fc.constant('waterfall' as const), title: word, hops: fc.array(hop, { maxLength: 24 }) }),
    fc.record({
      kind: fc.constant('topology' as const),
      title: word,
      callers: fc.array(fc.record({ name: word }), { maxLength: 20 }),
      routes: fc.array(fc.record({ match: word, to: fc.array(target, { maxLength: 5 }) }), { maxLength: 20 }),
      targets: fc.constant<Topology['targets']>([{ name: 'a' }, { name: 'b', detail: 'x' }]),
    }),
  );

  it('stays on its sheet and lets no text become a shape', () => {
    fc.assert(
      fc.property(picture, shown => {
        const svg = svgOf(shown);
        const { left, right } = extent(svg);
        expect(left).toBeGreaterThanOrEqual(0);
        expect(right).toBeLessThanOrEqual(360);
        expect([...svg.matchAll(/<(\/?\w+)/g)].every(match => /^\/?(svg|rect|text|path)$/.test(match[1]!))).toBe(true);
        expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      }),
    );
  });

  it('becomes a PNG, sharp at the width of a phone, whatever is written in it', async () => {
    for (const shown of [WATERFALL, TOPOLOGY, { ...WATERFALL, title: '<&"\u0000 日本 ‮' }]) {
      const png = await pngOf(svgOf(shown));
      expect(png.subarray(1, 4).toString()).toBe('PNG');
      expect(png.readUInt32BE(16)).toBeGreaterThanOrEqual(800);
    }
  });

  it('has letters in it, for the font comes with it', async () => {
    const hop = { service: 'reviews', depth: 0, start: 0, took: 1 };
    const [named, nameless] = await Promise.all(
      ['reviews', ''].map(service => pngOf(svgOf({ ...WATERFALL, hops: [{ ...hop, service }] }))),
    );
    expect(named!.length).toBeGreaterThan(nameless!.length + 200);
  });
});
