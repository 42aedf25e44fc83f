/** files.*: announces an upload, completes it into a channel, tells of a file. */
import { withIds } from '../blocks/ids.ts';
import { blocksOfMessage } from '../blocks/message-blocks.ts';
import { invalidArguments, SlackRefusal } from '../errors.ts';
import type { Hub } from '../hub.ts';
import { objectsIn, stringIn } from '../json.ts';
import { fileForApp } from '../message-shapes.ts';
import { APP } from '../people.ts';
import type { Arguments } from './arguments.ts';
import { channelToWrite } from './channels.ts';
import { botMethod, type Methods } from './method.ts';
import { threadOf } from './post-content.ts';

const LARGEST = 20 * 1024 * 1024;

export const files: Methods = {
  'files.getUploadURLExternal': botMethod(['files:write'], (hub, args) => {
    const name = args.required('filename');
    const size = Number(args.required('length'));
    if (!Number.isInteger(size) || size < 1) throw invalidArguments('length must be a whole number above 0');
    if (size > LARGEST) throw new SlackRefusal('file_upload_size_restricted');
    const altText = args.text('alt_text') ?? args.text('alt_txt');
    if ((altText?.length ?? 0) > 1000) throw new SlackRefusal('alt_txt_too_large');
    const snippetType = args.text('snippet_type');
    const { file, ticket } = hub.files.announce({
      name,
      size,
      ...(altText ? { altText } : {}),
      ...(snippetType ? { snippetType } : {}),
    });
    return { upload_url: `${hub.url}upload/${ticket}`, file_id: file.id };
  }),

  'files.completeUploadExternal': botMethod(['files:write'], (hub, args) => {
    const done = uploaded(hub, args);
    const targets = [...args.list('channels'), ...args.list('channel_id')];
    // Where it may not be written, nothing is completed.
    const channels = targets.map(target => channelToWrite(hub, target));
    const thread = channels[0] && threadOf(hub, channels[0].id, args);
    const comment = args.text('initial_comment');
    const given = blocksOfMessage(args.json('blocks', 'invalid_blocks_format'));
    // Slack ignores blocks beside a comment.
    const blocks = given && comment === undefined ? withIds(given) : undefined;
    for (const { file, title } of done) {
      file.completed = true;
      file.title = title ?? file.name;
    }
    for (const channel of channels) {
      hub.messages.post({
        channel: channel.id,
        user: APP.botUser,
        text: comment ?? '',
        files: done.map(({ file }) => file.id),
        ...(blocks ? { blocks } : {}),
        ...(thread ? { threadTs: thread } : {}),
      });
    }
    return { files: done.map(({ file }) => fileForApp(file)) };
  }),

  'files.info': botMethod(['files:read'], (hub, args) => {
    const file = hub.files.find(args.required('file'));
    if (!file?.completed) throw new SlackRefusal('file_not_found');
    return { file: fileForApp(file), comments: [], response_metadata: { next_cursor: '' } };
  }),
};

/** Throws file_not_found, and file_update_failed where the bytes never came. */
function uploaded(hub: Hub, args: Arguments) {
  const named = objectsIn(args.json('files', 'invalid_arguments'));
  if (named.length === 0) throw invalidArguments('missing required field: files');
  return named.map(entry => {
    const file = hub.files.find(stringIn(entry, 'id') ?? '');
    if (!file) throw new SlackRefusal('file_not_found');
    if (!file.content || file.completed) throw new SlackRefusal('file_update_failed');
    return { file, title: stringIn(entry, 'title') };
  });
}
