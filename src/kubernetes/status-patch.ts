/** How one status becomes the next: a JSON patch (RFC 6902) of the fields that were touched, and of no others. */
import type { ChangeStatus, MeshChange } from '../change/meshchange.ts';

interface Operation {
  /** Replaces what is there. */
  op: 'add';
  path: string;
  value: unknown;
}

/**
 * To be taken only while the change still has `before`'s resourceVersion: with another one the API server refuses it as
 * a conflict. Unlike a merge patch it says exactly what will be there, nulls inside of a plan too.
 */
export function statusPatch(before: MeshChange, after: MeshChange): Operation[] {
  const version = add('/metadata/resourceVersion', before.metadata.resourceVersion);
  const [was, is] = [entriesOf(before.status), entriesOf(after.status)];
  // Taking a field away from a status that has none is no conflict to an API server but a fault: never asked for.
  const less = [...was.keys()].some(field => !is.has(field));
  if (!before.status || less) return [version, add('/status', after.status)];
  // What is the very same was not touched: statuses are never changed in place.
  const touched = [...is].filter(([field, value]) => value !== was.get(field));
  return [version, ...touched.map(([field, value]) => add(`/status/${escaped(field)}`, value))];
}

function entriesOf(status: ChangeStatus | undefined): Map<string, unknown> {
  return new Map(Object.entries(status ?? {}).filter(([, value]) => value !== undefined));
}

function escaped(field: string): string {
  return field.replaceAll('~', '~0').replaceAll('/', '~1');
}

function add(path: string, value: unknown): Operation {
  return { op: 'add', path, value };
}
