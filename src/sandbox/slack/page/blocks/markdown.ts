/** The markdown block. */
import type { VNode } from 'preact';
import type { JsonObject } from '../../../../object.ts';
import { Code } from '../components/code.ts';
import { Inlines } from '../components/inline.ts';
import { html } from '../html.ts';
import { asText } from '../json.ts';
import { type MarkdownNode, parseMarkdown } from '../text/markdown.ts';

export function MarkdownBlock({ block }: { block: JsonObject }): VNode {
  return html`<div class="markdown">${parseMarkdown(asText(block.text)).map(draw)}</div>`;
}

function draw(node: MarkdownNode): VNode {
  switch (node.kind) {
    case 'heading':
      return html`<${`h${Math.min(6, node.level + 1)}`} class=${`md-heading md-h${node.level}`}><${Inlines} nodes=${node.children} /><//>`;
    case 'paragraph':
      return html`<p><${Inlines} nodes=${node.children} /></p>`;
    case 'code':
      return html`<${Code} text=${node.text} language=${node.language} />`;
    case 'quote':
      return html`<blockquote>${node.blocks.map(draw)}</blockquote>`;
    case 'rule':
      return html`<hr class="divider" />`;
    case 'list': {
      const items = node.items.map(
        item => html`<li class=${item.checked === undefined ? '' : 'task-item'}>
          ${item.checked === undefined ? null : html`<input type="checkbox" checked=${item.checked} disabled aria-label=${item.checked ? 'Done' : 'Open'} />`}
          <${Inlines} nodes=${item.children} />${item.blocks.map(draw)}</li>`,
      );
      return node.ordered
        ? html`<ol class="rich-list" start=${node.start}>${items}</ol>`
        : html`<ul class="rich-list">${items}</ul>`;
    }
    case 'table':
      return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Table"><table class="table">
        <thead><tr>${node.head.map((cell, column) => html`<th scope="col" class=${`align-${node.align[column] ?? 'left'}`}><${Inlines} nodes=${cell} /></th>`)}</tr></thead>
        <tbody>${node.rows.map(
          row =>
            html`<tr>${row.map((cell, column) => html`<td class=${`wrapped align-${node.align[column] ?? 'left'}`}><${Inlines} nodes=${cell} /></td>`)}</tr>`,
        )}</tbody></table></div>`;
  }
}
