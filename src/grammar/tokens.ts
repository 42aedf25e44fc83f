/**
 * Chat text → words. Undoes what chats do to what people type: smart quotes, long dashes, links made of host names,
 * escaped `<>&`. https://docs.slack.dev/messaging/formatting-message-text
 */

export interface Word {
  text: string;
  /** It stood in quotes: never a flag, whatever it begins with. */
  quoted: boolean;
}

export type Words = { kind: 'words'; words: Word[] } | { kind: 'unclosed'; quote: string };

const CLOSING: Record<string, string> = {
  '"': '"',
  "'": "'",
  '“': '”',
  '”': '”',
  '„': '“',
  '‘': '’',
  '`': '`',
  '«': '»',
};

export function wordsOf(text: string): Words {
  const plain = unlinked(text);
  const words: Word[] = [];
  let at = 0;
  while (at < plain.length) {
    if (isSpace(plain[at]!)) {
      at += 1;
      continue;
    }
    const read = wordAt(plain, at);
    if (read.kind === 'unclosed') return read;
    words.push(read.word);
    at = read.next;
  }
  return { kind: 'words', words };
}

type Read = { kind: 'word'; word: Word; next: number } | { kind: 'unclosed'; quote: string };

/** A word runs to the next space outside quotes; quotes may stand inside it, as in `--match="a b"`. */
function wordAt(text: string, start: number): Read {
  let at = start;
  let word = '';
  const quoted = text[start]! in CLOSING;
  while (at < text.length && !isSpace(text[at]!)) {
    const char = text[at]!;
    const closing = CLOSING[char];
    // An apostrophe inside a word is a letter of it.
    if (closing === undefined || (isApostrophe(char) && word !== '' && !word.endsWith('='))) {
      word += char;
      at += 1;
      continue;
    }
    const end = closedAt(text, at + 1, char, closing);
    if (end < 0) return { kind: 'unclosed', quote: char };
    word += text.slice(at + 1, end);
    at = end + 1;
  }
  return { kind: 'word', word: { text: quoted ? word : undashed(word), quoted }, next: at };
}

/** A smart quote may be closed by the other half, or by the same one where the keyboard gave two alike. */
function closedAt(text: string, from: number, opening: string, closing: string): number {
  const smart = '“”„'.includes(opening) ? '“”"' : '‘’'.includes(opening) ? "‘’'" : closing;
  for (let at = from; at < text.length; at += 1) if (smart.includes(text[at]!)) return at;
  return -1;
}

/** `—route` and `–route` are `--route` after a phone's keyboard. */
function undashed(word: string): string {
  return word.replace(/^[—–]+/, '--').replace(/^--?-+/, '--');
}

/** `<http://x.example|x.example>` → `x.example`, `<http://x.example>` → `http://x.example`; then the escapes. */
function unlinked(text: string): string {
  return text
    .replace(/<(?:https?:\/\/|mailto:)[^<>|]*\|([^<>|]*)>/g, '$1')
    .replace(/<((?:https?:\/\/|mailto:)[^<>|]*)>/g, (_, url: string) => url.replace(/^mailto:/, ''))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function isApostrophe(char: string): boolean {
  return char === "'" || char === '’' || char === '‘';
}

/** Zero-width characters come along when names are copied; they are no part of any. */
function isSpace(char: string): boolean {
  return /[\s\u200b-\u200d\u2060\ufeff]/.test(char);
}
