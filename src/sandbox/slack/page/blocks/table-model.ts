/** What the cells of tables say, and how a data table is searched, sorted and cut into pages. Pure. */
import type { JsonObject } from '../../../../object.ts';
import { asNumber, asObject, asObjects, asText } from '../json.ts';
import { plainText } from '../text/inline.ts';
import { readElements } from './rich-text-tree.ts';

export type Row = JsonObject[];

export function rowsOf(block: JsonObject): Row[] {
  const rows = block.rows;
  return Array.isArray(rows) ? rows.map(row => asObjects(row)) : [];
}

export function columnAlign(setting: JsonObject | undefined): 'left' | 'center' | 'right' {
  const align = setting?.align;
  return align === 'center' || align === 'right' ? align : 'left';
}

/** The words of a cell, for searching and sorting. */
export function cellText(cell: JsonObject | undefined): string {
  if (!cell) return '';
  if (cell.type !== 'rich_text') return asText(cell.text) || asText(cell.value) || asText(asObject(cell.element)?.text);
  return asObjects(cell.elements)
    .map(element => plainText(readElements(deepElements(element)), (_kind, id) => id))
    .join(' ');
}

/** A list's items hold the elements one level deeper. */
function deepElements(element: JsonObject): JsonObject[] {
  const elements = asObjects(element.elements);
  return element.type === 'rich_text_list' ? elements.flatMap(item => asObjects(item.elements)) : elements;
}

/** The cell as a number: its own value, or text such as `1,204`, `50 %`, `3.2 ms`. */
export function cellNumber(cell: JsonObject | undefined): number | undefined {
  if (cell?.type === 'raw_number') return asNumber(cell.value);
  const match = /^[<>~≤≥]?\s*([-+]?[\d,]*\.?\d+)\s*\S{0,4}$/.exec(cellText(cell).trim());
  return match?.[1] === undefined ? undefined : asNumber(match[1].replace(/,/g, ''));
}

export interface Sorting {
  column: number;
  down: boolean;
}

/** Numbers by size where the whole column is numbers, else words as people sort them. Equal rows keep their order. */
export function sortRows(rows: Row[], sorting: Sorting | undefined): Row[] {
  if (!sorting) return rows;
  const { column, down } = sorting;
  const numeric = isNumeric(rows, column);
  const compare = (a: Row, b: Row) =>
    numeric
      ? (cellNumber(a[column]) ?? 0) - (cellNumber(b[column]) ?? 0)
      : cellText(a[column]).localeCompare(cellText(b[column]), 'en', { numeric: true, sensitivity: 'base' });
  return rows.toSorted((a, b) => (down ? compare(b, a) : compare(a, b)));
}

export function isNumeric(rows: Row[], column: number): boolean {
  return rows.length > 0 && rows.every(row => cellNumber(row[column]) !== undefined);
}

/** Rows in which every word of `query` stands somewhere. */
export function filterRows(rows: Row[], query: string): Row[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(row => {
    const text = row.map(cellText).join(' ').toLowerCase();
    return words.every(word => text.includes(word));
  });
}

export interface PageOfRows {
  rows: Row[];
  /** From 1. */
  page: number;
  pages: number;
  first: number;
  last: number;
  total: number;
}

/** Page `wanted` (from 1), or the nearest there is. */
export function pageOf(rows: Row[], wanted: number, size: number): PageOfRows {
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const page = Math.min(Math.max(1, wanted), pages);
  const from = (page - 1) * size;
  const shown = rows.slice(from, from + size);
  return {
    rows: shown,
    page,
    pages,
    first: shown.length === 0 ? 0 : from + 1,
    last: from + shown.length,
    total: rows.length,
  };
}
