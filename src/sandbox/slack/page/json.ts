/** Reads Block Kit JSON, which comes from an app and may hold anything: wrong shapes read as empty, never throw. */
import type { Json, JsonObject } from '../../../object.ts';

export function asObject(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

/** The objects of a list; everything else in it is left out. */
export function asObjects(value: Json | undefined): JsonObject[] {
  if (!Array.isArray(value)) return [];
  return value.map(asObject).filter(item => item !== undefined);
}

export function asText(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
}

export function asNumber(value: Json | undefined): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** The characters of a text object (`plain_text` or `mrkdwn`), or of a string given in its place. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : asText(asObject(value)?.text);
}
