/** conversations.* about the channels themselves; their messages are in history.ts. */
import type { JsonObject } from '../../../object.ts';
import { SlackRefusal } from '../errors.ts';
import { APP, type Channel, TEAM } from '../people.ts';
import { channelNamed, demandScope, isIn, scopeFor } from './channels.ts';
import { botMethod, type Methods } from './method.ts';
import { pageOf } from './pages.ts';

const READ = ['channels:read', 'groups:read', 'im:read'];
const KINDS: Record<string, Channel['kind'] | undefined> = {
  public_channel: 'channel',
  private_channel: 'private',
  im: 'im',
};

export const conversations: Methods = {
  'conversations.info': botMethod(READ, (hub, args) => {
    const channel = channelNamed(hub, args.required('channel'));
    demandScope(hub, scopeFor(channel, 'read'));
    const shown = channelForApp(channel);
    if (args.flag('include_num_members')) shown.num_members = channel.members.length;
    return { channel: shown };
  }),

  'conversations.list': botMethod(READ, (hub, args) => {
    const types = args.text('types') === undefined ? ['public_channel'] : args.list('types');
    const kinds = types.map(type => {
      const kind = KINDS[type];
      if (!kind && type !== 'mpim') throw new SlackRefusal('invalid_types');
      if (kind) demandScope(hub, { channel: 'channels:read', private: 'groups:read', im: 'im:read' }[kind]);
      return kind;
    });
    const seen = hub.world.channels.filter(
      channel =>
        kinds.includes(channel.kind) &&
        (channel.kind === 'channel' || isIn(channel)) &&
        !(args.flag('exclude_archived') && channel.archived),
    );
    const { items, next } = pageOf(seen, args);
    return { channels: items.map(channelForApp), response_metadata: next };
  }),

  'conversations.members': botMethod(READ, (hub, args) => {
    const channel = channelNamed(hub, args.required('channel'));
    demandScope(hub, scopeFor(channel, 'read'));
    const { items, next } = pageOf(channel.members, args);
    return { members: items, response_metadata: next };
  }),

  'conversations.open': botMethod(['im:write', 'mpim:write'], (hub, args) => {
    const users = args.list('users');
    if (users.length === 0) throw new SlackRefusal('users_list_not_supplied');
    if (users.length > 1) throw new SlackRefusal('not_enough_users');
    const person = hub.world.person(users[0]!);
    if (!person) throw new SlackRefusal('user_not_found');
    if (person.isBot) throw new SlackRefusal('cannot_dm_bot');
    if (person.isDeleted) throw new SlackRefusal('user_disabled');
    return { channel: { id: hub.world.directMessages(person.id).id }, no_op: false, already_open: true };
  }),

  'conversations.join': botMethod(['channels:join'], (hub, args) => {
    const channel = channelNamed(hub, args.required('channel'));
    if (channel.kind !== 'channel') throw new SlackRefusal('method_not_supported_for_channel_type');
    if (channel.archived) throw new SlackRefusal('is_archived');
    const already = isIn(channel);
    if (!already) channel.members.push(APP.botUser);
    return { channel: channelForApp(channel), ...(already ? { warning: 'already_in_channel' } : {}) };
  }),
};

function channelForApp(channel: Channel): JsonObject {
  const common: JsonObject = { id: channel.id, created: 1_700_000_000, is_archived: channel.archived };
  if (channel.kind === 'im') {
    return { ...common, is_im: true, user: channel.members.find(member => member !== APP.botUser) ?? '' };
  }
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: true,
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: channel.kind === 'private',
    is_general: false,
    is_shared: channel.shared,
    is_ext_shared: channel.shared,
    is_org_shared: false,
    is_member: isIn(channel),
    context_team_id: TEAM.id,
    creator: channel.members[0] ?? '',
    topic: { value: channel.topic, creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    num_members: channel.members.length,
  };
}
