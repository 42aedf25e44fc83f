import { describe, expect, it } from 'vitest';
import { fixtures, worldOf } from './fixture.ts';
import { textOf } from './outcome.ts';
import { predict } from './predict.ts';

describe('what real proxies did', () => {
  const all = fixtures();

  it('is kept', () => {
    expect(all.length).toBeGreaterThan(0);
  });

  for (const { name, fixture } of all) {
    it(`is foretold: ${fixture.why} (${name})`, () => {
      const world = worldOf(fixture);
      for (const { probe, seen, mirrors = [] } of fixture.asked) {
        const expected = predict(world, probe);
        const foretold = new Set(expected.chances.map(each => textOf(each.outcome)));
        expect([...foretold].sort()).toEqual(seen.map(textOf).sort());
        const copies = new Set(expected.mirrors.filter(each => each.share > 0).map(each => textOf(each.arrival)));
        expect([...copies].sort()).toEqual(mirrors.map(textOf).sort());
      }
    });
  }
});
