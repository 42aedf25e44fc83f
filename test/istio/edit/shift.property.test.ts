import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/change/digest.ts';
import { newFindings } from '../../../src/istio/checks/index.ts';
import type { Edit } from '../../../src/istio/edit/finish.ts';
import { planShift } from '../../../src/istio/edit/shift.ts';
import { planUndo } from '../../../src/istio/edit/undo.ts';
import { Overlay } from '../../../src/istio/overlay.ts';
import type { World } from '../../../src/istio/world.ts';
import type { JsonObject, KubeObject } from '../../../src/object.ts';
import type { Write } from '../../../src/ports.ts';
import { templates } from '../../fixtures/load.ts';
import { REVIEWS, reviews, virtualService } from './mesh.ts';

const MARKER = 'meshbot.dev/change';

const port = fc.option(fc.constant({ number: 9080 }), { nil: undefined });
const headers = fc.option(fc.constant({ response: { set: { 'x-from': 'here' } } }), { nil: undefined });
const extras: fc.Arbitrary<JsonObject> = fc.record(
  {
    timeout: fc.constantFrom('1s', '500ms'),
    retries: fc.constantFrom<JsonObject>({ attempts: 0 }, { attempts: 3, perTryTimeout: '1s' }),
    mirror: fc.constant<JsonObject>({ host: 'reviews', subset: 'v2' }),
    mirror_percent: fc.integer({ min: 0, max: 100 }),
    mirrors: fc.constant<JsonObject[]>([{ destination: { host: 'reviews', subset: 'v1' } }]),
    corsPolicy: fc.constant<JsonObject>({ allowOrigins: [{ exact: 'https://shop.example.com' }] }),
    rewrite: fc.constant<JsonObject>({ uri: '/other' }),
    headers: fc.constant<JsonObject>({ request: { add: { a: 'b' } } }),
    unknownToAnybody: fc.jsonValue() as fc.Arbitrary<JsonObject>,
  },
  { requiredKeys: [] },
);

/** Weighted destinations as Istio admits them: no total of 0 where there is more than one. */
const destinations: fc.Arbitrary<JsonObject[]> = fc
  .record({
    subsets: fc.uniqueArray(fc.constantFrom('v1', 'v2', 'v3', undefined, 'legacy'), { minLength: 1, maxLength: 4 }),
    weights: fc.array(fc.option(fc.integer({ min: 0, max: 120 }), { nil: undefined }), { minLength: 4, maxLength: 4 }),
    host: fc.constantFrom('reviews', REVIEWS),
    port,
    headers: fc.array(headers, { minLength: 4, maxLength: 4 }),
  })
  .map(({ subsets, weights, host, port: number, headers: own }) =>
    subsets.map((subset, index) =>
      defined({
        destination: defined({
          host: subset === 'legacy' ? 'legacy.other.svc.cluster.local' : host,
          subset: subset === 'legacy' ? undefined : subset,
          port: number,
        }),
        weight: weights[index],
        headers: own[index],
      }),
    ),
  )
  .filter(list => list.length === 1 || list.some(({ weight }) => typeof weight === 'number' && weight > 0));

const match = fc.constantFrom<JsonObject>(
  { headers: { 'end-user': { exact: 'jason' } } },
  { uri: { prefix: '/beta' } },
  { headers: { cookie: { regex: '.*beta.*' } }, port: 9080 },
  { sourceLabels: { app: 'productpage' }, gateways: ['mesh'] },
);

const matched = fc
  .record({ match, route: destinations, more: extras })
  .map(({ match: block, route, more }): JsonObject => ({ ...more, match: [block], route }));
const redirect = match.map((block): JsonObject => ({ match: [block], redirect: { uri: '/elsewhere' } }));
const catchAll = fc.record({ route: destinations, more: extras, slash: fc.boolean() }).map(
  ({ route, more, slash }): JsonObject => ({
    ...more,
    ...(slash && { match: [{ uri: { prefix: '/' } }] }),
    route,
  }),
);

const spec = fc
  .record({ before: fc.array(fc.oneof(matched, redirect), { maxLength: 3 }), last: catchAll })
  .map(({ before, last }): JsonObject => ({ hosts: ['reviews'], exportTo: ['*'], http: [...before, last] }));

const wish = fc.record({ version: fc.constantFrom('v1', 'v2', 'v3'), percent: fc.integer({ min: 0, max: 100 }) });

function defined(fields: Record<string, unknown>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as JsonObject;
}

function plan(world: World, { version, percent }: { version: string; percent: number }) {
  return planShift(world, templates, { fqdn: REVIEWS, version, percent, reader: 'default' });
}

/** As the API server and the change room leave an object: a new resourceVersion, and the marker. */
function applied(world: World, writes: Write[], change: string): World {
  return new Overlay(
    world,
    writes.map(({ ref, after }) => {
      if (!after) return { ref };
      const { annotations, ...metadata } = after.metadata;
      const marked = { ...metadata, resourceVersion: `${change}-1`, annotations: { ...annotations, [MARKER]: change } };
      return { ref, after: { ...after, metadata: marked } };
    }),
  );
}

function withoutMarks(object: KubeObject | undefined): unknown {
  if (!object) return undefined;
  const { resourceVersion: _, annotations = {}, ...metadata } = object.metadata;
  const { [MARKER]: __, ...kept } = annotations;
  return { ...object, metadata: { ...metadata, annotations: kept } };
}

