/** Points as a rich text list. */
import type { RichTextBlock, RichTextSection } from '@slack/types';
import type { Part } from '../../view.ts';
import { type Drawn, NOTHING } from './drawing.ts';
import { largest, size } from './fit.ts';
import { section } from './phrase.ts';

export function drawBullets(part: Extract<Part, { kind: 'bullets' }>, room: number): Drawn {
  const { items } = part;
  const build = (count: number, most: number): RichTextBlock => {
    const shown = items.slice(0, count).flatMap(item => section(item, most) ?? []);
    const more: RichTextSection[] =
      count < items.length
        ? [{ type: 'rich_text_section', elements: [{ type: 'text', text: `… and ${items.length - count} more` }] }]
        : [];
    return {
      type: 'rich_text',
      elements: [{ type: 'rich_text_list', style: 'bullet', elements: [...shown, ...more] }],
    };
  };
  const visible = (block: RichTextBlock): Drawn => {
    const list = block.elements[0];
    return list !== undefined && list.elements.length > 0 ? { blocks: [block] } : NOTHING;
  };
  const most = largest(160, 2000, n => size(build(items.length, n)) <= room);
  if (most !== undefined) return visible(build(items.length, most));
  const count = largest(1, items.length, n => size(build(n, 160)) <= room);
  return count === undefined ? NOTHING : visible(build(count, 160));
}
