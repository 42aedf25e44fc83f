/** Writes that change one thing of an object and keep all the rest as it was read. */
import type { Json, JsonObject, KubeObject } from '../../object.ts';
import { refOf } from '../../object.ts';
import type { Write } from '../../ports.ts';
import type { World } from '../world.ts';

/** Where new objects come from: manifests by name, filled with values. Throws for a name that is not known. */
export interface Manifests {
  fill(name: string, parameters: Record<string, Json>): KubeObject;
}

export function changed(before: KubeObject, spec: JsonObject): Write {
  return { ref: refOf(before), before, after: { ...structuredClone(before), spec: structuredClone(spec) } };
}

export function created(after: KubeObject): Write {
  return { ref: refOf(after), after };
}

/** `wanted`, or with `-2`, `-3` … where another object of that kind has the name. */
export function freeName(world: World, kind: string, namespace: string, wanted: string): string {
  let name = wanted;
  for (let count = 2; world.get(kind, namespace, name); count += 1) name = `${wanted}-${count}`;
  return name;
}
