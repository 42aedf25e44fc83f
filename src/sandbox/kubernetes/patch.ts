/** JSON patch (RFC 6902), JSON merge patch (RFC 7396) and Kubernetes' strategic merge patch, on plain JSON. */
import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../../object.ts';
import type { Schema } from './schema.ts';
import { fieldSchema, isObject } from './schema.ts';

/** An operation of a JSON patch that cannot be done, or a `test` that does not hold. */
export class PatchError extends Error {
  override name = 'PatchError';
}

interface Operation {
  op: string;
  path: string;
  from?: string;
  value?: Json;
}

/** `document` with the operations done in order; what they leave alone is shared with it. Throws PatchError. */
export function jsonPatch(document: Json, patch: Json): Json {
  if (!Array.isArray(patch))
    throw new PatchError('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  let result = document;
  for (const raw of patch) result = operate(result, raw as unknown as Operation);
  return result;
}

function operate(document: Json, { op, path, from, value }: Operation): Json {
  if (typeof path !== 'string' || (path !== '' && !path.startsWith('/'))) {
    throw new PatchError(`${op} operation does not apply: doc is missing path: "${path}": missing value`);
  }
  const missing = (at: string): never => {
    throw new PatchError(`${op} operation does not apply: doc is missing path: "${at}": missing value`);
  };
  switch (op) {
    case 'add':
      return edit(document, steps(path), 'add', value ?? null, () => missing(path));
    case 'replace':
      return edit(document, steps(path), 'replace', value ?? null, () => missing(path));
    case 'remove':
      return edit(document, steps(path), 'remove', null, () => missing(path));
    case 'test':
      if (!isDeepStrictEqual(lookup(document, steps(path)) ?? null, value ?? null)) {
        throw new PatchError(`testing value ${path} failed: test failed`);
      }
      return document;
    case 'copy':
    case 'move': {
      const source = steps(from ?? '');
      const found = lookup(document, source);
      if (found === undefined) return missing(from ?? '');
      const without = op === 'move' ? edit(document, source, 'remove', null, () => missing(from ?? '')) : document;
      return edit(without, steps(path), 'add', found, () => missing(path));
    }
    default:
      throw new PatchError(`Unexpected kind: ${op}`);
  }
}

function steps(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function lookup(document: Json, path: string[]): Json | undefined {
  let found: Json | undefined = document;
  for (const step of path) {
    if (Array.isArray(found)) found = found[Number(step)];
    else if (isObject(found) && Object.hasOwn(found, step)) found = found[step];
    else return undefined;
  }
  return found;
}

/** A copy along `path`, with what is at its end added, replaced or removed. */
function edit(
  document: Json,
  [step, ...rest]: string[],
  op: 'add' | 'replace' | 'remove',
  value: Json,
  missing: () => never,
): Json {
  if (step === undefined) return op === 'remove' ? missing() : value;
  const adds = rest.length === 0 && op === 'add';
  if (Array.isArray(document)) {
    const index = step === '-' && adds ? document.length : Number(step);
    if (!Number.isInteger(index) || index < 0 || index >= document.length + (adds ? 1 : 0)) return missing();
    if (rest.length > 0) return document.with(index, edit(document[index]!, rest, op, value, missing));
    return op === 'remove' ? document.toSpliced(index, 1) : document.toSpliced(index, adds ? 0 : 1, value);
  }
  if (!isObject(document) || !(adds || Object.hasOwn(document, step))) return missing();
  const result = { ...document };
  if (rest.length > 0) set(result, step, edit(document[step]!, rest, op, value, missing));
  else if (op === 'remove') delete result[step];
  else set(result, step, value);
  return result;
}

/** https://www.rfc-editor.org/rfc/rfc7396: objects merge, null removes, anything else replaces. */
export function mergePatch(document: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: JsonObject = isObject(document) ? { ...document } : {};
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete result[field];
    else set(result, field, mergePatch(own(result, field), value));
  }
  return result;
}

/**
 * As mergePatch, but lists with keys merge item by item, and `$patch`, `$deleteFromPrimitiveList/…` and
 * `$setElementOrder/…` are obeyed (the last one only by being left out).
 * https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
export function strategicPatch(document: Json | undefined, patch: Json, schema: Schema | undefined): Json {
  if (!isObject(patch)) return structuredClone(patch);
  if (patch.$patch === 'replace') return without(patch, '$patch');
  if (patch.$patch === 'delete') return {};
  const result: JsonObject = isObject(document) ? { ...document } : {};
  for (const [field, value] of Object.entries(patch)) {
    const primitive = /^\$deleteFromPrimitiveList\/(.+)$/.exec(field)?.[1];
    if (primitive) {
      const list = result[primitive];
      if (Array.isArray(list) && Array.isArray(value)) result[primitive] = list.filter(item => !value.includes(item));
    } else if (field.startsWith('$')) continue;
    else if (value === null) delete result[field];
    else {
      const inner = fieldSchema(schema, field);
      const current = own(result, field);
      if (Array.isArray(value)) set(result, field, strategicList(current, value, inner));
      else set(result, field, strategicPatch(current, value, inner));
    }
  }
  return result;
}

function strategicList(current: Json | undefined, patch: Json[], schema: Schema | undefined): Json {
  const type = schema?.['x-kubernetes-list-type'];
  const list = Array.isArray(current) ? [...current] : [];
  if (type === 'set') return [...new Set([...list, ...patch])];
  // Strategic merge knows one key: the first.
  const key = type === 'map' ? schema?.['x-kubernetes-list-map-keys']?.[0] : undefined;
  if (!key) return structuredClone(patch);
  if (patch.some(item => isObject(item) && item.$patch === 'replace')) {
    return structuredClone(patch.filter(item => !(isObject(item) && '$patch' in item)));
  }
  for (const item of patch) {
    if (!isObject(item)) continue;
    const index = list.findIndex(each => isObject(each) && isDeepStrictEqual(each[key], item[key]));
    if (item.$patch === 'delete') {
      if (index >= 0) list.splice(index, 1);
    } else if (index >= 0) list[index] = strategicPatch(list[index], item, schema?.items);
    else list.push(strategicPatch(undefined, item, schema?.items));
  }
  return list;
}

function without(object: JsonObject, field: string): JsonObject {
  const { [field]: _, ...rest } = object;
  return structuredClone(rest);
}

function own(object: JsonObject, field: string): Json | undefined {
  return Object.hasOwn(object, field) ? object[field] : undefined;
}

/** `__proto__` from the network must stay a plain field. */
function set(object: JsonObject, field: string, value: Json): void {
  if (field === '__proto__') {
    Object.defineProperty(object, field, { value, enumerable: true, configurable: true, writable: true });
  } else object[field] = value;
}
