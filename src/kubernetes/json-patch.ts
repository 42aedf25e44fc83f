/** How one status becomes the next: a JSON patch (RFC 6902) of the fields that were touched, and of no others. */
import type { OwnRecord } from '../ports.ts';

export interface Operation {
  /** Replaces what is there. */
  op: 'add';
  path: string;
  value: unknown;
}

/**
 * To be taken only while the record still has `before`'s resourceVersion: with another one the API server refuses it as
 * a conflict. Unlike a merge patch it says exactly what will be there, nulls inside of a plan too.
 */
export function statusPatch(before: OwnRecord, after: OwnRecord): Operation[] {
  const version = addition('/metadata/resourceVersion', before.metadata.resourceVersion);
  const was: Record<string, unknown> = { ...before.status };
  const is: Record<string, unknown> = { ...after.status };
  // Taking a field away from a status that has none is no conflict to an API server but a fault: never asked for.
  const less = Object.keys(was).some(field => is[field] === undefined);
  if (!before.status || less) return [version, addition('/status', is)];
  // What is the very same was not touched: statuses are never changed in place.
  const touched = Object.entries(is).filter(([field, value]) => value !== was[field]);
  return [version, ...touched.map(([field, value]) => addition(`/status/${escaped(field)}`, value))];
}

export function addition(path: string, value: unknown): Operation {
  return { op: 'add', path, value };
}

function escaped(field: string): string {
  return field.replaceAll('~', '~0').replaceAll('/', '~1');
}
