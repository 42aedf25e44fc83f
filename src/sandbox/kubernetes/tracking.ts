/** Who owns which field after an update: what it changed is the writer's; the rest stays with whom it was. */
import type { Json, KubeObject } from '../../object.ts';
import type { Fields, ManagedFields, Manager, Part, Writer } from './managed-fields.ts';
import {
  fieldPath,
  fieldsOf,
  isGranular,
  isLeaf,
  pathOf,
  readManager,
  sameWriter,
  trackedParts,
  walk,
  writeManager,
} from './managed-fields.ts';
import { same } from './same.ts';
import type { Schema } from './schema.ts';
import { fieldSchema, isObject } from './schema.ts';

/** Keys of paths. */
interface Difference {
  /** New, or of another value than before. */
  changed: string[];
  gone: string[];
}

/** Writes managedFields into `after`. Entries that nothing happened to are taken over from `before` as they are. */
export function trackUpdate(
  before: KubeObject | undefined,
  after: KubeObject,
  schema: Schema | undefined,
  writer: Writer,
): void {
  const found = difference(before, after, schema);
  const known: ManagedFields[] = before?.metadata.managedFields ?? [];
  const own = known.find(entry => entry.operation === 'Update' && sameWriter(entry, writer));
  const lost = [...found.changed, ...found.gone];
  const entries = known
    .map(entry => (entry === own ? ownAfter(entry, found, writer) : without(entry, lost)))
    .filter(entry => entry !== undefined);
  if (!own && found.changed.length > 0) {
    entries.push(writeManager({ ...writer, operation: 'Update', fields: new Set(found.changed) }));
  }
  if (entries.length === 0) delete after.metadata.managedFields;
  else after.metadata.managedFields = entries;
}

/** The time of an entry is that at which it last got another field. */
function ownAfter(entry: ManagedFields, { changed, gone }: Difference, writer: Writer): ManagedFields | undefined {
  const added = changed.filter(key => !holds(entry, key));
  if (added.length === 0) return without(entry, gone);
  const manager = readManager(entry);
  for (const key of gone) manager.fields.delete(key);
  for (const key of added) manager.fields.add(key);
  return writeManager({ ...manager, time: writer.time });
}

/** undefined: it owns nothing any more. */
function without(entry: ManagedFields, keys: string[]): ManagedFields | undefined {
  const lost = keys.filter(key => holds(entry, key));
  if (lost.length === 0) return entry;
  const manager: Manager = readManager(entry);
  for (const key of lost) manager.fields.delete(key);
  return manager.fields.size > 0 ? writeManager(manager) : undefined;
}

function holds({ fieldsV1 }: ManagedFields, key: string): boolean {
  let node = fieldsV1 ?? {};
  for (const step of pathOf(key)) {
    const inner = node[step];
    if (!isObject(inner)) return false;
    node = inner;
  }
  return '.' in node || Object.keys(node).length === 0;
}

function difference(before: KubeObject | undefined, after: KubeObject, schema: Schema | undefined): Difference {
  if (!before) return { changed: [...fieldsOf(after, schema).keys()], gone: [] };
  const found: Difference = { changed: [], gone: [] };
  const were = new Map(trackedParts(before, schema).map(part => [part.path, part]));
  for (const part of trackedParts(after, schema)) {
    compare(were.get(part.path)?.value, part, found);
    were.delete(part.path);
  }
  for (const { value, schema: inner, path } of were.values()) found.gone.push(...leaves(value, inner, path).keys());
  return found;
}

/** What is the same is passed over, so that an update costs what it changes. */
function compare(was: Json | undefined, { value, schema, path }: Part, found: Difference): void {
  if (was === value) return;
  if (was === undefined) {
    found.changed.push(...leaves(value, schema, path).keys());
  } else if (isGranular(was, schema) && isGranular(value, schema)) {
    for (const [field, inner] of Object.entries(value)) {
      const part = { value: inner, schema: fieldSchema(schema, field), path: fieldPath(path, field) };
      compare(Object.hasOwn(was, field) ? was[field] : undefined, part, found);
    }
    for (const [field, inner] of Object.entries(was)) {
      if (Object.hasOwn(value, field)) continue;
      found.gone.push(...leaves(inner, fieldSchema(schema, field), fieldPath(path, field)).keys());
    }
  } else if (isLeaf(was, schema) && isLeaf(value, schema)) {
    if (!same(was, value)) found.changed.push(path);
  } else {
    const [old, now] = [leaves(was, schema, path), leaves(value, schema, path)];
    for (const [key, text] of now) if (old.get(key) !== text) found.changed.push(key);
    for (const key of old.keys()) if (!now.has(key)) found.gone.push(key);
  }
}

function leaves(value: Json, schema: Schema | undefined, path: string): Fields {
  const fields: Fields = new Map();
  walk(value, schema, path, fields);
  return fields;
}
