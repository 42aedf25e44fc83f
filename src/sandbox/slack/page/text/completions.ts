/** What a message box offers for what is being typed: commands, people, groups, channels, emoji. Pure. */
import type { PageState } from '../state.ts';
import { findEmoji } from './emoji.ts';

export interface Completion {
  kind: 'command' | 'person' | 'group' | 'channel' | 'broadcast' | 'emoji';
  /** Put in place of the word that was typed. */
  insert: string;
  label: string;
  detail: string;
  /** Whose picture to show, or which emoji. */
  id: string;
}

export interface Offer {
  /** Where the word begins in the text. */
  from: number;
  items: Completion[];
}

const most = 8;

/** undefined: nothing to offer at this place. `cursor` counts characters of `text`. */
export function completionsAt(text: string, cursor: number, state: PageState): Offer | undefined {
  const before = text.slice(0, cursor);
  const command = /^\/(\S*)$/.exec(before);
  if (command) return offer(0, commands(command[1] ?? '', state));
  const mention = /(^|[\s(])@([\p{L}\p{N}._-]*(?: [\p{L}\p{N}]*)?)$/u.exec(before);
  if (mention) return offer(cursor - (mention[2] ?? '').length - 1, people(mention[2] ?? '', state));
  const channel = /(^|[\s(])#([\p{L}\p{N}_-]*)$/u.exec(before);
  if (channel) return offer(cursor - (channel[2] ?? '').length - 1, channels(channel[2] ?? '', state));
  const emoji = /(^|\s):([a-z0-9_+-]{2,})$/.exec(before);
  if (emoji) return offer(cursor - (emoji[2] ?? '').length - 1, emojis(emoji[2] ?? ''));
  return undefined;
}

function offer(from: number, items: Completion[]): Offer | undefined {
  return items.length === 0 ? undefined : { from, items: items.slice(0, most) };
}

function commands(typed: string, state: PageState): Completion[] {
  return state.commands
    .filter(command => command.command.slice(1).startsWith(typed.toLowerCase()))
    .map(command => ({
      kind: 'command',
      insert: `${command.command} `,
      label: `${command.command} ${command.usageHint}`.trim(),
      detail: command.description,
      id: command.command,
    }));
}

function people(typed: string, state: PageState): Completion[] {
  const wanted = typed.toLowerCase();
  const fits = (...names: string[]) =>
    names.some(name => name.toLowerCase().startsWith(wanted) || name.toLowerCase().includes(` ${wanted}`));
  const persons = state.people
    .filter(user => fits(user.name, user.realName))
    .map((user): Completion => {
      const insert = user.isBot ? user.name : user.realName || user.name;
      return {
        kind: 'person',
        insert: `@${insert} `,
        label: user.realName || user.name,
        detail: user.title || `@${user.name}`,
        id: user.id,
      };
    });
  const groups = state.groups
    .filter(group => fits(group.handle, group.name))
    .map(
      (group): Completion => ({
        kind: 'group',
        insert: `@${group.handle} `,
        label: `@${group.handle}`,
        detail: group.name,
        id: group.id,
      }),
    );
  return [
    ...persons.toSorted((a, b) => Number(b.id === state.app.botUser) - Number(a.id === state.app.botUser)),
    ...groups,
  ];
}

function channels(typed: string, state: PageState): Completion[] {
  return state.channels
    .filter(channel => channel.kind !== 'im' && channel.name.includes(typed.toLowerCase()))
    .map(channel => ({
      kind: 'channel',
      insert: `#${channel.name} `,
      label: channel.name,
      detail: channel.topic,
      id: channel.id,
    }));
}

function emojis(typed: string): Completion[] {
  return findEmoji(typed, most).map(emoji => ({
    kind: 'emoji',
    insert: `:${emoji.name}: `,
    label: `:${emoji.name}:`,
    detail: '',
    id: emoji.name,
  }));
}

/** The usage of the command that the line has begun with, while its arguments are typed. */
export function usageOf(text: string, state: PageState): { line: string; about: string } | undefined {
  const word = /^(\/\S+)\s/.exec(text)?.[1];
  const command = state.commands.find(one => one.command === word);
  return command ? { line: `${command.command} ${command.usageHint}`.trim(), about: command.description } : undefined;
}
