/** Image blocks that name a file of Slack's own: it must be a whole picture that the app uploaded. */
import type { Json } from '../../../object.ts';
import { SlackRefusal } from '../errors.ts';
import type { Files } from '../files.ts';
import { isObject, stringIn } from '../json.ts';

/** Throws invalid_blocks, as Slack does for a file that is not there, not complete, or no picture. */
export function checkSlackFiles(files: Files, blocks: Json[] | undefined): void {
  for (const id of idsIn(blocks ?? [])) {
    const file = files.find(id);
    if (file?.completed && file.mimetype.startsWith('image/')) continue;
    const messages = ['[ERROR] invalid slack file [json-pointer:/blocks/slack_file]'];
    throw new SlackRefusal('invalid_blocks', { errors: ['invalid slack file'], response_metadata: { messages } });
  }
}

function idsIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(idsIn);
  if (!isObject(value)) return [];
  const own = isObject(value.slack_file) ? [stringIn(value.slack_file, 'id') ?? []].flat() : [];
  return [...own, ...Object.values(value).flatMap(idsIn)];
}
