/** Writes that change one thing of an object and keep all the rest as it was read. */
import type { JsonObject, KubeObject } from '../../object.ts';
import { refOf } from '../../object.ts';
import type { Write } from '../../ports.ts';
import type { World } from '../world.ts';

export function changed(before: KubeObject, spec: JsonObject): Write {
  return { ref: refOf(before), before, after: { ...structuredClone(before), spec: structuredClone(spec) } };
}

export function created(after: KubeObject): Write {
  return { ref: refOf(after), after };
}

export function deleted(before: KubeObject): Write {
  return { ref: refOf(before), before };
}

/** `wanted`, or with `-2`, `-3` … where another object of that kind has the name. */
export function freeName(world: World, kind: string, namespace: string, wanted: string): string {
  let name = wanted;
  for (let count = 2; world.get(kind, namespace, name); count += 1) name = `${wanted}-${count}`;
  return name;
}
