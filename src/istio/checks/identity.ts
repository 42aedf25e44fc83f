/** Whether a finding after some writes is one that was there before: routes move when one is put before them. */
import type { KubeObject } from '../../object.ts';
import { refKey } from '../../object.ts';
import type { Finding } from '../../plan.ts';
import type { Write } from '../../ports.ts';
import { SECTIONS } from '../edit/place/inforce.ts';
import { objectsOf } from '../edit/read.ts';
import { textOf } from './check.ts';

/** `http[3]` as it is called after the write → as it was called before. */
type Names = Map<string, string>;

/** Gives findings after the writes the name that they would have had before. */
export function identities(writes: Write[]): { before(finding: Finding): string; after(finding: Finding): string } {
  const moved = new Map<string, Names>();
  for (const { ref, before, after } of writes) {
    if (ref.kind === 'VirtualService' && before && after) moved.set(refKey(ref), namesBefore(before, after));
  }
  const named = ({ code, path, message }: Finding, names: Names | undefined): string => {
    const told = JSON.stringify([code, path, message]);
    return names ? told.replace(/\b(?:http|tls|tcp)\[\d+\]/g, name => names.get(name) ?? name) : told;
  };
  return {
    before: finding => named(finding, undefined),
    after: finding => named(finding, moved.get(finding.path.split(' ')[0] ?? '')),
  };
}

function namesBefore(before: KubeObject, after: KubeObject): Names {
  const names: Names = new Map();
  for (const section of SECTIONS) {
    const [old, now] = [objectsOf(before.spec?.[section]), objectsOf(after.spec?.[section])];
    const pairs = aligned(old.map(textOf), now.map(textOf));
    for (const index of now.keys()) {
      const was = pairs.get(index);
      names.set(`${section}[${index}]`, was === undefined ? `${section}[new ${index}]` : `${section}[${was}]`);
    }
  }
  return names;
}

/**
 * Index after → index before: those that are equal are the same, in order; of the others, where there are as many on
 * both sides, they are the same ones, edited. What is left is new.
 */
function aligned(old: string[], now: string[]): Map<number, number> {
  const places = new Map<string, number[]>();
  for (const [index, route] of old.entries()) places.set(route, [...(places.get(route) ?? []), index]);
  const pairs = new Map<number, number>();
  const taken = new Set<number>();
  for (const [index, route] of now.entries()) {
    const was = places.get(route)?.shift();
    if (was === undefined) continue;
    pairs.set(index, was);
    taken.add(was);
  }
  const left = [...old.keys()].filter(index => !taken.has(index));
  const open = [...now.keys()].filter(index => !pairs.has(index));
  if (left.length === open.length) for (const [at, index] of open.entries()) pairs.set(index, left[at]!);
  return pairs;
}
