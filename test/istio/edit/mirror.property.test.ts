import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newFindings } from '../../../src/istio/checks/index.ts';
import type { Edit } from '../../../src/istio/edit/finish.ts';
import { planMirror } from '../../../src/istio/edit/mirror/mirror.ts';
import { Overlay } from '../../../src/istio/overlay.ts';
import { route } from '../../../src/istio/route/route.ts';
import type { World } from '../../../src/istio/world.ts';
import type { JsonObject } from '../../../src/object.ts';
import { templates } from '../../fixtures/load.ts';
import { applied, specs, undone } from './drawn.ts';
import { REVIEWS, reviews, virtualService } from './mesh.ts';

const to = fc.record({ version: fc.constantFrom('v1', 'v2', 'v3'), percent: fc.integer({ min: 1, max: 100 }) });
const subset = fc.constantFrom('v1', 'v2', 'v3');

/** A mirror in any form, or none. */
const mirrors: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constant({}),
  fc
    .record({
      subset,
      field: fc.constantFrom('mirrorPercentage', 'mirror_percentage', 'mirrorPercent', 'mirror_percent', undefined),
      value: fc.integer({ min: 1, max: 100 }),
    })
    .map(({ subset: name, field, value }): JsonObject => {
      const mirror = { host: 'reviews', subset: name };
      if (field === undefined) return { mirror };
      return { mirror, [field]: field.endsWith('age') ? { value } : value };
    }),
  subset.map(
    (name): JsonObject => ({ mirrors: [{ destination: { host: 'reviews', subset: name }, percentage: { value: 7 } }] }),
  ),
);

function plan(world: World, wish?: { version: string; percent: number }) {
  return planMirror(world, templates, { fqdn: REVIEWS, ...(wish && { to: wish }), reader: 'default' });
}

type Wish = { version: string; percent: number };

function each(check: (world: World, outcome: Edit, wish: Wish) => void): void {
  let edits = 0;
  fc.assert(
    fc.property(specs, mirrors, to, (spec, more, wish) => {
      const http = spec.http as JsonObject[];
      const last = { ...http.at(-1), ...more };
      const world = reviews(virtualService('reviews', { ...spec, http: [...http.slice(0, -1), last] }));
      const outcome = plan(world, wish);
      if (outcome.kind !== 'edit') return;
      edits += 1;
      check(world, outcome, wish);
    }),
    { numRuns: 200 },
  );
  expect(edits).toBeGreaterThan(150);
}

/** What the mesh copies of a request that falls to the last route. */
function copiesIn(world: World): { subset: string | undefined; percent: number }[] {
  const from = { kind: 'sidecar' as const, namespace: 'default', labels: {} };
  const headers = {};
  const decision = route(world, {
    from,
    host: REVIEWS,
    port: 9080,
    path: '/~none',
    method: 'PUT',
    scheme: 'http',
    headers,
  });
  return decision.kind === 'forward'
    ? decision.mirrors.map(({ subset: name, percent }) => ({ subset: name, percent }))
    : [];
}

const FORMS = ['mirror', 'mirrors', 'mirrorPercentage', 'mirror_percentage', 'mirrorPercent', 'mirror_percent'];
const bare = (one: JsonObject) => Object.fromEntries(Object.entries(one).filter(([field]) => !FORMS.includes(field)));

describe('any mirror of any VirtualService', () => {
  it('is what the mesh copies then, in whichever form', () => {
    each((world, { writes }, { version, percent }) => {
      expect(copiesIn(new Overlay(world, writes))).toEqual([{ subset: version, percent }]);
    });
  });

  it('leaves all but the mirror of one route as it was', () => {
    each((_, { writes: [write, ...others] }) => {
      expect(others).toEqual([]);
      const before = write!.before!.spec!.http as JsonObject[];
      const after = write!.after!.spec!.http as JsonObject[];
      expect(after.slice(0, -1)).toEqual(before.slice(0, -1));
      expect(bare(after.at(-1)!)).toEqual(bare(before.at(-1)!));
      expect({ ...write!.after, spec: { ...write!.after!.spec, http: 0 } }).toEqual({
        ...write!.before,
        spec: { ...write!.before!.spec, http: 0 },
      });
    });
  });

  it('is planned the same each time, is nothing once it is done, and ends with off', () => {
    each((world, outcome, wish) => {
      expect(plan(world, wish)).toEqual(outcome);
      const done = applied(world, outcome.writes, 'mirror-1');
      expect(plan(done, wish).kind).toBe('nothing');
      const off = plan(done);
      if (off.kind !== 'edit') throw new Error(off.kind);
      const after = new Overlay(done, off.writes);
      expect(copiesIn(after)).toEqual([]);
      expect(plan(after).kind).toBe('nothing');
    });
  });

  it('brings in no new error, and is taken back to exactly what was', () => {
    each((world, { writes }) => {
      const findings = newFindings(world, new Overlay(world, writes), writes);
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      for (const { was, is } of undone(world, writes)) expect(is).toEqual(was);
    });
  });
});
