/** What a modal or a Home tab remembers of where it was opened and what was chosen so far. */
import { isObject } from '../../object.ts';
import type { Place } from '../../ports.ts';
import { LIMITS } from '../blocks/limits.ts';

export interface FormMetadata {
  place: Place;
  verb?: string;
  chosen: Record<string, string>;
}

/** Slack keeps 3,000 characters; the choices are in the form itself as well, so they may be left out. */
export function writeMetadata(metadata: FormMetadata): string {
  const whole = JSON.stringify(metadata);
  return whole.length <= LIMITS.privateMetadata ? whole : JSON.stringify({ ...metadata, chosen: {} });
}

export function readMetadata(text: string | undefined): FormMetadata | undefined {
  if (!text) return undefined;
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(read) || !isObject(read.place) || typeof read.place.channel !== 'string') return undefined;
  const { channel, thread } = read.place;
  const chosen = isObject(read.chosen) ? Object.entries(read.chosen) : [];
  return {
    place: { channel, ...(typeof thread === 'string' && { thread }) },
    ...(typeof read.verb === 'string' && { verb: read.verb }),
    chosen: Object.fromEntries(chosen.filter((entry): entry is [string, string] => typeof entry[1] === 'string')),
  };
}
