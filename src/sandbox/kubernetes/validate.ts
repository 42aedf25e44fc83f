/** Checks a value against a structural schema and names each fault as kube-apiserver does (causes of a 422). */
import type { Json, JsonObject } from '../../object.ts';
import type { Schema } from './schema.ts';
import { child, fieldSchema, isObject, MICRO_TIME } from './schema.ts';
import type { Cause } from './status-errors.ts';
import { shown } from './status-errors.ts';

/** Faults of an object's shape, after which its rules are not looked at. */
export const BLOCKING = new Set(
  ['NotSupported', 'Required', 'TooLong', 'TooMany', 'TypeInvalid'].map(why => `FieldValue${why}`),
);
/** Said beside them of a resource that has rules. */
export const UNCHECKED: Cause = {
  field: '<nil>',
  reason: 'FieldValueInvalid',
  message:
    'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
};

/**
 * Appends what is wrong with `value` at `path`. Unknown fields are no fault here: they are pruned before. `before` is what
 * is stored there: what an update shares with it was found good already, and is good still.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-ratcheting
 */
export function validate(value: Json, schema: Schema, path: string, causes: Cause[], before?: Json): void {
  if (value === before && typeof value === 'object') return;
  if (value === null && schema.nullable) return;
  if (!typeFits(value, schema)) {
    const type = schema['x-kubernetes-int-or-string'] ? 'integer,string' : schema.type;
    const got = JSON.stringify(typeName(value));
    add(
      causes,
      path,
      'FieldValueTypeInvalid',
      `Invalid value: ${got}: ${path} in body must be of type ${type}: ${got}`,
    );
    return;
  }
  if (schema.enum && !schema.enum.includes(value)) {
    const allowed = schema.enum.map(option => JSON.stringify(option)).join(', ');
    add(causes, path, 'FieldValueNotSupported', `Unsupported value: ${shown(value)}: supported values: ${allowed}`);
  }
  if (typeof value === 'string') checkString(value, schema, path, causes);
  else if (typeof value === 'number') checkNumber(value, schema, path, causes);
  else if (Array.isArray(value)) checkArray(value, schema, path, causes);
  else if (isObject(value)) checkObject(value, schema, path, causes, isObject(before) ? before : undefined);
  checkCombinations(value, schema, path, causes);
}

function isValid(value: Json, schema: Schema): boolean {
  const causes: Cause[] = [];
  validate(value, schema, '', causes);
  return causes.length === 0;
}

function checkString(value: string, schema: Schema, path: string, causes: Cause[]): void {
  const fault = (message: string) =>
    add(causes, path, 'FieldValueInvalid', `Invalid value: ${shown(value)}: ${message}`);
  const length = [...value].length;
  if (schema.minLength !== undefined && length < schema.minLength) {
    fault(`${path} in body should be at least ${schema.minLength} chars long`);
  }
  if (schema.maxLength !== undefined && length > schema.maxLength) {
    add(causes, path, 'FieldValueTooLong', `Too long: may not be more than ${schema.maxLength} bytes`);
  }
  if (schema.pattern !== undefined && !pattern(schema.pattern).test(value)) {
    fault(`${path} in body should match '${schema.pattern}'`);
  }
  if (schema.format === 'date-time' && !DATE_TIME.test(value)) {
    fault(`${path} in body must be of type date-time: ${shown(value)}`);
  }
  if (schema.format === MICRO_TIME && !MICROS.test(value)) {
    fault(`parsing time ${shown(value)} as "2006-01-02T15:04:05.000000Z07:00": cannot parse`);
  }
  if (schema.format === 'byte' && !BASE64.test(value)) fault(`${path} in body must be of type byte: ${shown(value)}`);
}

const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
const MICROS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function checkNumber(value: number, schema: Schema, path: string, causes: Cause[]): void {
  const fault = (message: string) =>
    add(causes, path, 'FieldValueInvalid', `Invalid value: ${value}: ${path} in body should be ${message}`);
  if (schema.maximum !== undefined && value > schema.maximum) fault(`less than or equal to ${schema.maximum}`);
  if (schema.minimum !== undefined && value < schema.minimum) fault(`greater than or equal to ${schema.minimum}`);
  if (schema.format === 'int32' && (value > 2147483647 || value < -2147483648)) {
    add(
      causes,
      path,
      'FieldValueInvalid',
      `Invalid value: ${value}: ${path} in body must be of type int32: "${value}"`,
    );
  }
}

