/** What was once predicted wrongly, as small as it could be made: a configuration, requests, and what became of them. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump, load } from 'js-yaml';
import { World } from '../../src/istio/world.ts';
import type { JsonObject, KubeObject } from '../../src/object.ts';
import type { Case, Made, Probe } from './case.ts';
import type { Arrival, Outcome } from './outcome.ts';
import { type Setting, settingObjects, USUAL } from './setting.ts';
import { pods, services } from './surroundings.ts';

export interface Fixture {
  /** The rule, in a sentence. */
  why: string;
  slot: string;
  imports: string[];
  /** What of it matters; the rest is as usual. */
  mode?: Setting['mode'];
  mtls?: Setting['mtls'];
  narrow?: boolean;
  objects: (Pick<KubeObject, 'apiVersion' | 'kind'> & {
    metadata: { name: string; namespace: string };
    /** Created a second later than the others. */
    young?: boolean;
    spec: JsonObject;
  })[];
  /** `mirrors`: what arrived beside the request itself; absent: nothing. */
  asked: { probe: Probe; seen: Outcome[]; mirrors?: Arrival[] }[];
}

const FOLDER = new URL('./fixtures/', import.meta.url).pathname;

export function fixtures(): { name: string; fixture: Fixture }[] {
  return readdirSync(FOLDER)
    .filter(name => name.endsWith('.yaml'))
    .sort()
    .map(name => ({ name, fixture: load(readFileSync(join(FOLDER, name), 'utf8')) as Fixture }));
}

export function keep(folder: string, name: string, fixture: Fixture): void {
  writeFileSync(join(folder, name), dump(fixture, { noRefs: true, lineWidth: 120 }));
}

export function caseOf({ slot, imports, objects, asked }: Fixture): Case {
  const made = objects.map(({ young, ...object }): Made => ({ object: object as KubeObject, young: young ?? false }));
  return { slot, made, imports, probes: asked.map(each => each.probe) };
}

export function settingOf({ mode = USUAL.mode, mtls = USUAL.mtls, narrow = USUAL.narrow }: Fixture): Setting {
  return { mode, mtls, narrow };
}

export function fixtureOf(why: string, found: Case, asked: Fixture['asked'], setting: Setting): Fixture {
  const objects = found.made.map(({ object: { apiVersion, kind, metadata, spec }, young }) => ({
    apiVersion,
    kind,
    metadata: { name: metadata.name, namespace: metadata.namespace ?? '' },
    ...(young ? { young } : {}),
    spec: spec ?? {},
  }));
  const { mode, mtls } = setting;
  const narrow = setting.narrow && asked.some(({ probe }) => probe.client === 'plain-c');
  const scoped = narrow || asked.some(({ probe }) => probe.client === 'scoped-a');
  const guarded = objects.some(each => each.kind === 'AuthorizationPolicy') || mtls !== USUAL.mtls;
  return {
    why,
    slot: found.slot,
    imports: scoped ? found.imports : [],
    ...(scoped ? { mode } : {}),
    ...(narrow ? { narrow } : {}),
    ...(guarded ? { mtls } : {}),
    objects,
    asked,
  };
}

/** The mesh as it would be with this fixture alone in it. */
export function worldOf(fixture: Fixture): World {
  return worldWith([caseOf(fixture)], settingOf(fixture));
}

/** With just these cases in it, and every pod Ready that ever is. */
export function worldWith(cases: Case[], setting: Setting): World {
  const created = cases
    .flatMap(each => each.made)
    .map(({ object, young }) => ({
      ...object,
      metadata: { ...object.metadata, creationTimestamp: `2026-01-01T00:00:0${young ? 2 : 1}Z` },
    }));
  const standing = pods({ node: 'node' }, {})
    .filter(each => each.kind === 'Pod')
    .map(pod => ({ ...pod, status: { conditions: [{ type: 'Ready', status: neverReady(pod) ? 'False' : 'True' }] } }));
  const slots = Math.max(...cases.map(each => Number(each.slot.slice(1)))) + 1;
  return new World([...standing, ...services(slots), ...settingObjects(cases, setting), ...created]);
}

const neverReady = (pod: KubeObject) => pod.metadata.labels?.version === 'v4';
