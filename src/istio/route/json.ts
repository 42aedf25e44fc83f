/** Reads untyped manifests: what is not of the expected shape reads as absent, as Istio's webhook never lets it in. */
import { isObject, type Json, type JsonObject } from '../../object.ts';

export function object(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

export function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(each => object(each) !== undefined) : [];
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(each => typeof each === 'string') : [];
}

/** A number, also one that was written as a string. */
export function number(value: Json | undefined): number | undefined {
  const read = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
}

/** A map of strings, such as labels. */
export function labels(value: unknown): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, each] of Object.entries(object(value) ?? {})) found[name] = word(each);
  return found;
}

/** One value as a word, whatever it is: an object may have a field `toString` that is none. */
export function word(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export function hasLabels(held: Record<string, string>, wanted: Record<string, string>): boolean {
  return Object.entries(wanted).every(([name, value]) => held[name] === value);
}

const UNIT_MS: Record<string, number> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A duration such as `1.5s`, `500ms` or `1h2m`, in ms. undefined: it is none. */
export function duration(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(value)) return undefined;
  let total = 0;
  for (const [, amount, unit] of value.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)) {
    total += Number(amount) * UNIT_MS[unit!]!;
  }
  return total;
}
