/** users.* and usergroups.*: who people are and who is in a group. */
import type { JsonObject } from '../../../object.ts';
import { SlackRefusal } from '../errors.ts';
import { defined } from '../json.ts';
import { type Group, type Member, TEAM } from '../people.ts';
import { demandScope } from './channels.ts';
import { botMethod, type Methods } from './method.ts';
import { pageOf } from './pages.ts';

export const users: Methods = {
  'users.info': botMethod(['users:read'], (hub, args) => {
    const person = hub.world.person(args.required('user'));
    if (!person) throw new SlackRefusal('user_not_found');
    return { user: userForApp(person, hub.tokens.scopes.has('users:read.email')) };
  }),

  'users.list': botMethod(['users:read'], (hub, args) => {
    const own = hub.world.people.filter(person => !person.isStranger);
    const { items, next } = pageOf(own, args, 200);
    const email = hub.tokens.scopes.has('users:read.email');
    return {
      members: items.map(person => userForApp(person, email)),
      cache_ts: Math.floor(hub.clock.now() / 1000),
      response_metadata: next,
    };
  }),

  'users.lookupByEmail': botMethod(['users:read.email'], (hub, args) => {
    demandScope(hub, 'users:read');
    const email = args.required('email');
    const person = hub.world.people.find(one => emailOf(one) === email && !one.isBot && !one.isDeleted);
    if (!person) throw new SlackRefusal('users_not_found');
    return { user: userForApp(person, true) };
  }),

  'usergroups.list': botMethod(['usergroups:read'], (hub, args) => ({
    usergroups: hub.world.groups.map(group => groupForApp(group, args.flag('include_users'))),
  })),

  'usergroups.users.list': botMethod(['usergroups:read'], (hub, args) => {
    const group = hub.world.group(args.required('usergroup'));
    if (!group) throw new SlackRefusal('no_such_subteam');
    return { users: [...group.users] };
  }),
};

const emailOf = (person: Member) => `${person.name}@${person.isStranger ? 'partner' : TEAM.domain}.example`;

function userForApp(person: Member, withEmail: boolean): JsonObject {
  return defined({
    id: person.id,
    team_id: person.team,
    name: person.name,
    deleted: person.isDeleted,
    color: person.color.slice(1),
    real_name: person.realName,
    tz: 'Etc/UTC',
    tz_label: 'Coordinated Universal Time',
    tz_offset: 0,
    profile: defined({
      title: person.title,
      real_name: person.realName,
      real_name_normalized: person.realName,
      display_name: person.name,
      display_name_normalized: person.name,
      email: withEmail && !person.isBot ? emailOf(person) : undefined,
      team: person.team,
    }),
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_bot: person.isBot,
    is_app_user: false,
    is_stranger: person.isStranger ? true : undefined,
    updated: 1_700_000_000,
  });
}

function groupForApp(group: Group, withUsers: boolean): JsonObject {
  return defined({
    id: group.id,
    team_id: TEAM.id,
    is_usergroup: true,
    is_subteam: true,
    name: group.name,
    handle: group.handle,
    description: '',
    is_external: false,
    date_create: 1_700_000_000,
    date_update: 1_700_000_000,
    date_delete: 0,
    auto_provision: false,
    user_count: group.users.length,
    users: withUsers ? [...group.users] : undefined,
  });
}
