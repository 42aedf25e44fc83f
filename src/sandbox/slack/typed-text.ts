/** What a person typed, as Slack keeps it: escaped, with mentions as ids; and which line is a command. */
import type { World } from './world.ts';

/** `@meshbot`, `@riko`, `@Riko Tanaka`, `@mesh-oncall` and `#mesh` become mentions; `&<>` are escaped. */
export function asStored(world: World, typed: string): string {
  let text = typed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  // What the page's own completion inserts is a mention already.
  text = text.replace(/&lt;(@[UW][A-Z0-9]+|#C[A-Z0-9]+(?:\|[^&]*)?|!subteam\^S[A-Z0-9]+)&gt;/g, '<$1>');
  const named: [string, string][] = [];
  for (const person of world.people) named.push([`@${person.name}`, `<@${person.id}>`]);
  for (const person of world.people) named.push([`@${person.realName}`, `<@${person.id}>`]);
  for (const group of world.groups) named.push([`@${group.handle}`, `<!subteam^${group.id}>`]);
  for (const channel of world.channels) {
    if (channel.kind !== 'im') named.push([`#${channel.name}`, `<#${channel.id}|${channel.name}>`]);
  }
  // The longer name first, so that `@mesh-oncall` is not a mention of `@mesh`.
  for (const [name, mention] of named.sort((a, b) => b[0].length - a[0].length)) {
    text = text.replace(new RegExp(`(?<![\\w<@#|])${literally(name)}(?![\\w-])`, 'gi'), () => mention);
  }
  return text;
}

/** undefined: not a command. */
export function commandIn(typed: string): { command: string; text: string } | undefined {
  const match = /^\/(\S+)(?:\s+([\s\S]*))?$/.exec(typed);
  if (!match) return undefined;
  return { command: `/${match[1]}`, text: (match[2] ?? '').trim() };
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