function routesOf(object: KubeObject | undefined): JsonObject[] {
  return object?.spec?.http as JsonObject[];
}

function entriesOf(route: JsonObject): JsonObject[] {
  return route.route as JsonObject[];
}

function each(check: (world: World, outcome: Edit, asked: { version: string; percent: number }) => void) {
  let edits = 0;
  fc.assert(
    fc.property(spec, wish, (drawn, asked) => {
      const world = reviews(
        virtualService('reviews', drawn, { annotations: { why: 'because' }, labels: { team: 'a' } }),
      );
      const outcome = plan(world, asked);
      if (outcome.kind !== 'edit') return;
      edits += 1;
      check(world, outcome, asked);
    }),
    { numRuns: 300 },
  );
  // Refusals must not be what most of the drawn routes come to.
  expect(edits).toBeGreaterThan(150);
}

const SHOWN = { title: '', namespace: 'default', risk: 'low' as const, traffic: [], findings: [] };

describe('any shift of any VirtualService', () => {
  it('changes the weights of one route, and nothing else', () => {
    each((_, { writes }) => {
      const [write, ...others] = writes.filter(({ ref }) => ref.kind === 'VirtualService');
      expect(others).toEqual([]);
      const before = routesOf(write!.before);
      const after = routesOf(write!.after);
      expect({ ...write!.after, spec: { ...write!.after!.spec, http: null } }).toEqual({
        ...write!.before,
        spec: { ...write!.before!.spec, http: null },
      });
      expect(after.slice(0, -1)).toEqual(before.slice(0, -1));
      expect({ ...after.at(-1), route: null }).toEqual({ ...before.at(-1), route: null });
      // Each destination that named a version, or another service, is there as it was but for its weight.
      for (const entry of entriesOf(before.at(-1)!)) {
        const { host, subset } = entry.destination as JsonObject;
        if (subset === undefined && String(host).startsWith('reviews')) continue;
        const kept = entriesOf(after.at(-1)!).find(
          other =>
            (other.destination as JsonObject).host === host && (other.destination as JsonObject).subset === subset,
        );
        expect({ ...kept, weight: null }).toEqual({ ...entry, weight: null });
      }
    });
  });

  it('leaves whole weights that sum to 100, of which the version has what was asked', () => {
    each((_, { writes }, { version, percent }) => {
      const entries = entriesOf(routesOf(writes.at(-1)!.after).at(-1)!);
      const weights = entries.map(({ weight }) => (weight ?? (entries.length === 1 ? 100 : 0)) as number);
      expect(weights.every(weight => Number.isInteger(weight) && weight >= 0)).toBe(true);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(100);
      const own = entries.findIndex(({ destination }) => (destination as JsonObject).subset === version);
      expect(weights[own] ?? 0).toBe(percent);
      expect(new Set(entries.map(({ destination }) => JSON.stringify(destination))).size).toBe(entries.length);
    });
  });

  it('keeps the proportions of the others within one percent', () => {
    each((_, { writes }, { version, percent }) => {
      const before = entriesOf(routesOf(writes.at(-1)!.before).at(-1)!);
      const after = entriesOf(routesOf(writes.at(-1)!.after).at(-1)!);
      if (
        before.some(
          ({ destination }) =>
            (destination as JsonObject).subset === undefined &&
            String((destination as JsonObject).host).startsWith('reviews'),
        )
      )
        return;
      const isOther = ({ destination }: JsonObject) => (destination as JsonObject).subset !== version;
      const others = before.filter(isOther);
      const sum = others.reduce((all, { weight }) => all + ((weight as number) ?? 0), 0);
      if (sum === 0) return;
      for (const entry of others) {
        const now = after.find(other => JSON.stringify(other.destination) === JSON.stringify(entry.destination));
        const exact = ((100 - percent) * ((entry.weight as number) ?? 0)) / sum;
        expect(Math.abs(((now!.weight as number) ?? 0) - exact)).toBeLessThan(others.length === 1 ? 0.001 : 1);
      }
    });
  });

  it('is planned the same each time, with the same digest, and is nothing once it is done', () => {
    each((world, outcome, asked) => {
      const again = plan(world, asked);
      expect(again).toEqual(outcome);
      if (again.kind !== 'edit') throw new Error('the same question had another answer');
      const digests = [outcome, again].map(({ writes }) => digestOf({ ...SHOWN, writes }));
      expect(digests[0]).toBe(digests[1]);
      expect(plan(applied(world, outcome.writes, 'shift-1'), asked).kind).toBe('nothing');
    });
  });

  it('brings in no new error', () => {
    each((world, { writes }) => {
      const findings = newFindings(world, new Overlay(world, writes), writes);
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    });
  });

  it('is taken back to exactly what was', () => {
    each((world, { writes }) => {
      const done = applied(world, writes, 'shift-1');
      const undone = planUndo(done, writes, MARKER);
      if (undone.kind !== 'edit') throw new Error(undone.kind);
      const back = applied(done, undone.writes, 'undo-1');
      for (const { ref, before } of writes) {
        expect(withoutMarks(back.get(ref.kind, ref.namespace, ref.name))).toEqual(withoutMarks(before));
      }
      expect(planUndo(back, writes, MARKER).kind).toBe('nothing');
    });
  });
});
