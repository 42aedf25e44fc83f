/** rich_text: what Slack's own composer writes, and what apps write where names must not become markup. */
import type { VNode } from 'preact';
import type { JsonObject } from '../../../../object.ts';
import { Code } from '../components/code.ts';
import { Inlines } from '../components/inline.ts';
import { html } from '../html.ts';
import { asObjects, asText } from '../json.ts';
import { plainText } from '../text/inline.ts';
import { type ListTree, nestLists, readElements } from './rich-text-tree.ts';

export function RichTextBlock({ block }: { block: JsonObject }): VNode {
  const drawn: VNode[] = [];
  let lists: JsonObject[] = [];
  const flush = () => {
    for (const tree of nestLists(lists)) drawn.push(html`<${RichList} tree=${tree} level=${tree.indent} />`);
    lists = [];
  };
  for (const element of asObjects(block.elements)) {
    if (element.type === 'rich_text_list') {
      lists.push(element);
      continue;
    }
    flush();
    drawn.push(drawElement(element));
  }
  flush();
  return html`<div class="rich-text">${drawn}</div>`;
}

function drawElement(element: JsonObject): VNode {
  const nodes = readElements(asObjects(element.elements));
  switch (asText(element.type)) {
    case 'rich_text_preformatted': {
      const text = plainText(nodes, (_kind, id) => id);
      return html`<${Code} text=${text} language=${asText(element.language)} />`;
    }
    case 'rich_text_quote':
      return html`<blockquote><${Inlines} nodes=${nodes} /></blockquote>`;
    default:
      return html`<div class="line"><${Inlines} nodes=${nodes} /></div>`;
  }
}

function RichList({ tree, level }: { tree: ListTree; level: number }): VNode {
  const items = tree.items.map(
    item =>
      html`<li><${Inlines} nodes=${item.content} />${item.lists.map(
        inner => html`<${RichList} tree=${inner} level=${level + 1} />`,
      )}</li>`,
  );
  const classes = `rich-list level-${level % 3}`;
  return tree.ordered
    ? html`<ol class=${classes} start=${tree.start}>${items}</ol>`
    : html`<ul class=${classes}>${items}</ul>`;
}
