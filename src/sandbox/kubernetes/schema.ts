/** Structural schemas, as in a CRD's openAPIV3Schema: what they are, which fields they do not know, and their defaults. */
import type { Json, JsonObject } from '../../object.ts';

export interface Schema {
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  description?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  required?: string[];
  enum?: Json[];
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  not?: Schema;
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  maxProperties?: number;
  nullable?: boolean;
  default?: Json;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-embedded-resource'?: boolean;
  'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-map-type'?: 'atomic' | 'granular';
}

/** Format of a time that must have exactly six digits of fraction, as a Lease's. */
export const MICRO_TIME = 'micro-time';

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; none of what is no list. */
export function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** `spec.http[0]` + `route` → `spec.http[0].route`. */
export function child(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}

const EMBEDDED = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * `value` without the fields that the schema does not name, whose paths are added to `unknown`, and without nulls where
 * none may be. Nothing is changed in place, and what is without such fields is given back as it is.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-pruning
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#defaulting-and-nullable
 */
export function prune(value: Json, schema: Schema, unknown: string[], path = '', inherited = false): Json {
  const preserve = schema['x-kubernetes-preserve-unknown-fields'] === true || inherited;
  if (Array.isArray(value)) {
    const { items } = schema;
    if (!items) return value;
    const pruned = value.map((item, index) => prune(item, items, unknown, `${path}[${index}]`));
    return pruned.every((item, index) => item === value[index]) ? value : pruned;
  }
  if (!isObject(value)) return value;
  const more = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  let out: JsonObject | undefined;
  for (const [field, inner] of Object.entries(value)) {
    const known = own(schema.properties, field) ?? more;
    let kept: Json | undefined;
    if (known && inner === null && isDropped(known)) kept = undefined;
    else if (known) kept = prune(inner, known, unknown, child(path, field));
    else if (preserve || schema.additionalProperties === true || !isStructured(schema)) kept = inner;
    else if (schema['x-kubernetes-embedded-resource'] && EMBEDDED.has(field)) kept = inner;
    else unknown.push(child(path, field));
    if (kept === inner) continue;
    out ??= { ...value };
    if (kept === undefined) delete out[field];
    else put(out, field, kept);
  }
  return out ?? value;
}

/** What is null and may not be gives way to the default, or is as good as absent. In lists it stays, and is a fault. */
function isDropped(schema: Schema): boolean {
  return schema.nullable !== true && schema.default === undefined;
}

/** `value` with absent fields at their defaults; null where null is not allowed gives way to the default. */
export function withDefaults(value: Json, schema: Schema): Json {
  if (!hasDefaults(schema)) return value;
  const { items, properties = {}, additionalProperties } = schema;
  if (Array.isArray(value)) return items ? value.map(item => withDefaults(item, items)) : value;
  if (!isObject(value)) return value;
  const filled: JsonObject = { ...value };
  for (const [field, inner] of Object.entries(properties)) {
    if (inner.default === undefined) continue;
    if (filled[field] === undefined || (filled[field] === null && !inner.nullable)) {
      filled[field] = structuredClone(inner.default);
    }
  }
  const more = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  for (const [field, inner] of Object.entries(filled)) {
    const known = own(properties, field) ?? more;
    if (known) put(filled, field, withDefaults(inner, known));
  }
  return filled;
}

/** Schemas are never changed once they are served, so one look at each is enough. */
const defaulted = new WeakMap<Schema, boolean>();

/** Whether there is a default anywhere below. */
function hasDefaults(schema: Schema): boolean {
  const known = defaulted.get(schema);
  if (known !== undefined) return known;
  const { properties = {}, additionalProperties: more, items } = schema;
  const inner = [...Object.values(properties), ...(typeof more === 'object' ? [more] : []), ...(items ? [items] : [])];
  const found = inner.some(each => each.default !== undefined || hasDefaults(each));
  defaulted.set(schema, found);
  return found;
}

/** The schema at a field of an object, if the schema says anything about it. */
export function fieldSchema(schema: Schema | undefined, field: string): Schema | undefined {
  if (!schema) return undefined;
  const more = schema.additionalProperties;
  return own(schema.properties, field) ?? (typeof more === 'object' ? more : undefined);
}

/** An object schema that names no field at all says nothing about its fields. */
function isStructured(schema: Schema): boolean {
  return schema.type === 'object' || schema.properties !== undefined;
}

function own<T>(record: Record<string, T> | undefined, field: string): T | undefined {
  return record && Object.hasOwn(record, field) ? record[field] : undefined;
}

/** `__proto__` from the network must stay a plain field. */
function put(target: JsonObject, field: string, value: Json): void {
  if (field === '__proto__') Object.defineProperty(target, field, { value, enumerable: true, configurable: true });
  else target[field] = value;
}
