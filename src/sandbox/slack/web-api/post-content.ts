/** The text, blocks, metadata and thread of a message that is to be posted, checked against Slack's limits. */
import type { JsonObject } from '../../../object.ts';
import { blocksOfMessage } from '../blocks/message-blocks.ts';
import { checkSlackFiles } from '../blocks/slack-files.ts';
import { invalidArguments, SlackRefusal } from '../errors.ts';
import type { Hub } from '../hub.ts';
import { isObject } from '../json.ts';
import type { Arguments } from './arguments.ts';

export interface Content {
  text?: string;
  blocks?: JsonObject[];
  metadata?: JsonObject;
}

/** Slack cuts there; here it is refused, so that nothing is lost unseen. */
const LONGEST_TEXT = 40_000;
/** Bytes of JSON. */
const LARGEST_METADATA = 16_384;

/** Throws msg_too_long, invalid_blocks_format, invalid_blocks, msg_blocks_too_long, invalid_metadata_format, … */
export function contentOf(hub: Hub, args: Arguments): Content {
  const content: Content = {};
  const text = args.text('text');
  if (text !== undefined) content.text = text;
  if ((text?.length ?? 0) > LONGEST_TEXT) throw new SlackRefusal('msg_too_long');
  const blocks = blocksOfMessage(args.json('blocks', 'invalid_blocks_format'));
  checkSlackFiles(hub.files, blocks);
  if (blocks) content.blocks = blocks;
  // Slack takes these; nothing here shows them, so they are refused rather than lost.
  for (const name of ['attachments', 'markdown_text', 'reply_broadcast']) {
    const given = args.raw[name];
    if (given !== undefined && given !== false && given !== 'false') {
      throw invalidArguments(`${name} is not supported here`);
    }
  }
  const metadata = args.json('metadata', 'invalid_metadata_format');
  if (metadata !== undefined) content.metadata = metadataIn(metadata);
  return content;
}

function metadataIn(metadata: unknown): JsonObject {
  if (!isObject(metadata)) throw new SlackRefusal('invalid_metadata_format');
  const { event_type: type, event_payload: payload } = metadata;
  if (typeof type !== 'string' || type === '' || !isObject(payload)) {
    throw new SlackRefusal('invalid_metadata_format');
  }
  if (JSON.stringify(metadata).length > LARGEST_METADATA) throw new SlackRefusal('metadata_too_large');
  return metadata;
}

/** `ts` of the thread's first message. Throws thread_not_found, cannot_reply_to_message. */
export function threadOf(hub: Hub, channel: string, args: Arguments): string | undefined {
  const thread = args.text('thread_ts');
  if (thread === undefined) return undefined;
  const parent = hub.messages.find(channel, thread);
  if (!parent) throw new SlackRefusal('thread_not_found');
  if (parent.threadTs) throw new SlackRefusal('cannot_reply_to_message');
  return thread;
}
