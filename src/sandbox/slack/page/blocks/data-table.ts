/** data_table: a table with pages, which one can search and sort. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { JsonObject } from '../../../../object.ts';
import { html } from '../html.ts';
import { Icon } from '../icons.ts';
import { asNumber, asText } from '../json.ts';
import { Cell } from './table.ts';
import { cellText, filterRows, isNumeric, pageOf, rowsOf, type Sorting, sortRows } from './table-model.ts';

export function DataTableBlock({ block }: { block: JsonObject }): VNode {
  const [query, setQuery] = useState('');
  const [sorting, setSorting] = useState<Sorting | undefined>(undefined);
  const [wanted, setWanted] = useState(1);
  const [head = [], ...rows] = rowsOf(block);
  const size = Math.min(100, Math.max(1, asNumber(block.page_size) ?? 5));
  const headColumn = asNumber(block.row_header_column_index) ?? 0;
  const shown = pageOf(sortRows(filterRows(rows, query), sorting), wanted, size);
  const caption = asText(block.caption);
  const numeric = head.map((_cell, column) => isNumeric(rows, column));

  const sortBy = (column: number) => {
    setWanted(1);
    setSorting(before =>
      before?.column !== column ? { column, down: false } : before.down ? undefined : { column, down: true },
    );
  };
  const sortState = (column: number) =>
    sorting?.column !== column ? 'none' : sorting.down ? 'descending' : 'ascending';

  return html`<div class="data-table">
    <div class="data-table-bar">
      <span class="data-table-caption">${caption}</span>
      <label class="data-table-search"><${Icon} name="search" size=${14} />
        <input type="search" aria-label=${`Filter ${caption || 'table'}`} placeholder="Filter" value=${query}
          onInput=${(event: Event) => {
            setQuery((event.target as HTMLInputElement).value);
            setWanted(1);
          }} />
      </label>
    </div>
    <div class="table-scroll" tabindex="0" role="region" aria-label=${caption || 'Table'}>
      <table class="table">
        <caption class="visually-hidden">${caption}</caption>
        <thead><tr>${head.map(
          (
            cell,
            column,
          ) => html`<th scope="col" aria-sort=${sortState(column)} class=${numeric[column] ? 'align-right' : ''}>
            <button type="button" class=${`sort ${sorting?.column === column ? 'sorted' : ''}`} onClick=${() => sortBy(column)}>${cellText(cell)}
              <${Icon} name=${sortState(column) === 'none' ? 'sort' : sortState(column) === 'ascending' ? 'up' : 'down'} size=${13} />
            </button></th>`,
        )}</tr></thead>
        <tbody>
          ${shown.rows.map(
            row =>
              html`<tr>${row.map((cell, column) => {
                const align = numeric[column] ? 'align-right' : '';
                const content = html`<${Cell} cell=${cell} blockId=${asText(block.block_id)} />`;
                return column === headColumn
                  ? html`<th scope="row" class=${align}>${content}</th>`
                  : html`<td class=${align}>${content}</td>`;
              })}</tr>`,
          )}
          ${shown.total === 0 ? html`<tr><td colspan=${head.length} class="data-table-empty">Nothing matches “${query}”.</td></tr>` : null}
        </tbody>
      </table>
    </div>
    <div class="data-table-foot">
      <span role="status">${shown.total === 0 ? 'No rows' : `${shown.first}–${shown.last} of ${shown.total}`}</span>
      ${
        shown.pages > 1
          ? html`<span class="pager">
              <button type="button" class="icon-button" aria-label="Previous page" disabled=${shown.page === 1}
                onClick=${() => setWanted(shown.page - 1)}><${Icon} name="left" size=${16} /></button>
              <span>Page ${shown.page} of ${shown.pages}</span>
              <button type="button" class="icon-button" aria-label="Next page" disabled=${shown.page === shown.pages}
                onClick=${() => setWanted(shown.page + 1)}><${Icon} name="right" size=${16} /></button>
            </span>`
          : null
      }
    </div>
  </div>`;
}
