/** What the drawing asks of the state: which messages stand where, what is unread, how anybody is called. Pure. */
import type { PageChannel, PageMessage, PageUser } from '../page-protocol.ts';
import { messageKey, type PageState } from './state.ts';
import { sameDay, timeOf } from './text/dates.ts';

export function channelOf(state: PageState, id: string): PageChannel | undefined {
  return state.channels.find(channel => channel.id === id);
}

/** `mesh-prod`, or the app's name for the direct messages with it. */
export function channelName(state: PageState, id: string): string {
  const channel = channelOf(state, id);
  if (!channel) return id;
  return channel.kind === 'im' ? state.app.name || channel.name : channel.name;
}

export function userOf(state: PageState, id: string): PageUser {
  const known = state.users[id];
  if (known) return known;
  const isApp = id !== '' && id === state.app.botUser;
  const name = isApp ? state.app.name : id === 'USLACKBOT' ? 'Slackbot' : id || 'Somebody';
  return { id, name, realName: name, title: '', color: '#616061', isBot: isApp, isGuest: false, team: '' };
}

export function nameOf(user: PageUser): string {
  return user.realName || user.name || user.id;
}

function visible(state: PageState, channel: string): PageMessage[] {
  return (state.messages[channel] ?? []).filter(message => !state.dismissed[messageKey(message)]);
}

function isReply(message: PageMessage): boolean {
  return message.threadTs !== undefined && message.threadTs !== message.ts;
}

/** Messages of the channel itself. A deleted one stays, as a gravestone, only while replies hang on it. */
export function channelMessages(state: PageState, channel: string): PageMessage[] {
  return visible(state, channel).filter(
    message => !isReply(message) && (!message.deleted || threadReplies(state, channel, message.ts).length > 0),
  );
}

export function threadRoot(state: PageState, channel: string, ts: string): PageMessage | undefined {
  return (state.messages[channel] ?? []).find(message => message.ts === ts && !isReply(message));
}

export function threadReplies(state: PageState, channel: string, ts: string): PageMessage[] {
  return visible(state, channel).filter(
    message => isReply(message) && message.threadTs === ts && message.deleted !== true,
  );
}

export interface ThreadSummary {
  count: number;
  /** Who replied last, first. */
  users: string[];
  latest: string;
}

/** What the footer says. Counted from the replies themselves, or told by the server where they are not here. */
export function threadSummary(state: PageState, message: PageMessage): ThreadSummary | undefined {
  const replies = threadReplies(state, message.channel, message.ts).filter(reply => reply.ephemeralTo === undefined);
  const count = Math.max(replies.length, message.replyCount ?? 0);
  if (count === 0) return undefined;
  const users = [...new Set(replies.map(reply => reply.user))];
  return {
    count,
    users: (users.length > 0 ? users : (message.replyUsers ?? [])).slice(0, 5),
    latest: replies.at(-1)?.ts ?? message.latestReply ?? message.ts,
  };
}

export interface Unread {
  /** Any new message: the name turns bold. */
  any: boolean;
  /** Messages for this person: mentions, and all direct messages. Shown as a number. */
  count: number;
}

export function unread(state: PageState, channel: PageChannel): Unread {
  const from = Number(state.lastRead[channel.id] ?? '0');
  const fresh = visible(state, channel.id).filter(
    message => Number(message.ts) > from && message.user !== state.me.id && message.deleted !== true,
  );
  const count = fresh.filter(message => channel.kind === 'im' || mentions(state, message)).length;
  return { any: fresh.some(message => !isReply(message)) || count > 0, count };
}

/** Whether the message calls this person by name, by group, or everybody. */
function mentions(state: PageState, message: PageMessage): boolean {
  const body = message.text + (message.blocks ? JSON.stringify(message.blocks) : '');
  if (body.includes(`<@${state.me.id}>`) || body.includes(`"user_id":"${state.me.id}"`)) return true;
  if (/<!(here|channel|everyone)(\||>)/.test(message.text)) return true;
  return state.groups.some(group => group.users.includes(state.me.id) && body.includes(group.id));
}

/** Whether the message is drawn under the one before it, without avatar and name: same author, within five minutes. */
export function continues(before: PageMessage | undefined, message: PageMessage): boolean {
  if (!before || before.deleted || before.user !== message.user) return false;
  if (before.ephemeralTo !== message.ephemeralTo || message.deleted) return false;
  if ((before.replyCount ?? 0) > 0) return false;
  return Number(message.ts) - Number(before.ts) < 300 && sameDay(timeOf(before.ts), timeOf(message.ts));
}
