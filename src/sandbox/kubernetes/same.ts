/** Whether two values are the same JSON. Objects are taken by their fields, whatever their order. */
import type { Json } from '../../object.ts';

/** A field that is undefined is no field; undefined itself is the same only as undefined. */
export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => same(item, b[index]));
  }
  for (const field of Object.keys(a)) if (!same(a[field], Object.hasOwn(b, field) ? b[field] : undefined)) return false;
  for (const field of Object.keys(b)) if (b[field] !== undefined && !Object.hasOwn(a, field)) return false;
  return true;
}
