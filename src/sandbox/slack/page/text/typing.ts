/** What the formatting buttons do to the text of a message box. Pure: text and selection in, text and selection out. */

export interface Typed {
  text: string;
  start: number;
  end: number;
}

export type Format = 'bold' | 'italic' | 'strike' | 'code' | 'pre' | 'quote' | 'bullets' | 'numbers';

const marks: Partial<Record<Format, string>> = { bold: '*', italic: '_', strike: '~', code: '`' };

/** Wraps the selection in the format's marks, or takes them away where they are. */
export function format(typed: Typed, as: Format): Typed {
  const mark = marks[as];
  if (mark !== undefined) return wrap(typed, mark, mark);
  if (as === 'pre') return wrap(typed, '```\n', '\n```');
  return prefixLines(typed, index => (as === 'quote' ? '> ' : as === 'bullets' ? '• ' : `${index + 1}. `));
}

function wrap({ text, start, end }: Typed, open: string, close: string): Typed {
  const inner = text.slice(start, end);
  const before = text.slice(0, start);
  const after = text.slice(end);
  if (before.endsWith(open) && after.startsWith(close)) {
    const from = start - open.length;
    return {
      text: before.slice(0, -open.length) + inner + after.slice(close.length),
      start: from,
      end: from + inner.length,
    };
  }
  const from = start + open.length;
  return { text: before + open + inner + close + after, start: from, end: from + inner.length };
}

function prefixLines({ text, start, end }: Typed, prefix: (index: number) => string): Typed {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const lines = text.slice(from, end).split('\n');
  const marked = lines.map((line, index) => prefix(index) + line).join('\n');
  const at = from + marked.length;
  return { text: text.slice(0, from) + marked + text.slice(end), start: at, end: at };
}

/** Puts `inserted` in place of what stands between `from` and the end of the selection. */
export function insert({ text, end }: Typed, from: number, inserted: string): Typed {
  const rest = text.slice(end);
  const piece = rest.startsWith(' ') ? inserted.trimEnd() : inserted;
  const at = from + piece.length + (piece === inserted ? 0 : 1);
  return { text: text.slice(0, from) + piece + rest, start: at, end: at };
}
