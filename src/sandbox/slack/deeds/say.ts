/** A person types something, opens the app's Home, or reacts; the app hears of it as Slack would tell it. */
import type { Hub } from '../hub.ts';
import type { PageAction, PageReply } from '../page-protocol.ts';
import { eventPayload, messageEvent } from '../payloads.ts';
import { APP, type Channel, type Member } from '../people.ts';
import type { StoredMessage } from '../stored.ts';
import { asStored, commandIn } from '../typed-text.ts';
import { viewForApp } from '../views.ts';
import { command } from './command.ts';
import { refuse } from './refuse.ts';

/** Slack's limit of what can be typed into the box. */
const LONGEST = 12_000;

type Do<T extends PageAction['type']> = Extract<PageAction, { type: T }>;

export function say(hub: Hub, person: Member, action: Do<'say'>): Promise<PageReply> | PageReply {
  const channel = hub.world.channel(action.channel);
  if (!channel || !hub.world.sees(person.id, channel.id)) return refuse('You are not in that channel.');
  if (channel.archived) return refuse(`#${channel.name} is archived: nothing can be written there.`);
  if (action.text.trim() === '') return refuse('There is nothing to send.');
  if (action.text.length > LONGEST) return refuse(`That is too long: at most ${LONGEST} characters can be sent.`);
  const asked = commandIn(action.text);
  if (asked) return command(hub, person, channel, asked, action.threadTs !== undefined);
  if (action.threadTs && !hub.messages.find(channel.id, action.threadTs)) {
    return refuse('That thread is gone.');
  }
  const message = hub.messages.post({
    channel: channel.id,
    user: person.id,
    text: asStored(hub.world, action.text),
    ...(action.threadTs ? { threadTs: action.threadTs } : {}),
  });
  tellApp(hub, person, channel, message);
  return { ok: true };
}

const SCOPE_OF = { channel: 'channels:history', private: 'groups:history', im: 'im:history' } as const;
const EVENT_OF = { channel: 'message.channels', private: 'message.groups', im: 'message.im' } as const;

/** Only where the app is a member, listens to the event and has the scope for it. */
function tellApp(hub: Hub, person: Member, channel: Channel, message: StoredMessage): void {
  if (!channel.members.includes(APP.botUser)) return;
  const { events } = hub.manifest;
  const { scopes } = hub.tokens;
  const tell = (type: 'app_mention' | 'message') =>
    hub.delivery.tell({
      type: 'events_api',
      payload: eventPayload(hub, messageEvent(type, person, channel, message), channel),
      acceptsAnswer: false,
    });
  const mentioned = message.text.includes(`<@${APP.botUser}>`);
  // In direct messages Slack sends no app_mention.
  if (mentioned && channel.kind !== 'im' && events.has('app_mention') && scopes.has('app_mentions:read')) {
    tell('app_mention');
  }
  if (events.has(EVENT_OF[channel.kind]) && scopes.has(SCOPE_OF[channel.kind])) tell('message');
}

export function openHome(hub: Hub, person: Member): PageReply {
  if (person.isStranger) return refuse('Guests from another company have no Home of this app.');
  if (!hub.manifest.events.has('app_home_opened')) return { ok: true };
  const stored = hub.views.home(person.id);
  const event = {
    type: 'app_home_opened',
    user: person.id,
    channel: hub.world.directMessages(person.id).id,
    tab: 'home',
    event_ts: hub.clock.next(),
    ...(stored ? { view: viewForApp(stored) } : {}),
  };
  hub.delivery.tell({ type: 'events_api', payload: eventPayload(hub, event), acceptsAnswer: false });
  return { ok: true };
}

/** The same again takes the reaction back. */
export function react(hub: Hub, person: Member, action: Do<'react'>): PageReply {
  const message = hub.world.sees(person.id, action.channel) && hub.messages.find(action.channel, action.ts);
  if (!message) return refuse('That message is gone.');
  if (!/^[a-z0-9_+'-]{1,100}$/.test(action.name)) return refuse('There is no emoji of that name.');
  const users = message.reactions.get(action.name) ?? new Set();
  if (!users.delete(person.id)) users.add(person.id);
  if (users.size > 0) message.reactions.set(action.name, users);
  else message.reactions.delete(action.name);
  hub.messages.changed(message);
  return { ok: true };
}
