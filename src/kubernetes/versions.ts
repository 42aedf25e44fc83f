/** Which of two states of an object is the newer, by resourceVersion. */
import type { KubeObject } from '../object.ts';

/**
 * True where `a` is surely older than `b`. Resource versions are decimal numbers that can be compared
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions); servers on which they are not say
 * nothing, and then what came last is taken.
 */
export function olderThan(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined || !/^\d+$/.test(a) || !/^\d+$/.test(b)) return false;
  return a.length === b.length ? a < b : a.length < b.length;
}

export function versionOf(object: KubeObject): string | undefined {
  return object.metadata.resourceVersion;
}
