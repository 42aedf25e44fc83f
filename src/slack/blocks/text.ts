/** A paragraph as rich text. */
import type { RichTextBlock } from '@slack/types';
import type { Part } from '../../view.ts';
import { type Drawn, NOTHING } from './drawing.ts';
import { largest, size } from './fit.ts';
import { LIMITS } from './limits.ts';
import { section } from './phrase.ts';

export function drawText(part: Extract<Part, { kind: 'text' }>, room: number): Drawn {
  const build = (most: number): RichTextBlock | undefined => {
    const inside = section(part.text, most);
    return inside && { type: 'rich_text', elements: [inside] };
  };
  const most = largest(1, LIMITS.element, n => size(build(n) ?? null) <= room);
  const block = most === undefined ? undefined : build(most);
  return block ? { blocks: [block] } : NOTHING;
}
