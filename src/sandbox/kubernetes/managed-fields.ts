/**
 * Who set which field: metadata.managedFields, kept for updates and for server-side apply.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
import type { Json, JsonObject, KubeObject, ObjectMeta } from '../../object.ts';
import type { Schema } from './schema.ts';
import { fieldSchema, isObject } from './schema.ts';

/** A path as in FieldsV1: `f:spec`, `k:{"name":"http"}`, `v:"x"`. */
export type FieldPath = string[];

/** Key of a path → the value there, as JSON text. */
export type Fields = Map<string, string>;

export interface Manager {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  subresource?: string;
  time: string;
  fields: Set<string>;
}

const SEPARATOR = '\u0001';
const UNTRACKED = new Set([
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'generation',
  'managedFields',
  'resourceVersion',
  'generateName',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]);

/** One part of an object, with what is said of it and where it is. */
export interface Part {
  value: Json;
  schema: Schema | undefined;
  path: string;
}

/** The fields that an object sets: scalars, atomic lists, and items of lists that have keys. */
export function fieldsOf(object: KubeObject, schema: Schema | undefined): Fields {
  const fields: Fields = new Map();
  for (const { value, schema: inner, path } of trackedParts(object, schema)) walk(value, inner, path, fields);
  return fields;
}

/** What of an object has owners: everything but what names it and what the server alone writes. */
export function trackedParts(object: KubeObject, schema: Schema | undefined): Part[] {
  const parts: Part[] = [];
  for (const [field, value] of Object.entries(object)) {
    if (field === 'apiVersion' || field === 'kind' || value === undefined) continue;
    const inner = fieldSchema(schema, field);
    if (field !== 'metadata') parts.push({ value: value as Json, schema: inner, path: `f:${field}` });
    else {
      for (const [name, part] of Object.entries(value as JsonObject)) {
        if (UNTRACKED.has(name)) continue;
        parts.push({ value: part, schema: fieldSchema(inner, name), path: `f:metadata${SEPARATOR}f:${name}` });
      }
    }
  }
  return parts;
}

/** Whether each field of the value has owners of its own. */
export function isGranular(value: Json | undefined, schema: Schema | undefined): value is JsonObject {
  return isObject(value) && Object.keys(value).length > 0 && schema?.['x-kubernetes-map-type'] !== 'atomic';
}

/** Whether the value is owned as a whole. */
export function isLeaf(value: Json, schema: Schema | undefined): boolean {
  const type = schema?.['x-kubernetes-list-type'];
  return !isGranular(value, schema) && !(Array.isArray(value) && (type === 'map' || type === 'set'));
}

export function fieldPath(path: string, field: string): string {
  return `${path}${SEPARATOR}f:${field}`;
}

/** Adds the fields that a value at `path` sets. */
export function walk(value: Json, schema: Schema | undefined, path: string, fields: Fields): void {
  if (isGranular(value, schema)) {
    for (const [field, inner] of Object.entries(value)) {
      walk(inner, fieldSchema(schema, field), fieldPath(path, field), fields);
    }
    return;
  }
  const type = schema?.['x-kubernetes-list-type'];
  if (Array.isArray(value) && type === 'map') {
    for (const item of value) {
      const step = `${path}${SEPARATOR}${itemStep(item, schema!)}`;
      fields.set(step, '');
      if (!isObject(item)) continue;
      for (const [field, inner] of Object.entries(item)) {
        walk(inner, fieldSchema(schema!.items, field), fieldPath(step, field), fields);
      }
    }
  } else if (Array.isArray(value) && type === 'set') {
    for (const item of value) fields.set(`${path}${SEPARATOR}v:${JSON.stringify(item)}`, '');
  } else fields.set(path, canonical(value));
}

/** JSON text that does not depend on the order of fields. */
function canonical(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return JSON.stringify(value, (_, inner: Json) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}

/** How an item of a keyed list is named in a path. */
export function itemStep(item: Json, schema: Schema): string {
  const keys = [...(schema['x-kubernetes-list-map-keys'] ?? [])].sort();
  const picked: JsonObject = {};
  if (isObject(item)) for (const key of keys) if (item[key] !== undefined) picked[key] = item[key];
  return `k:${JSON.stringify(picked)}`;
}

export function pathOf(key: string): FieldPath {
  return key.split(SEPARATOR);
}

/** `.spec.ports[port=80].name`, as conflicts name a field. */
export function dotted(key: string): string {
  return pathOf(key)
    .map(step => {
      if (step.startsWith('f:')) return `.${step.slice(2)}`;
      if (step.startsWith('v:')) return `[=${step.slice(2)}]`;
      const keys = Object.entries(JSON.parse(step.slice(2)) as JsonObject);
      return `[${keys.map(([field, value]) => `${field}=${JSON.stringify(value)}`).join(',')}]`;
    })
    .join('');
}

/** One entry of metadata.managedFields. */
export type ManagedFields = NonNullable<ObjectMeta['managedFields']>[number] & {
  apiVersion?: string;
  fieldsType?: 'FieldsV1';
};

export function readManagers(object: KubeObject | undefined): Manager[] {
  return (object?.metadata.managedFields ?? []).map(readManager);
}

export function readManager(entry: ManagedFields): Manager {
  const fields = new Set<string>();
  collect(entry.fieldsV1 ?? {}, '', fields);
  return {
    manager: entry.manager ?? '',
    operation: entry.operation === 'Apply' ? 'Apply' : 'Update',
    apiVersion: entry.apiVersion ?? '',
    time: entry.time ?? '',
    ...(entry.subresource ? { subresource: entry.subresource } : {}),
    fields,
  };
}

function collect(tree: JsonObject, path: string, fields: Set<string>): void {
  for (const [step, inner] of Object.entries(tree)) {
    if (step === '.') fields.add(path);
    else {
      const here = path ? `${path}${SEPARATOR}${step}` : step;
      if (!isObject(inner) || Object.keys(inner).length === 0) fields.add(here);
      else collect(inner, here, fields);
    }
  }
}

export function writeManagers(object: KubeObject, managers: Manager[]): void {
  const kept = managers.filter(manager => manager.fields.size > 0);
  if (kept.length === 0) delete object.metadata.managedFields;
  else object.metadata.managedFields = kept.map(writeManager);
}

export function writeManager({ fields, manager, operation, apiVersion, subresource, time }: Manager): ManagedFields {
  return {
    manager,
    operation,
    apiVersion,
    time,
    fieldsType: 'FieldsV1',
    fieldsV1: tree(fields),
    ...(subresource ? { subresource } : {}),
  };
}

function tree(fields: Set<string>): JsonObject {
  const root: JsonObject = {};
  for (const key of [...fields].sort()) {
    let node = root;
    for (const step of pathOf(key)) {
      node[step] ??= {};
      node = node[step] as JsonObject;
    }
    if (/^k:/.test(pathOf(key).at(-1)!)) node['.'] = {};
  }
  return root;
}

export interface Writer {
  manager: string;
  apiVersion: string;
  subresource?: string;
  time: string;
}

export function sameWriter(entry: ManagedFields, writer: Writer): boolean {
  return (
    entry.manager === writer.manager &&
    entry.subresource === writer.subresource &&
    (entry.operation === 'Apply' || entry.apiVersion === writer.apiVersion)
  );
}
