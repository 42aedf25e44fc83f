/** The blocks of one message, from wherever the app sends it: valid, and not too long in all. */
import type { Json, JsonObject } from '../../../object.ts';
import { SlackRefusal } from '../errors.ts';
import { readableLength } from './length.ts';
import { validateBlocks } from './validate.ts';

/** Characters that people read; Slack was seen to refuse more. */
const LONGEST_BLOCKS = 13_200;

/** undefined: there are none. Throws invalid_blocks_format, invalid_blocks, msg_blocks_too_long. */
export function blocksOfMessage(given: Json | undefined): JsonObject[] | undefined {
  if (given === undefined) return undefined;
  const blocks = validateBlocks(given);
  if (readableLength(blocks) > LONGEST_BLOCKS) throw new SlackRefusal('msg_blocks_too_long');
  return blocks.length > 0 ? blocks : undefined;
}
