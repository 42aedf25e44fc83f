/** Makes a disagreement small: takes away what it does not need, many tries at once, as long as there is time. */
import type { Json, JsonObject } from '../../src/object.ts';
import { type Case, moved, type Probe, slotName } from './case.ts';
import { SLOT_KINDS } from './surroundings.ts';

/** Of the cases, each in a slot of its own, which still disagree. */
export type Trial = (cases: Case[]) => Promise<boolean[]>;

export interface ShrinkOptions {
  /** How many there are. They are alike in steps of SLOT_KINDS: so many tries fit at once as there are like ones. */
  slots: number;
  /** No trial begins after that. */
  isOver(): boolean;
}

/** Where something is taken away: an object's index, then names and indices inside its spec. */
type Cut = (string | number)[];

/** How deep cuts go, in rounds: objects, then what lies in their specs. */
const DEPTH = 8;

/** What was found on the way: the whole case with the one request first, then smaller and smaller ones. */
export async function shrunk(start: Case, probe: Probe, options: ShrinkOptions, trial: Trial): Promise<Case[]> {
  const kind = Number(start.slot.slice(1)) % SLOT_KINDS;
  const alike = Array.from({ length: options.slots }, (_, index) => index)
    .filter(index => index % SLOT_KINDS === kind)
    .map(slotName);
  /** Those that still disagree, in their order. */
  const tried = async (cases: Case[]): Promise<Case[]> => {
    const good: Case[] = [];
    for (let at = 0; at < cases.length && !options.isOver(); at += alike.length) {
      const lot = cases.slice(at, at + alike.length);
      const still = await trial(lot.map((each, index) => moved(each, alike[index]!)));
      good.push(...lot.filter((_, index) => still[index]));
    }
    return good;
  };
  let best: Case = { ...start, probes: [probe] };
  const found = [best];
  for (let depth = 0; depth <= DEPTH && !options.isOver(); ) {
    const cuts = cutsAt(best, depth);
    const singly = new Map(cuts.map(cut => [without(best, [cut]), cut]));
    const good = (await tried([...singly.keys()])).map(each => singly.get(each)!);
    if (good.length === 0) {
      depth += 1;
      continue;
    }
    // What can go by itself often can go together; else at least the first can.
    const together = good.map((_, index) => without(best, good.slice(0, index + 1)));
    const fits = together.slice(1).filter((_, index, all) => index >= all.length - alike.length);
    best = (await tried(fits)).at(-1) ?? together[0]!;
    found.push(best);
  }
  return found;
}

/**
 * What strict asking finds of the smallest of them that it finds anything of; undefined where that is none, or the time
 * is over: quick tries may have taken for a disagreement what proxies had not heard of yet.
 */
export async function smallestThat<T>(
  steps: Case[],
  asked: (step: Case) => Promise<T | undefined>,
  isOver: () => boolean,
): Promise<T | undefined> {
  for (const step of steps.toReversed()) {
    if (isOver()) return undefined;
    const found = await asked(step);
    if (found !== undefined) return found;
  }
  return undefined;
}

function cutsAt(found: Case, depth: number): Cut[] {
  if (depth === 0) return found.made.length > 1 ? found.made.map((_, index) => [index]) : [];
  return found.made.flatMap(({ object }, index) => inside(object.spec as Json, depth).map(path => [index, ...path]));
}

/** Members and elements that lie so deep; the last element of a list stays. */
function inside(value: Json, depth: number): Cut[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries: [string | number, Json][] = Array.isArray(value)
    ? value.map((each, index) => [index, each])
    : (Object.entries(value) as [string, Json][]);
  if (depth === 1) return Array.isArray(value) && value.length < 2 ? [] : entries.map(([name]) => [name]);
  return entries.flatMap(([name, inner]) => inside(inner, depth - 1).map(path => [name, ...path]));
}

/** Cuts of one depth: the later first, so that indices hold. */
function without(found: Case, cuts: Cut[]): Case {
  const made = structuredClone(found.made);
  const specs: Json = made.map(({ object }) => (object.spec ?? {}) as JsonObject);
  const whole = new Set<number>();
  for (const cut of [...cuts].reverse()) {
    const [index, ...path] = cut;
    if (path.length === 0) whole.add(Number(index));
    else takeOut(specs, cut);
  }
  return { ...found, made: made.filter((_, index) => !whole.has(index)) };
}

function takeOut(from: Json, [name, ...rest]: Cut): void {
  const holder = from as Record<string | number, Json>;
  if (rest.length > 0) takeOut(holder[name!]!, rest);
  else if (Array.isArray(from)) from.splice(Number(name), 1);
  else delete holder[name!];
}
