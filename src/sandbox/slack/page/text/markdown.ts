/** Reads standard markdown (Slack's markdown block) into blocks: headings, lists, tables, code, quotes, rules. Pure. */
import type { Inline } from './inline.ts';
import { parseMarkdownInline } from './markdown-inline.ts';

interface MarkdownItem {
  children: Inline[];
  /** A task's box, where it has one. */
  checked?: boolean;
  blocks: MarkdownNode[];
}

export type MarkdownNode =
  | { kind: 'heading'; level: number; children: Inline[] }
  | { kind: 'paragraph'; children: Inline[] }
  | { kind: 'code'; language: string; text: string }
  | { kind: 'quote'; blocks: MarkdownNode[] }
  | { kind: 'list'; ordered: boolean; start: number; items: MarkdownItem[] }
  | { kind: 'table'; align: ('left' | 'center' | 'right')[]; head: Inline[][]; rows: Inline[][][] }
  | { kind: 'rule' };

const bullet = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const delimiter = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

/** Never throws: what is not markup is a paragraph. */
export function parseMarkdown(text: string): MarkdownNode[] {
  return parseLines(text.replace(/\r\n?/g, '\n').split('\n'));
}

function parseLines(lines: string[]): MarkdownNode[] {
  const nodes: MarkdownNode[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    if (line.trim() === '') {
      at++;
      continue;
    }
    const [node, next] = readNode(lines, at);
    nodes.push(node);
    at = next;
  }
  return nodes;
}

function readNode(lines: string[], at: number): [MarkdownNode, number] {
  const line = lines[at] ?? '';
  const fence = /^\s*(```+|~~~+)\s*([\w-]*)/.exec(line);
  if (fence) return readFence(lines, at, fence[1] ?? '```', fence[2] ?? '');
  const heading = /^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line);
  if (heading) {
    return [
      { kind: 'heading', level: (heading[1] ?? '#').length, children: parseMarkdownInline(heading[2] ?? '') },
      at + 1,
    ];
  }
  if (/^\s{0,3}([-*_])(\s*\1){2,}\s*$/.test(line)) return [{ kind: 'rule' }, at + 1];
  if (/^\s{0,3}>/.test(line)) return readQuote(lines, at);
  if (bullet.test(line)) return readList(lines, at);
  if (line.includes('|') && delimiter.test(lines[at + 1] ?? '') && (lines[at + 1] ?? '').includes('-'))
    return readTable(lines, at);
  return readParagraph(lines, at);
}

function readFence(lines: string[], at: number, mark: string, language: string): [MarkdownNode, number] {
  let end = at + 1;
  while (end < lines.length && !(lines[end] ?? '').trim().startsWith(mark)) end++;
  return [{ kind: 'code', language, text: lines.slice(at + 1, end).join('\n') }, end + 1];
}

function readQuote(lines: string[], at: number): [MarkdownNode, number] {
  let end = at;
  while (end < lines.length && /^\s{0,3}>/.test(lines[end] ?? '')) end++;
  const inner = lines.slice(at, end).map(line => line.replace(/^\s{0,3}> ?/, ''));
  return [{ kind: 'quote', blocks: parseLines(inner) }, end];
}

function readList(lines: string[], at: number): [MarkdownNode, number] {
  const first = bullet.exec(lines[at] ?? '');
  const indent = (first?.[1] ?? '').length;
  const marker = first?.[2] ?? '-';
  const ordered = /\d/.test(marker);
  const items: MarkdownItem[] = [];
  let next = at;
  while (next < lines.length) {
    const match = bullet.exec(lines[next] ?? '');
    if (!match || (match[1] ?? '').length !== indent || /\d/.test(match[2] ?? '') !== ordered) break;
    let end = next + 1;
    while (end < lines.length && belongs(lines[end] ?? '', indent, lines[end + 1])) end++;
    items.push(readItem(match[3] ?? '', lines.slice(next + 1, end)));
    next = end;
  }
  return [{ kind: 'list', ordered, start: ordered ? Number.parseInt(marker, 10) : 1, items }, next];
}

/** Whether a line hangs on the list item above: it is indented deeper, or blank before one that is. */
function belongs(line: string, indent: number, next: string | undefined): boolean {
  if (line.trim() === '') return next !== undefined && /^\s+\S/.test(next) && leading(next) > indent;
  return leading(line) > indent;
}

function leading(line: string): number {
  return line.length - line.trimStart().length;
}

function readItem(text: string, rest: string[]): MarkdownItem {
  const task = /^\[([ xX])\]\s+(.*)$/.exec(text);
  const depth = Math.min(...rest.filter(line => line.trim() !== '').map(leading), 8);
  return {
    children: parseMarkdownInline(task ? (task[2] ?? '') : text),
    ...(task ? { checked: task[1] !== ' ' } : {}),
    blocks: parseLines(rest.map(line => line.slice(depth))),
  };
}

function cellsOf(line: string): string[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map(cell => cell.trim().replace(/\\\|/g, '|'));
}

function readTable(lines: string[], at: number): [MarkdownNode, number] {
  const align = cellsOf(lines[at + 1] ?? '').map(cell =>
    /^:-+:$/.test(cell) ? ('center' as const) : /-:$/.test(cell) ? ('right' as const) : ('left' as const),
  );
  const rows: Inline[][][] = [];
  let next = at + 2;
  while (next < lines.length && (lines[next] ?? '').includes('|')) {
    rows.push(cellsOf(lines[next] ?? '').map(parseMarkdownInline));
    next++;
  }
  return [{ kind: 'table', align, head: cellsOf(lines[at] ?? '').map(parseMarkdownInline), rows }, next];
}

function readParagraph(lines: string[], at: number): [MarkdownNode, number] {
  let end = at + 1;
  while (end < lines.length) {
    const line = lines[end] ?? '';
    if (line.trim() === '' || /^\s{0,3}(#{1,6}\s|>|```|~~~)/.test(line) || bullet.test(line)) break;
    end++;
  }
  const text = lines
    .slice(at, end)
    .map(line => line.trim())
    .join('\n');
  return [{ kind: 'paragraph', children: parseMarkdownInline(text) }, end];
}
