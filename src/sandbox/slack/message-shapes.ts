/** One stored message, as the Web API gives it and as the page gets it. */
import type { Json, JsonObject } from '../../object.ts';
import { type Files, fileForPage, type StoredFile } from './files.ts';
import { defined } from './json.ts';
import type { Messages } from './messages.ts';
import type { PageMessage } from './page-protocol.ts';
import { APP, TEAM } from './people.ts';
import type { StoredMessage } from './stored.ts';

interface Thread {
  replyCount: number;
  replyUsers: string[];
  latestReply: string;
}

/** undefined: nobody has replied. */
function threadUnder(messages: Messages, message: StoredMessage): Thread | undefined {
  if (message.threadTs || message.ephemeralTo) return undefined;
  const replies = messages.replies(message.channel, message.ts);
  const last = replies.at(-1);
  if (!last) return undefined;
  return {
    replyCount: replies.length,
    replyUsers: [...new Set(replies.map(reply => reply.user))],
    latestReply: last.ts,
  };
}

const PROFILE: JsonObject = {
  id: APP.botId,
  app_id: APP.id,
  user_id: APP.botUser,
  name: APP.name,
  deleted: false,
  updated: 0,
  icons: {},
  team_id: TEAM.id,
};

export function messageForApp(
  messages: Messages,
  files: Files,
  message: StoredMessage,
  options: { metadata?: boolean } = {},
): JsonObject {
  const own = message.user === APP.botUser;
  const thread = threadUnder(messages, message);
  const attached = (message.files ?? []).flatMap(id => files.find(id) ?? []);
  return defined({
    type: 'message',
    user: message.user,
    ts: message.ts,
    text: message.text,
    team: TEAM.id,
    bot_id: own ? APP.botId : undefined,
    app_id: own ? APP.id : undefined,
    bot_profile: own ? PROFILE : undefined,
    blocks: message.blocks,
    files: attached.length > 0 ? attached.map(fileForApp) : undefined,
    metadata: options.metadata ? message.metadata : undefined,
    edited: message.edited,
    thread_ts: message.threadTs ?? (thread ? message.ts : undefined),
    parent_user_id: message.threadTs ? messages.find(message.channel, message.threadTs)?.user : undefined,
    reply_count: thread?.replyCount,
    reply_users_count: thread?.replyUsers.length,
    reply_users: thread?.replyUsers,
    latest_reply: thread?.latestReply,
    is_locked: thread ? false : undefined,
    subscribed: thread ? false : undefined,
    reactions: reactionsOf(message),
  });
}

function reactionsOf(message: StoredMessage): Json | undefined {
  const reactions = [...message.reactions].map(([name, users]) => ({ name, users: [...users], count: users.size }));
  return reactions.length > 0 ? reactions : undefined;
}

export function fileForApp(file: StoredFile): JsonObject {
  const permalink = `https://${TEAM.domain}.slack.com/files/${APP.botUser}/${file.id}/${file.name}`;
  return defined({
    id: file.id,
    created: file.created,
    timestamp: file.created,
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: file.snippetType ?? file.name.slice(file.name.lastIndexOf('.') + 1),
    mode: file.snippetType ? 'snippet' : 'hosted',
    user: APP.botUser,
    size: file.size,
    is_external: false,
    is_public: true,
    alt_txt: file.altText,
    permalink,
  });
}

export function messageForPage(messages: Messages, files: Files, message: StoredMessage): PageMessage {
  const shown: PageMessage = {
    channel: message.channel,
    ts: message.ts,
    user: message.user,
    text: message.text,
  };
  if (message.threadTs) shown.threadTs = message.threadTs;
  if (message.blocks) shown.blocks = message.blocks;
  const attached = (message.files ?? []).flatMap(id => files.find(id) ?? []);
  if (attached.length > 0) shown.files = attached.map(fileForPage);
  if (message.edited) shown.edited = true;
  if (message.deleted) {
    shown.deleted = true;
    shown.text = '';
    delete shown.blocks;
    delete shown.files;
  }
  if (message.ephemeralTo) shown.ephemeralTo = message.ephemeralTo;
  const thread = threadUnder(messages, message);
  if (thread) Object.assign(shown, thread);
  return shown;
}
