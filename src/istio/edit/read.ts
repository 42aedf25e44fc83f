/** Reads lists and objects of untyped JSON so that positions stay true: what is of another kind reads as empty. */
import { isObject, type JsonObject } from '../../object.ts';

export { labels as labelsOf, strings as stringsOf, text as stringOf } from '../route/json.ts';

export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** Keeps positions: an item that is no object reads as an empty one. */
export function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}
