/** Rows and columns: a table block where one may still be drawn, else columns of text. */
import type { RawTextElement, RichTextBlock, TableBlock } from '@slack/types';
import { type Part, type Phrase, plain } from '../../view.ts';
import { type Canvas, type Drawn, NOTHING } from './drawing.ts';
import { largest, size } from './fit.ts';
import { LIMITS } from './limits.ts';
import { cut, line, measures } from './literal.ts';
import { note } from './note.ts';
import { section } from './phrase.ts';
import { preformatted } from './preformatted.ts';

type Table = Extract<Part, { kind: 'table' }>;
type Cell = RawTextElement | RichTextBlock;

const CELL = 300;
/** Slack refuses an empty cell; a space it cannot trim stands for nothing. */
const EMPTY: RawTextElement = { type: 'raw_text', text: '\u00A0' };

export function drawTable(part: Table, room: number, canvas: Canvas): Drawn {
  if (part.columns.length === 0) return NOTHING;
  if (canvas.surface === 'view' || canvas.tables === 0) return asText(part, room);
  const all = part.rows.length;
  const most = largest(0, Math.min(all, LIMITS.tableRows - 1), n => size(asBlocks(part, n)) <= room);
  if (most === undefined || (most === 0 && all > 0)) return asText(part, room);
  canvas.tables -= 1;
  return { blocks: asBlocks(part, most) };
}

function asBlocks(part: Table, count: number): (TableBlock | ReturnType<typeof note>)[] {
  const columns = part.columns.slice(0, LIMITS.tableColumns);
  const title = columns.map<Cell>(column => cell(column.title));
  const rows = part.rows.slice(0, count).map(row => columns.map<Cell>((_, at) => cell(row[at] ?? '')));
  const table: TableBlock = {
    type: 'table',
    rows: [title, ...rows],
    column_settings: columns.map(column => ({ align: column.align ?? 'left', is_wrapped: true })),
  };
  const left = leftOut(part, count);
  return left === undefined ? [table] : [table, note(left)];
}

function cell(phrase: Phrase): Cell {
  if (typeof phrase === 'string' || phrase.every(span => typeof span === 'string')) {
    const text = cut(measures(line(plain(phrase))), CELL);
    return text === '' ? EMPTY : { type: 'raw_text', text };
  }
  const inside = section(phrase, CELL);
  return inside ? { type: 'rich_text', elements: [inside] } : EMPTY;
}

/** A sentence on what is not shown. */
function leftOut(part: Table, rows: number): string | undefined {
  const columns = part.columns.length - LIMITS.tableColumns;
  const parts = [
    ...(rows < part.rows.length ? [`${part.rows.length - rows} more of ${part.rows.length} rows`] : []),
    ...(columns > 0 ? [`${columns} more of ${part.columns.length} columns`] : []),
  ];
  return parts.length === 0 ? undefined : `… ${parts.join(' and ')} not shown`;
}

function asText(part: Table, room: number): Drawn {
  const columns = part.columns.slice(0, LIMITS.tableColumns);
  const rows = [columns.map(column => column.title), ...part.rows].map(row =>
    columns.map((_, at) => cut(line(plain(row[at] ?? '')), 60)),
  );
  const widths = columns.map((_, at) => Math.max(...rows.map(row => row[at]?.length ?? 0)));
  const lines = rows.map(row =>
    row
      .map((text, at) =>
        columns[at]?.align === 'right' ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  const build = (count: number): string => {
    const left = leftOut(part, count);
    return [...lines.slice(0, count + 1), ...(left === undefined ? [] : [left])].join('\n');
  };
  const count = largest(0, part.rows.length, n => size(preformatted(build(n) || '–')) <= room);
  return count === undefined ? NOTHING : { blocks: [preformatted(build(count) || '–')] };
}
