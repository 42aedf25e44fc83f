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

/** `spec.http[0]` + `route` → `spec.http[0].route`. */
export function child(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}

const EMBEDDED = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * A copy of `value` without the fields that the schema does not name; their paths are added to `unknown`.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-pruning
 */
export function prune(value: Json, schema: Schema, unknown: string[], path = '', inherited = false): Json {
  const preserve = schema['x-kubernetes-preserve-unknown-fields'] === true || inherited;
  if (Array.isArray(value)) {
    const { items } = schema;
    if (!items) return value;
    return value.map((item, index) => prune(item, items, unknown, `${path}[${index}]`));
  }
  if (!isObject(value)) return value;
  const more = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  const out: JsonObject = {};
  for (const [field, inner] of Object.entries(value)) {
    const known = own(schema.properties, field) ?? more;
    if (known) put(out, field, prune(inner, known, unknown, child(path, field)));
    else if (preserve || schema.additionalProperties === true || !isStructured(schema)) put(out, field, inner);
    else if (schema['x-kubernetes-embedded-resource'] && EMBEDDED.has(field)) put(out, field, inner);
    else unknown.push(child(path, field));
  }
  return out;
}

/** Fills absent fields with their defaults, in place; null where null is not allowed gives way to the default. */
export function fillDefaults(value: Json, schema: Schema): void {
  if (!hasDefaults(schema)) return;
  if (Array.isArray(value)) {
    if (schema.items) for (const item of value) fillDefaults(item, schema.items);
    return;
  }
  if (!isObject(value)) return;
  for (const [field, inner] of Object.entries(schema.properties ?? {})) {
    if (inner.default === undefined) continue;
    if (value[field] === undefined || (value[field] === null && !inner.nullable)) {
      value[field] = structuredClone(inner.default);
    }
  }
  const more = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  for (const [field, inner] of Object.entries(value)) {
    const known = own(schema.properties, field) ?? more;
    if (known) fillDefaults(inner, known);
  }
}

/** Schemas are never changed once they are served, so one look at each is enough. */
const withDefaults = new WeakMap<Schema, boolean>();

/** Whether there is a default anywhere below. */
function hasDefaults(schema: Schema): boolean {
  const known = withDefaults.get(schema);
  if (known !== undefined) return known;
  const { properties = {}, additionalProperties: more, items } = schema;
  const inner = [...Object.values(properties), ...(typeof more === 'object' ? [more] : []), ...(items ? [items] : [])];
  const found = inner.some(each => each.default !== undefined || hasDefaults(each));
  withDefaults.set(schema, found);
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
