import { describe, expect, it } from 'vitest';
import type { Case } from './case.ts';
import { disagreements } from './compare.ts';
import { worldWith } from './fixture.ts';
import { drawCase } from './generate/case.ts';
import { LocalMesh } from './local-mesh.ts';
import type { Expected } from './outcome.ts';
import { predict } from './predict.ts';
import { Draw } from './random.ts';
import { USUAL } from './setting.ts';

const CASES = 150;
const PROBES = 6;

/** Of pods' ports the local mesh knows nothing, and it says no cluster. */
function comparable({ chances, mirrors, ...rest }: Expected): Expected {
  const near = <T extends { port: number }>(arrival: T): T => ({ ...arrival, port: 0 });
  return {
    ...rest,
    chances: chances.map(each => {
      const { cluster: _, upstream, ...outcome } = each.outcome;
      return { ...each, outcome: { ...outcome, ...(upstream ? { upstream: near(upstream) } : {}) } };
    }),
    mirrors: mirrors.map(each => ({ ...each, arrival: near(each.arrival) })),
  };
}

/** It knows no policies, and reaches nothing behind a ServiceEntry. */
const UNKNOWN = ['AuthorizationPolicy', 'ServiceEntry'];
const isKnown = (found: Case) => !found.made.some(({ object }) => UNKNOWN.includes(object.kind));

describe('the local mesh', () => {
  it('does with a request what real proxies do with it', async () => {
    const draw = new Draw(11);
    const cases = Array.from({ length: CASES }, (_, index) => drawCase(draw, index, PROBES)).filter(isKnown);
    const world = worldWith(cases, { ...USUAL, narrow: true });
    const mesh = new LocalMesh(world, draw);
    const said: unknown[] = [];
    for (const [index, found] of cases.entries()) {
      for (const [at, probe] of found.probes.entries()) {
        const expected = comparable(predict(world, probe));
        const times = expected.chances.length > 1 || expected.mirrors.some(each => each.share < 1) ? 40 : 2;
        const seen = await Promise.all(
          Array.from({ length: times }, (_, time) => mesh.ask(probe, `local-${index}-${at}-${time}`)),
        );
        const wrong = disagreements(expected, seen);
        if (wrong.length > 0) said.push({ wrong, probe });
      }
    }
    expect(said).toEqual([]);
  });
});
