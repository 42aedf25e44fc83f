/** Makes a disagreement small: takes away what it does not need, many tries at once, until nothing more can go. */
import type { Json, JsonObject } from '../../src/object.ts';
import { type Case, moved, type Probe, slotName } from './case.ts';
import { SLOT_KINDS } from './surroundings.ts';

/** Of the cases, each in a slot of its own, which still disagree. */
export type Trial = (cases: Case[]) => Promise<boolean[]>;

/** Slots are alike in steps of SLOT_KINDS: as many tries fit at once as there are like ones among `slots`. */
export async function shrunk(start: Case, probe: Probe, slots: number, trial: Trial): Promise<Case> {
  const home = start.slot;
  const alike = Array.from({ length: slots }, (_, index) => index)
    .filter(index => index % SLOT_KINDS === Number(home.slice(1)) % SLOT_KINDS)
    .map(slotName);
  let best: Case = { ...start, probes: [probe] };
  for (let size = Math.max(1, best.made.length - 1); ; ) {
    const smaller = cuts(best, size);
    let found: Case | undefined;
    for (let at = 0; at < smaller.length && !found; at += alike.length) {
      const lot = smaller.slice(at, at + alike.length);
      const still = await trial(lot.map((each, index) => moved(each, alike[index]!)));
      found = lot[still.indexOf(true)];
    }
    if (found) best = found;
    else if (size === 0) return best;
    else size = size > 1 ? Math.floor(size / 2) : 0;
  }
}

/** `size` objects less, in every place; with 0 one field or element less, the larger parts first. */
function cuts(found: Case, size: number): Case[] {
  if (size > 0) {
    if (found.made.length <= size) return [];
    return Array.from({ length: Math.ceil(found.made.length / size) }, (_, part) => ({
      ...found,
      made: found.made.filter((_, index) => index < part * size || index >= (part + 1) * size),
    }));
  }
  return found.made.flatMap(({ object }, index) =>
    lessOf(object.spec as JsonObject, 0).map(spec => ({
      ...found,
      made: found.made.map((each, at) =>
        at === index ? { ...each, object: { ...object, spec: spec as JsonObject } } : each,
      ),
    })),
  );
}

const DEPTH = 7;

function lessOf(value: Json, depth: number): Json[] {
  if (depth > DEPTH || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) {
    const without = value.length > 1 ? value.map((_, index) => value.filter((_, at) => at !== index)) : [];
    return [
      ...without,
      ...value.flatMap((each, index) =>
        lessOf(each, depth + 1).map(less => value.map((old, at) => (at === index ? less : old))),
      ),
    ];
  }
  const entries = Object.entries(value);
  return [
    ...entries.map((_, index) => Object.fromEntries(entries.filter((_, at) => at !== index))),
    ...entries.flatMap(([name, inner]) => lessOf(inner, depth + 1).map(less => ({ ...value, [name]: less }))),
  ];
}
