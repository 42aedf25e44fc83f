/** Runs the fixtures of one verb: a shape of a route, what is typed, and exactly what is written of it, or why not. */
import { readdirSync, readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { expect, it } from 'vitest';
import type { Command, PlanningContext } from '../../../src/command.ts';
import { parse } from '../../../src/grammar/parse.ts';
import { World } from '../../../src/istio/world.ts';
import { type JsonObject, type KubeObject, refKey, refOf } from '../../../src/object.ts';
import type { Planning } from '../../../src/plan.ts';
import type { Phrase } from '../../../src/view.ts';
import { templates } from '../../fixtures/load.ts';
import { pod, rule, service } from './mesh.ts';

/** The first document of each file; the second, where there is one, is the objects. See any of the files. */
interface Fixture {
  shape: string;
  command: string;
  /** What there is besides reviews with its pods: 'no-rule' leaves the DestinationRule out. */
  without?: string[];
  /** A text: what the fixture of that shape, before it in the file, has. */
  before?: KubeObject[] | string;
  /** Only what is written, in order: spec by kind/namespace/name. */
  after?: Record<string, unknown>;
  notes?: string[];
  warns?: string[];
  refused?: { code: string; says?: string };
  choose?: { argument: string; choices: string[] };
  nothing?: string;
}

function contextOf(fixture: Fixture, before: KubeObject[] = []): PlanningContext {
  const base = [
    service('reviews'),
    ...['v1', 'v2', 'v3'].map(version => pod('reviews', version)),
    rule('reviews', ['v1', 'v2', 'v3']),
  ];
  const kept = base.filter(object => !fixture.without?.includes(refKey(refOf(object))));
  const world = new World([...kept, ...before].map(whole));
  return { world, templates, namespace: 'default', probes: {}, changes: [] };
}

/** What the API server would have added. */
function whole(object: KubeObject): KubeObject {
  const metadata = { namespace: 'default', creationTimestamp: '2026-01-01T00:00:00Z', ...object.metadata };
  return { ...object, metadata: { uid: `${object.kind}-${metadata.name}`, resourceVersion: '7', ...metadata } };
}

/** `answers` are to questions, and stand for the arguments of that name. */
export function run(command: Command, line: string, context: PlanningContext, answers: JsonObject = {}): Planning {
  const vocabulary = { services: [], versions: () => [], changes: [], verbs: [command.verb], gateways: [] };
  const parsed = parse(line, [command], vocabulary);
  if (parsed.kind !== 'command' || command.kind !== 'change') throw new Error(`${line} does not parse`);
  return command.plan({ ...parsed.values, ...answers } as never, context);
}

function plain(phrase: Phrase): string {
  if (typeof phrase === 'string') return phrase;
  return phrase.map(span => (typeof span === 'string' ? span : Object.values(span)[0])).join('');
}

/** One test a fixture, of all files of `folder`. */
export function testShapes(command: Command, folder: URL): void {
  for (const file of readdirSync(folder).sort()) {
    const shapes = new Map<string, KubeObject[]>();
    for (const fixture of loadAll(readFileSync(new URL(file, folder), 'utf8')) as Fixture[]) {
      const before = typeof fixture.before === 'string' ? shapes.get(fixture.before) : fixture.before;
      if (fixture.before && !before) throw new Error(`${fixture.shape}: no shape ${fixture.before} before it`);
      if (before) shapes.set(fixture.shape, before);
      it(fixture.shape, () => {
        const planning = run(command, fixture.command, contextOf(fixture, before));
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
          expect(planning.plan.findings.map(({ code }) => code)).toEqual(fixture.warns ?? []);
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
            const answer = { [planning.argument]: value };
            const next = run(command, fixture.command, contextOf(fixture, before), answer);
            expect(next.kind).toBe('plan');
          }
        } else {
          expect(planning.kind).toBe('nothing');
          if (planning.kind === 'nothing') expect(plain(planning.why)).toContain(fixture.nothing);
        }
      });
    }
  }
}
