/** Slack's table block: rows of cells, the first one the head. */
import type { VNode } from 'preact';
import type { JsonObject } from '../../../../object.ts';
import { Element } from '../elements/element.ts';
import { html } from '../html.ts';
import { asObject, asObjects, asText } from '../json.ts';
import { RichTextBlock } from './rich-text.ts';
import { columnAlign, rowsOf } from './table-model.ts';

export function Cell({ cell, blockId }: { cell: JsonObject; blockId?: string }): VNode {
  if (cell.type === 'rich_text') return html`<${RichTextBlock} block=${cell} />`;
  const inner = asObject(cell.element) ?? (cell.type === 'button' ? cell : undefined);
  if (inner) return html`<${Element} element=${inner} blockId=${blockId ?? ''} />`;
  return html`<span class="raw">${asText(cell.text) || asText(cell.value)}</span>`;
}

export function TableBlock({ block }: { block: JsonObject }): VNode {
  const [head = [], ...rows] = rowsOf(block);
  const settings = asObjects(block.column_settings);
  const style = (column: number) => {
    const setting = settings[column];
    return `align-${columnAlign(setting)} ${setting?.is_wrapped === true ? 'wrapped' : ''}`;
  };
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Table">
    <table class="table">
      <thead><tr>${head.map((cell, column) => html`<th scope="col" class=${style(column)}><${Cell} cell=${cell} /></th>`)}</tr></thead>
      <tbody>${rows.map(
        row =>
          html`<tr>${row.map((cell, column) => html`<td class=${style(column)}><${Cell} cell=${cell} /></td>`)}</tr>`,
      )}</tbody>
    </table>
  </div>`;
}
