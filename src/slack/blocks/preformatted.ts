/** Text shown as it is, in a fixed-width font, split where one element would be too long. */
import type { RichTextBlock, RichTextText } from '@slack/types';
import { LIMITS } from './limits.ts';
import { head } from './literal.ts';

/** `shown` must be literal already and not empty. */
export function preformatted(shown: string): RichTextBlock {
  const elements: RichTextText[] = [];
  for (let rest = shown; rest !== ''; ) {
    const piece = head(rest, LIMITS.element);
    elements.push({ type: 'text', text: piece });
    rest = rest.slice(piece.length);
  }
  return { type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements }] };
}
