/** Which channel a call means, and whether the app may read it or write to it. */
import { SlackRefusal } from '../errors.ts';
import type { Hub } from '../hub.ts';
import { APP, type Channel } from '../people.ts';

/** By id. A private channel without the app in it does not exist for the app. Throws channel_not_found. */
export function channelNamed(hub: Hub, id: string): Channel {
  const channel = hub.world.channel(id);
  if (!channel || (channel.kind !== 'channel' && !isIn(channel))) throw new SlackRefusal('channel_not_found');
  return channel;
}

export function isIn(channel: Channel): boolean {
  return channel.members.includes(APP.botUser);
}

/** By id, `#name`, or a person's id for direct messages. Throws is_archived, not_in_channel. */
export function channelToWrite(hub: Hub, target: string): Channel {
  const channel = /^[UW][A-Z0-9]+$/.test(target) ? directly(hub, target) : channelNamed(hub, idOf(hub, target));
  if (channel.archived) throw new SlackRefusal('is_archived');
  const open = channel.kind === 'channel' && hub.tokens.scopes.has('chat:write.public');
  if (!isIn(channel) && !open) throw new SlackRefusal('not_in_channel');
  return channel;
}

function idOf(hub: Hub, target: string): string {
  const name = target.replace(/^#/, '');
  return hub.world.channels.find(channel => channel.kind !== 'im' && channel.name === name)?.id ?? target;
}

function directly(hub: Hub, user: string): Channel {
  const person = hub.world.person(user);
  if (!person || person.isBot || person.isDeleted) throw new SlackRefusal('channel_not_found');
  return hub.world.directMessages(user);
}

/** The scopes that let the app do something in this kind of channel: 'history' → channels:history, … */
export function scopeFor(channel: Channel, what: 'history' | 'read'): string {
  return `${{ channel: 'channels', private: 'groups', im: 'im' }[channel.kind]}:${what}`;
}

/** Throws missing_scope. */
export function demandScope(hub: Hub, scope: string): void {
  if (hub.tokens.scopes.has(scope)) return;
  throw new SlackRefusal('missing_scope', { needed: scope, provided: [...hub.tokens.scopes].join(',') });
}
