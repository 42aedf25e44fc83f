/** Goes through the blocks of a message or view, children included, and finds the elements people act on. */
import type { JsonObject } from '../../../object.ts';
import { isObject, objectsIn, stringIn } from '../json.ts';

/** All blocks, each before its children. */
export function* everyBlock(blocks: JsonObject[]): Generator<JsonObject> {
  for (const block of blocks) {
    yield block;
    if (block.type === 'container') yield* everyBlock(objectsIn(block.child_blocks));
    if (block.type === 'carousel') yield* everyBlock(objectsIn(block.elements));
  }
}

/** Types of elements that never answer to a person. */
const STILL = new Set(['image', 'mrkdwn', 'plain_text', 'card']);

/** The interactive elements of one block, not of its children. */
export function elementsOf(block: JsonObject): JsonObject[] {
  const found = block.type === 'card' ? objectsIn(block.actions) : [];
  if (isObject(block.accessory)) found.push(block.accessory);
  if (isObject(block.element)) found.push(block.element);
  if (['actions', 'context_actions'].includes(String(block.type))) found.push(...objectsIn(block.elements));
  return found.filter(element => !STILL.has(String(element.type)));
}

/** The element of that action_id; `blockId` where the action_id is in several blocks. */
export function findElement(
  blocks: JsonObject[],
  actionId: string,
  blockId?: string,
): { block: JsonObject; element: JsonObject } | undefined {
  for (const block of everyBlock(blocks)) {
    if (blockId !== undefined && stringIn(block, 'block_id') !== blockId) continue;
    for (const element of elementsOf(block)) {
      if (stringIn(element, 'action_id') === actionId) return { block, element };
    }
  }
  return undefined;
}
