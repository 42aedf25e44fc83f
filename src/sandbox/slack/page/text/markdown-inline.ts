/** Reads the running text of markdown: **bold**, *italic*, ~~strike~~, `code`, [links](…), escapes. Pure. */
import { emojiCharacter } from './emoji.ts';
import { type Inline, safeUrl } from './inline.ts';
import { withoutEntities } from './mrkdwn.ts';

interface Found {
  node: Inline;
  length: number;
}

export function parseMarkdownInline(text: string): Inline[] {
  const nodes: Inline[] = [];
  let plain = '';
  const flush = () => {
    if (plain !== '') nodes.push({ kind: 'text', text: withoutEntities(plain) });
    plain = '';
  };
  let at = 0;
  while (at < text.length) {
    const escaped = /^\\([\\`*_{}[\]()#+\-.!|~<>])/.exec(text.slice(at));
    if (escaped) {
      plain += escaped[1] ?? '';
      at += 2;
      continue;
    }
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

const word = /[\p{L}\p{N}]/u;

function tokenAt(text: string, at: number): Found | undefined {
  const rest = text.slice(at);
  const character = text[at];
  if (character === '\n') return { node: { kind: 'break' }, length: 1 };
  if (character === '`') return codeAt(rest);
  if (character === '!' || character === '[') return linkAt(rest);
  if (character === '<') return angleAt(rest);
  if (character === ':') return emojiAt(rest);
  if (character === 'h' && !word.test(text[at - 1] ?? ' ')) return bareAt(rest);
  for (const [pattern, kind] of [
    [/^(\*\*)(?=\S)([\s\S]*?\S)\*\*/, 'bold'],
    [/^(__)(?=\S)([\s\S]*?\S)__(?!\w)/, 'bold'],
    [/^(~~)(?=\S)([\s\S]*?\S)~~/, 'strike'],
    [/^(\*)(?=[^\s*])([\s\S]*?[^\s*])\*(?!\*)/, 'italic'],
    [/^(_)(?=[^\s_])([\s\S]*?[^\s_])_(?!\w)/, 'italic'],
  ] as const) {
    const match = pattern.exec(rest);
    if (!match) continue;
    if (match[1]?.startsWith('_') && word.test(text[at - 1] ?? ' ')) continue;
    return { node: { kind, children: parseMarkdownInline(match[2] ?? '') }, length: match[0].length };
  }
  return undefined;
}

function codeAt(rest: string): Found | undefined {
  const match = /^(`+)([\s\S]*?[^`])\1(?!`)/.exec(rest);
  return match ? { node: { kind: 'code', text: (match[2] ?? '').trim() }, length: match[0].length } : undefined;
}

function linkAt(rest: string): Found | undefined {
  const match = /^!?\[([^\]\n]*)\]\(\s*([^\s)]+)(?:\s+"[^"]*")?\s*\)/.exec(rest);
  if (!match) return undefined;
  const url = safeUrl(match[2] ?? '');
  const children = parseMarkdownInline(match[1] || (match[2] ?? ''));
  return url === undefined
    ? { node: { kind: 'text', text: match[1] ?? '' }, length: match[0].length }
    : { node: { kind: 'link', url, children }, length: match[0].length };
}

function angleAt(rest: string): Found | undefined {
  const mention = /^<([@#])([UWC][A-Z0-9]+)(?:\|([^>]*))?>/.exec(rest);
  if (mention) {
    const kind = mention[1] === '@' ? 'user' : 'channel';
    return { node: { kind, id: mention[2] ?? '' }, length: mention[0].length };
  }
  const match = /^<(https?:\/\/[^\s>]+|mailto:[^\s>]+)>/.exec(rest);
  const url = match?.[1];
  if (!match || url === undefined) return undefined;
  return { node: { kind: 'link', url, children: [{ kind: 'text', text: url }] }, length: match[0].length };
}

function emojiAt(rest: string): Found | undefined {
  const match = /^:([a-z0-9_+'-]+):/.exec(rest);
  const character = emojiCharacter(match?.[1] ?? '');
  if (!match || character === undefined) return undefined;
  return { node: { kind: 'emoji', name: match[1] ?? '', character }, length: match[0].length };
}

function bareAt(rest: string): Found | undefined {
  const match = /^https?:\/\/[^\s<>|`*\])]+/.exec(rest);
  if (!match) return undefined;
  const url = match[0].replace(/[.,;:!?'"]+$/, '');
  return { node: { kind: 'link', url, children: [{ kind: 'text', text: url }] }, length: url.length };
}
