/** table and data_table. */
import type { Json, JsonObject } from '../../../object.ts';
import { isObject } from '../json.ts';
import { blockId } from './composition.ts';
import { richText } from './rich-text.ts';
import { also, byType, type Check, flag, list, number, object, oneOf, string, typed, whole } from './schema.ts';

const rawText = typed('raw_text', { text: string() });
const rawNumber = typed('raw_number', { value: number, text: string() });
const cell = byType({ raw_text: rawText, raw_number: rawNumber, rich_text: richText });
const id = { block_id: blockId };

const column = object({}, { align: oneOf('left', 'center', 'right'), is_wrapped: flag });
/** A column may be passed over. */
const setting: Check = (value, at, report) => {
  if (value !== null) column(value, at, report);
};

/** By `type`. */
export const TABLES: Record<string, Check> = {
  table: typed(
    'table',
    { rows: list(list(cell, { max: 20 }), { max: 100 }) },
    { ...id, column_settings: list(setting, { max: 20 }) },
  ),
  data_table: also(
    typed(
      'data_table',
      { rows: list(list(cell, { max: 20 }), { min: 2, max: 101 }), caption: string() },
      { ...id, page_size: whole(1, 100), row_header_column_index: whole(0, 19) },
    ),
    (block, at, report) => {
      const [header, ...rows] = rowsOf(block);
      if (!header) return;
      if (header.some(one => isObject(one) && one.type === 'rich_text')) {
        report(`${at}/rows/0`, 'rich_text cannot be used for header cells');
      }
      if (rows.some(row => row.length !== header.length)) {
        report(`${at}/rows`, 'all rows must have the same number of cells');
      }
      const named = block.row_header_column_index;
      if (typeof named === 'number' && named >= header.length) {
        report(`${at}/row_header_column_index`, 'must be the index of a column');
      }
    },
  ),
};

export function rowsOf(table: JsonObject): Json[][] {
  return Array.isArray(table.rows) ? table.rows.filter(row => Array.isArray(row)) : [];
}
