/** The people, channels and groups of one running local Slack, and who may see what. Starts as people.ts has them. */
import { copy } from '../copy.ts';
import { newId } from './ids.ts';
import { APP, CHANNELS, type Channel, type Group, type Member, ON_CALL, PEOPLE } from './people.ts';

export interface World {
  people: Member[];
  groups: Group[];
  channels: Channel[];
  person(id: string): Member | undefined;
  channel(id: string): Channel | undefined;
  group(id: string): Group | undefined;
  /** The direct messages between a person and the app; opened on first use. */
  directMessages(user: string): Channel;
  /** May this person read that channel? */
  sees(user: string, channel: string): boolean;
}

export function newWorld(): World {
  const people = copy([...PEOPLE]);
  const groups = [copy(ON_CALL)];
  const channels = copy([...CHANNELS]);
  const byId = new Map(channels.map(channel => [channel.id, channel]));
  const world: World = {
    people,
    groups,
    channels,
    person: id => people.find(person => person.id === id),
    channel: id => byId.get(id),
    group: id => groups.find(group => group.id === id),
    directMessages(user) {
      const open = channels.find(channel => channel.kind === 'im' && channel.members.includes(user));
      if (open) return open;
      const members = [user, APP.botUser];
      const made: Channel = {
        id: newId('D', 9),
        name: 'directmessage',
        topic: '',
        kind: 'im',
        members,
        archived: false,
        shared: false,
      };
      channels.push(made);
      byId.set(made.id, made);
      return made;
    },
    sees: (user, channel) => byId.get(channel)?.members.includes(user) ?? false,
  };
  for (const person of people) if (!person.isBot && !person.isDeleted) world.directMessages(person.id);
  return world;
}
