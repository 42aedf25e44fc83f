/** Gives every block and every interactive element the id it needs, as Slack does when it takes them. */
import type { JsonObject } from '../../../object.ts';
import { copy } from '../../copy.ts';
import { newId } from '../ids.ts';
import { elementsOf, everyBlock } from './walk.ts';

export function withIds(blocks: JsonObject[]): JsonObject[] {
  const result = copy(blocks);
  for (const block of everyBlock(result)) {
    block.block_id ??= newId('b', 5);
    for (const element of elementsOf(block)) element.action_id ??= newId('a', 5);
  }
  return result;
}
