/** conversations.history and conversations.replies: the messages of a channel and of a thread. */
import type { JsonObject } from '../../../object.ts';
import { SlackRefusal } from '../errors.ts';
import type { Hub } from '../hub.ts';
import { messageForApp } from '../message-shapes.ts';
import type { Channel } from '../people.ts';
import type { StoredMessage } from '../stored.ts';
import type { Arguments } from './arguments.ts';
import { channelNamed, demandScope, isIn, scopeFor } from './channels.ts';
import { botMethod, type Methods } from './method.ts';
import { pageOf } from './pages.ts';

const HISTORY = ['channels:history', 'groups:history', 'im:history', 'mpim:history'];

export const history: Methods = {
  /** Newest first, without the replies in threads. */
  'conversations.history': botMethod(HISTORY, (hub, args) => {
    const channel = readable(hub, args);
    const top = hub.messages.inChannel(channel.id).filter(message => !message.threadTs);
    const found = between(top, args).reverse();
    const { items, next, more } = pageOf(found, args);
    return answer(hub, args, items, next, more);
  }),

  /** The thread's first message, then its replies, oldest first. */
  'conversations.replies': botMethod(HISTORY, (hub, args) => {
    const channel = readable(hub, args);
    const asked = hub.messages.find(channel.id, args.required('ts'));
    const top = asked?.threadTs ?? args.required('ts');
    const replies = hub.messages.replies(channel.id, top);
    const parent = hub.messages.find(channel.id, top);
    // A thread outlives its first message.
    if (!parent && replies.length === 0) throw new SlackRefusal('thread_not_found');
    const found = [...(parent ? [parent] : []), ...between(replies, args)];
    const { items, next, more } = pageOf(found, args, 1000);
    return answer(hub, args, items, next, more);
  }),
};

function readable(hub: Hub, args: Arguments): Channel {
  const channel = channelNamed(hub, args.required('channel'));
  demandScope(hub, scopeFor(channel, 'history'));
  if (!isIn(channel)) throw new SlackRefusal('not_in_channel');
  return channel;
}

/** `oldest` and `latest` are left out themselves unless `inclusive`. */
function between(messages: StoredMessage[], args: Arguments): StoredMessage[] {
  const bound = (name: string, code: string) => {
    const value = args.text(name);
    if (value === undefined) return undefined;
    if (!Number.isFinite(Number(value))) throw new SlackRefusal(code);
    return Number(value);
  };
  const oldest = bound('oldest', 'invalid_ts_oldest');
  const latest = bound('latest', 'invalid_ts_latest');
  const inclusive = args.flag('inclusive');
  return messages.filter(({ ts }) => {
    const at = Number(ts);
    const after = oldest === undefined || at > oldest || (inclusive && at === oldest);
    return after && (latest === undefined || at < latest || (inclusive && at === latest));
  });
}

function answer(hub: Hub, args: Arguments, messages: StoredMessage[], next: JsonObject, more: boolean): JsonObject {
  const metadata = args.flag('include_all_metadata');
  return {
    messages: messages.map(message => messageForApp(hub.messages, hub.files, message, { metadata })),
    has_more: more,
    pin_count: 0,
    ...(more ? { response_metadata: next } : {}),
  };
}