function checkArray(value: Json[], schema: Schema, path: string, causes: Cause[]): void {
  if (schema.minItems !== undefined && value.length < schema.minItems) {
    const message = `Invalid value: ${value.length}: ${path} in body should have at least ${schema.minItems} items`;
    add(causes, path, 'FieldValueInvalid', message);
  }
  if (schema.maxItems !== undefined && value.length > schema.maxItems) {
    add(causes, path, 'FieldValueTooMany', `Too many: ${value.length}: must have at most ${schema.maxItems} items`);
  }
  const { items } = schema;
  if (items) value.forEach((item, index) => void validate(item, items, `${path}[${index}]`, causes));
  checkUnique(value, schema, path, causes);
}

/** https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy: keys of sets and maps are unique. */
function checkUnique(value: Json[], schema: Schema, path: string, causes: Cause[]): void {
  const type = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (type !== 'set' && type !== 'map') return;
  const seen = new Set<string>();
  value.forEach((item, index) => {
    const picked =
      type === 'map' && isObject(item) ? Object.fromEntries(keys.map(key => [key, item[key] ?? null])) : item;
    const key = JSON.stringify(picked);
    const value = isObject(picked) ? key : shown(picked);
    if (seen.has(key)) add(causes, `${path}[${index}]`, 'FieldValueDuplicate', `Duplicate value: ${value}`);
    seen.add(key);
  });
}

function checkObject(value: JsonObject, schema: Schema, path: string, causes: Cause[], before?: JsonObject): void {
  for (const field of schema.required ?? []) {
    if (value[field] === undefined) add(causes, child(path, field), 'FieldValueRequired', 'Required value');
  }
  const count = Object.keys(value).length;
  if (schema.minProperties !== undefined && count < schema.minProperties) {
    const message = `Invalid value: ${count}: ${path} in body should have at least ${schema.minProperties} properties`;
    add(causes, path, 'FieldValueInvalid', message);
  }
  if (schema.maxProperties !== undefined && count > schema.maxProperties) {
    add(causes, path, 'FieldValueTooMany', `Too many: ${count}: must have at most ${schema.maxProperties} items`);
  }
  for (const [field, inner] of Object.entries(value)) {
    const known = fieldSchema(schema, field);
    if (known) validate(inner, known, child(path, field), causes, before?.[field]);
  }
}

function checkCombinations(value: Json, schema: Schema, path: string, causes: Cause[]): void {
  const fault = (message: string) =>
    add(causes, '<nil>', 'FieldValueInvalid', `Invalid value: "": "${path}" ${message}`);
  for (const each of schema.allOf ?? []) validate(value, each, path, causes);
  if (schema.anyOf && !schema.anyOf.some(each => isValid(value, each))) {
    fault('must validate at least one schema (anyOf)');
  }
  if (schema.oneOf) {
    const fitting = schema.oneOf.filter(each => isValid(value, each)).length;
    const found = fitting === 0 ? 'none valid' : `${fitting} valid alternatives`;
    if (fitting !== 1) fault(`must validate one and only one schema (oneOf). Found ${found}`);
  }
  if (schema.not && isValid(value, schema.not)) fault('must not validate the schema (not)');
}

function typeFits(value: Json, schema: Schema): boolean {
  if (schema['x-kubernetes-int-or-string']) return typeof value === 'string' || Number.isInteger(value);
  switch (schema.type) {
    case undefined:
      return true;
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    default:
      return typeof value === schema.type;
  }
}

function typeName(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

const patterns = new Map<string, RegExp>();

/** Go's RE2 syntax and JavaScript's agree on what CRDs use. */
function pattern(source: string): RegExp {
  const known = patterns.get(source);
  if (known) return known;
  const compiled = new RegExp(source, 'u');
  patterns.set(source, compiled);
  return compiled;
}

function add(causes: Cause[], field: string, reason: string, message: string): void {
  causes.push({ reason, message, field });
}
