/** Names with values, one a line: rich text, because a value may hold people and times as well as data. */
import type { RichTextBlock, RichTextElement } from '@slack/types';
import type { Part } from '../../view.ts';
import { type Drawn, NOTHING } from './drawing.ts';
import { largest, size } from './fit.ts';
import { cut, line } from './literal.ts';
import { elements } from './phrase.ts';

export function drawFields(part: Extract<Part, { kind: 'fields' }>, room: number): Drawn {
  const { fields } = part;
  if (fields.length === 0) return NOTHING;
  /** Values give way first, then whole fields. */
  const build = (count: number, most: number): RichTextBlock => {
    const inside: RichTextElement[] = [];
    for (const [at, field] of fields.slice(0, count).entries()) {
      if (at > 0) inside.push({ type: 'text', text: '\n' });
      inside.push({ type: 'text', text: cut(line(field.name), 200) || '–', style: { bold: true } });
      inside.push({ type: 'text', text: '  ' }, ...elements(field.value, most));
    }
    if (count < fields.length) inside.push({ type: 'text', text: `\n… and ${fields.length - count} more` });
    return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: inside }] };
  };
  const most = largest(80, 2000, n => size(build(fields.length, n)) <= room);
  if (most !== undefined) return { blocks: [build(fields.length, most)] };
  const count = largest(1, fields.length, n => size(build(n, 80)) <= room);
  return count === undefined ? NOTHING : { blocks: [build(count, 80)] };
}
