/** chat.*: posts, changes, deletes, whispers and links. */
import type { JsonObject } from '../../../object.ts';
import { withIds } from '../blocks/ids.ts';
import { SlackRefusal } from '../errors.ts';
import type { Hub } from '../hub.ts';
import { messageForApp } from '../message-shapes.ts';
import { APP, TEAM } from '../people.ts';
import type { StoredMessage } from '../stored.ts';
import { channelNamed, channelToWrite, demandScope } from './channels.ts';
import { botMethod, type Methods } from './method.ts';
import { type Content, contentOf, threadOf } from './post-content.ts';

const WRITE = ['chat:write'];

export const chat: Methods = {
  'chat.postMessage': botMethod(WRITE, (hub, args) => {
    const channel = channelToWrite(hub, args.required('channel'));
    if (args.text('username') || args.text('icon_url') || args.text('icon_emoji'))
      demandScope(hub, 'chat:write.customize');
    const content = contentOf(hub, args);
    if (content.text === undefined && !content.blocks) throw new SlackRefusal('no_text');
    const thread = threadOf(hub, channel.id, args);
    const message = hub.messages.post({
      channel: channel.id,
      user: APP.botUser,
      ...shapeOf(content),
      ...(thread ? { threadTs: thread } : {}),
    });
    return { channel: channel.id, ts: message.ts, message: forApp(hub, message) };
  }),

  'chat.update': botMethod(WRITE, (hub, args) => {
    const channel = channelNamed(hub, args.required('channel'));
    const message = own(hub, channel.id, args.required('ts'), 'cant_update_message');
    if (channel.archived) throw new SlackRefusal('is_archived');
    const content = contentOf(hub, args);
    if (content.text === undefined && !content.blocks) throw new SlackRefusal('no_text');
    message.text = content.text ?? '';
    // Text without blocks takes the blocks away.
    if (content.blocks?.length) message.blocks = withIds(content.blocks);
    else delete message.blocks;
    if (content.metadata) message.metadata = content.metadata;
    message.edited = { user: APP.botUser, ts: hub.clock.next() };
    hub.messages.changed(message);
    return { channel: channel.id, ts: message.ts, text: message.text, message: forApp(hub, message) };
  }),

  'chat.delete': botMethod(WRITE, (hub, args) => {
    const channel = channelNamed(hub, args.required('channel'));
    const message = own(hub, channel.id, args.required('ts'), 'cant_delete_message');
    hub.messages.delete(message);
    return { channel: channel.id, ts: message.ts };
  }),

  'chat.postEphemeral': botMethod(WRITE, (hub, args) => {
    const channel = channelToWrite(hub, args.required('channel'));
    const user = args.required('user');
    if (!hub.world.person(user)) throw new SlackRefusal('user_not_found');
    if (!channel.members.includes(user)) throw new SlackRefusal('user_not_in_channel');
    const content = contentOf(hub, args);
    if (content.text === undefined && !content.blocks) throw new SlackRefusal('no_text');
    const thread = threadOf(hub, channel.id, args);
    const message = hub.messages.post({
      channel: channel.id,
      user: APP.botUser,
      ...shapeOf(content),
      ...(thread ? { threadTs: thread } : {}),
      ephemeralTo: user,
    });
    return { message_ts: message.ts };
  }),

  'chat.getPermalink': botMethod([], (hub, args) => {
    const channel = channelNamed(hub, args.required('channel'));
    const message = hub.messages.find(channel.id, args.required('message_ts'));
    if (!message) throw new SlackRefusal('message_not_found');
    const thread = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${channel.id}` : '';
    const place = `archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`;
    return { channel: channel.id, permalink: `https://${TEAM.domain}.slack.com/${place}` };
  }),
};

function shapeOf(content: Content): Pick<StoredMessage, 'text'> & Partial<StoredMessage> {
  return {
    text: content.text ?? '',
    ...(content.blocks?.length ? { blocks: withIds(content.blocks) } : {}),
    ...(content.metadata ? { metadata: content.metadata } : {}),
  };
}

function forApp(hub: Hub, message: StoredMessage): JsonObject {
  return messageForApp(hub.messages, hub.files, message, { metadata: true });
}

/** A message of the app's own. Ephemeral ones are not found: they cannot be changed this way. */
function own(hub: Hub, channel: string, ts: string, code: string): StoredMessage {
  const message = hub.messages.find(channel, ts);
  if (!message) throw new SlackRefusal('message_not_found');
  if (message.user !== APP.botUser) throw new SlackRefusal(code);
  return message;
}
