import { readdirSync, readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import shift from '../../../commands/shift.ts';
import type { Planning } from '../../../src/change/plan.ts';
import type { PlanningContext } from '../../../src/command.ts';
import { parse } from '../../../src/grammar/parse.ts';
import { World } from '../../../src/istio/world.ts';
import { type KubeObject, refKey, refOf } from '../../../src/object.ts';
import type { Phrase } from '../../../src/view.ts';
import { bookinfo, templates } from '../../fixtures/load.ts';
import { pod, reviews, rule, service, virtualService } from './mesh.ts';

/** The first document of each file; the second, where there is one, is the objects. See any of the files. */
interface Fixture {
  shape: string;
  command: string;
  /** What there is besides reviews with its pods: 'no-rule' leaves the DestinationRule out. */
  without?: string[];
  before?: KubeObject[];
  /** Only what is written, in order: spec by kind/namespace/name. */
  after?: Record<string, unknown>;
  notes?: string[];
  refused?: { code: string; says?: string };
  choose?: { argument: string; choices: string[] };
  nothing?: string;
}

const folder = new URL('./fixtures/', import.meta.url);

function contextOf(fixture: Fixture): PlanningContext {
  const base = [
    service('reviews'),
    ...['v1', 'v2', 'v3'].map(version => pod('reviews', version)),
    rule('reviews', ['v1', 'v2', 'v3']),
  ];
  const kept = base.filter(object => !fixture.without?.includes(refKey(refOf(object))));
  const world = new World([...kept, ...(fixture.before ?? [])].map(whole));
  return { world, templates, namespace: 'default', probes: {}, changes: [] };
}

/** What the API server would have added. */
function whole(object: KubeObject): KubeObject {
  const metadata = { namespace: 'default', creationTimestamp: '2026-01-01T00:00:00Z', ...object.metadata };
  return { ...object, metadata: { uid: `${object.kind}-${metadata.name}`, resourceVersion: '7', ...metadata } };
}

function run(line: string, context: PlanningContext): Planning {
  const vocabulary = { services: [], versions: () => [], changes: [], verbs: ['shift'], gateways: [] };
  const parsed = parse(line, [shift], vocabulary);
  if (parsed.kind !== 'command' || shift.kind !== 'change') throw new Error(`${line} does not parse`);
  return shift.plan(parsed.values as never, context);
}

function plain(phrase: Phrase): string {
  if (typeof phrase === 'string') return phrase;
  return phrase.map(span => (typeof span === 'string' ? span : Object.values(span)[0])).join('');
}

describe('shift edits every shape of a route and leaves the rest', () => {
  for (const file of readdirSync(folder).sort()) {
    for (const fixture of loadAll(readFileSync(new URL(file, folder), 'utf8')) as Fixture[]) {
      it(fixture.shape, () => {
        const planning = run(fixture.command, contextOf(fixture));
        if (fixture.after) {
          expect(planning).toMatchObject({ kind: 'plan' });
          if (planning.kind !== 'plan') return;
          const { writes, notes } = planning.plan;
          const written = Object.fromEntries(writes.map(write => [refKey(write.ref), write.after?.spec]));
          expect(Object.keys(written)).toEqual(Object.keys(fixture.after));
          expect(written).toEqual(fixture.after);
          for (const write of writes.filter(each => each.before)) {
            expect({ ...write.after, spec: null }).toEqual({ ...write.before, spec: null });
          }
          const said = notes.map(plain).join('\n');
          for (const note of fixture.notes ?? []) expect(said).toContain(note);
        } else if (fixture.refused) {
          expect(planning).toMatchObject({ kind: 'refused' });
          if (planning.kind !== 'refused') return;
          const finding = planning.findings.find(each => each.code === fixture.refused!.code);
          expect(planning.findings.map(each => each.code)).toContain(fixture.refused.code);
          expect(finding!.severity).toBe('error');
          expect(finding!.fix).toBeTruthy();
          expect(`${finding!.message} ${finding!.fix}`).toContain(fixture.refused.says ?? '');
        } else if (fixture.choose) {
          expect(planning).toMatchObject({ kind: 'choose', argument: fixture.choose.argument });
          if (planning.kind !== 'choose') return;
          expect(planning.choices.map(choice => choice.value)).toEqual(fixture.choose.choices);
          // Each answer, stored as that argument, leads on.
          for (const { value } of planning.choices) {
            const next = run(`${fixture.command} --${planning.argument} "${value}"`, contextOf(fixture));
            expect(next.kind).toBe('plan');
          }
        } else {
          expect(planning.kind).toBe('nothing');
          if (planning.kind === 'nothing') expect(plain(planning.why)).toContain(fixture.nothing);
        }
      });
    }
  }
});

describe('the plan of a shift', () => {
  const context: PlanningContext = { world: bookinfo(), templates, namespace: 'default', probes: {}, changes: [] };

  it('shows who moves and who stays, match by match', () => {
    const planning = run('shift reviews v3 50', context);
    if (planning.kind !== 'plan') throw new Error(planning.kind);
    expect(planning.plan).toMatchObject({
      title: 'Send 50 % of reviews to v3',
      namespace: 'default',
      services: ['reviews'],
      risk: 'medium',
      findings: [],
      traffic: [
        { match: 'end-user = jason', destination: 'reviews v2', before: 100, after: 100 },
        { match: 'all other requests', destination: 'reviews v1', before: 100, after: 50 },
        { match: 'all other requests', destination: 'reviews v3', before: 0, after: 50 },
      ],
      expectation: { host: 'reviews.default.svc.cluster.local', headers: {}, shares: { v1: 50, v3: 50 } },
    });
    expect(planning.plan.expectation.probe).toBeUndefined();
  });

  it('proves a matched route with the headers that fall under it, by the probe that is configured', () => {
    const probe = { from: { kind: 'gateway' as const }, url: 'http://bookinfo.example.com/productpage' };
    const probes = { 'reviews.default.svc.cluster.local': probe };
    const planning = run('shift reviews v3 100 --match "end-user = jason"', { ...context, probes });
    if (planning.kind !== 'plan') throw new Error(planning.kind);
    expect(planning.plan.expectation).toMatchObject({ headers: { 'end-user': 'jason' }, shares: { v3: 100 }, probe });
    expect(planning.plan.risk).toBe('high');
  });

  it('expects shares of the requests that reach the service, not of those that go elsewhere', () => {
    const split = virtualService('reviews', {
      hosts: ['reviews'],
      http: [
        {
          route: [
            { destination: { host: 'reviews', subset: 'v1' }, weight: 50 },
            { destination: { host: 'legacy.other.svc.cluster.local' }, weight: 50 },
          ],
        },
      ],
    });
    const planning = run('shift reviews v3 40', { ...context, world: reviews(split) });
    if (planning.kind !== 'plan') throw new Error(planning.kind);
    const { shares, spread } = planning.plan.expectation;
    // 40 to v3, 30 to v1, 30 elsewhere.
    expect(shares.v3).toBeCloseTo(400 / 7, 5);
    expect(shares.v1).toBeCloseTo(300 / 7, 5);
    expect(Object.keys(shares)).toHaveLength(2);
    expect(spread).toBeUndefined();
  });

  it('finds the probe of a service that a gateway leads to', () => {
    const planning = run('shift productpage v1 100', context);
    if (planning.kind !== 'plan') throw new Error(planning.kind);
    expect(planning.plan.expectation.probe).toEqual({
      from: { kind: 'gateway' },
      url: 'http://productpage/productpage',
    });
  });

  it('gives the same plan each time, and nothing to do once it is done', () => {
    const first = run('shift ratings v2 10', context);
    expect(run('shift ratings v2 10', context)).toEqual(first);
    if (first.kind !== 'plan') throw new Error(first.kind);
    const done = { ...context, world: context.world.with(first.plan.writes) };
    expect(run('shift ratings v2 10', done).kind).toBe('nothing');
  });
});
