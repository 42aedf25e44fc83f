/**
 * Reads Slack's mrkdwn into a tree: *bold*, _italic_, ~strike~, `code`, fences, > quotes, <links>, mentions, dates and
 * :emoji:. Pure. Rules from "Formatting message text" (docs.slack.dev).
 */
import { emojiCharacter } from './emoji.ts';
import { type Inline, safeUrl } from './inline.ts';

export type MrkdwnBlock =
  | { kind: 'paragraph'; children: Inline[] }
  | { kind: 'quote'; children: Inline[] }
  | { kind: 'pre'; text: string };

const fence = /```\n?([\s\S]*?)\n?```/g;
const quoteMark = /^(?:&gt;|>) ?/;

/** Never throws: what is not markup is text. */
export function parseMrkdwn(text: string): MrkdwnBlock[] {
  const blocks: MrkdwnBlock[] = [];
  let from = 0;
  for (const match of text.matchAll(fence)) {
    blocks.push(...parseLines(text.slice(from, match.index).replace(/\n$/, '')));
    blocks.push({ kind: 'pre', text: flatten(match[1] ?? '') });
    from = match.index + match[0].length;
    if (text[from] === '\n') from++;
  }
  blocks.push(...parseLines(text.slice(from)));
  return blocks;
}

function parseLines(text: string): MrkdwnBlock[] {
  if (text === '') return [];
  const blocks: MrkdwnBlock[] = [];
  let lines: string[] = [];
  let quoted = false;
  const flush = () => {
    if (lines.length > 0)
      blocks.push({ kind: quoted ? 'quote' : 'paragraph', children: parseInline(lines.join('\n')) });
    lines = [];
  };
  for (const line of text.split('\n')) {
    const isQuote = quoteMark.test(line);
    if (isQuote !== quoted) flush();
    quoted = isQuote;
    lines.push(isQuote ? line.replace(quoteMark, '') : line);
  }
  flush();
  return blocks;
}

const styles: Record<string, 'bold' | 'italic' | 'strike'> = { '*': 'bold', _: 'italic', '~': 'strike' };
const wordCharacter = /[\p{L}\p{N}]/u;

/** One line or several; line ends become breaks. */
export function parseInline(text: string): Inline[] {
  const nodes: Inline[] = [];
  let plain = '';
  const flush = () => {
    if (plain !== '') nodes.push({ kind: 'text', text: withoutEntities(plain) });
    plain = '';
  };
  let at = 0;
  while (at < text.length) {
    const found = tokenAt(text, at);
    if (found) {
      flush();
      nodes.push(found.node);
      at += found.length;
    } else {
      plain += text[at];
      at++;
    }
  }
  flush();
  return nodes;
}

function tokenAt(text: string, at: number): { node: Inline; length: number } | undefined {
  const character = text[at] ?? '';
  const rest = text.slice(at);
  if (character === '\n') return { node: { kind: 'break' }, length: 1 };
  if (character === '<') {
    const angle = /^<([^<>\n]+)>/.exec(rest);
    const node = angle ? parseAngle(angle[1] ?? '') : undefined;
    return angle && node ? { node, length: angle[0].length } : undefined;
  }
  if (character === '`') {
    const code = /^`([^`\n]+)`/.exec(rest);
    return code ? { node: { kind: 'code', text: flatten(code[1] ?? '') }, length: code[0].length } : undefined;
  }
  if (character === ':') return emojiAt(rest);
  if (character === 'h' && !wordCharacter.test(text[at - 1] ?? ' ')) return bareLinkAt(rest);
  const kind = styles[character];
  if (kind === undefined || wordCharacter.test(text[at - 1] ?? ' ')) return undefined;
  const end = closing(text, at, character);
  if (end < 0) return undefined;
  return { node: { kind, children: parseInline(text.slice(at + 1, end)) }, length: end + 1 - at };
}

/** Where the style that opens at `at` ends: on the same line, not after a space, not inside a word. -1: nowhere. */
function closing(text: string, at: number, marker: string): number {
  const next = text[at + 1];
  if (next === undefined || /\s/.test(next) || next === marker) return -1;
  for (let end = at + 2; end < text.length; end++) {
    const character = text[end];
    if (character === '\n') return -1;
    if (character === '`') {
      const skip = text.indexOf('`', end + 1);
      if (skip > 0) end = skip;
      continue;
    }
    if (character !== marker || /\s/.test(text[end - 1] ?? '')) continue;
    if (!wordCharacter.test(text[end + 1] ?? ' ')) return end;
  }
  return -1;
}

function parseAngle(inner: string): Inline | undefined {
  const bar = inner.indexOf('|');
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? undefined : withoutEntities(inner.slice(bar + 1));
  const named = label === undefined ? {} : { label };
  if (/^@[UW]/.test(target)) return { kind: 'user', id: target.slice(1), ...named };
  if (/^#C/.test(target)) return { kind: 'channel', id: target.slice(1), ...named };
  if (target.startsWith('!subteam^')) return { kind: 'group', id: target.slice('!subteam^'.length), ...named };
  if (target.startsWith('!date^')) return parseDate(target, label);
  if (/^!(here|channel|everyone)$/.test(target)) return { kind: 'broadcast', range: target.slice(1) };
  const url = safeUrl(withoutEntities(target));
  if (url === undefined) return undefined;
  return { kind: 'link', url, children: label === undefined ? [{ kind: 'text', text: url }] : parseLabel(label) };
}

/** Link labels may hold emoji and styles, but no links. */
function parseLabel(label: string): Inline[] {
  return /[*_~`:]/.test(label) ? parseInline(label.replace(/</g, '&lt;')) : [{ kind: 'text', text: label }];
}

function parseDate(target: string, fallback: string | undefined): Inline {
  const [, seconds = '', format = '{date}', url] = target.split('^');
  const link = url === undefined ? undefined : safeUrl(url);
  return {
    kind: 'date',
    at: Number(seconds),
    format: withoutEntities(format),
    fallback: fallback ?? seconds,
    ...(link === undefined ? {} : { url: link }),
  };
}

function emojiAt(rest: string): { node: Inline; length: number } | undefined {
  const match = /^:([a-z0-9_+'-]+):(:skin-tone-[2-6]:)?/.exec(rest);
  const name = match?.[1];
  if (!match || name === undefined) return undefined;
  const character = emojiCharacter(name);
  return character === undefined ? undefined : { node: { kind: 'emoji', name, character }, length: match[0].length };
}

function bareLinkAt(rest: string): { node: Inline; length: number } | undefined {
  const match = /^https?:\/\/[^\s<>|`*]+/.exec(rest);
  if (!match) return undefined;
  const raw = match[0].replace(/[.,;:!?)\]'"]+$/, '');
  const url = withoutEntities(raw);
  return { node: { kind: 'link', url, children: [{ kind: 'text', text: url }] }, length: raw.length };
}

/** Code keeps its characters; of links and mentions inside it only the words remain. */
function flatten(code: string): string {
  return withoutEntities(
    code.replace(/<([^<>|\n]+)(?:\|([^<>\n]*))?>/g, (whole, target: string, label?: string) =>
      /^(https?:|mailto:)/.test(target) ? (label ?? target) : whole,
    ),
  );
}

/** `&amp;`, `&lt;` and `&gt;` as characters: the three that Slack escapes. */
export function withoutEntities(text: string): string {
  return text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}
