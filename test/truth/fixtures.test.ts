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
      for (const { probe, seen } of fixture.asked) {
        const { chances } = predict(world, probe);
        const foretold = new Set(chances.map(each => textOf(each.outcome)));
        expect([...foretold].sort()).toEqual(seen.map(textOf).sort());
      }
    });
  }
});
