/** A heading as a header block. */
import type { HeaderBlock } from '@slack/types';
import type { Part } from '../../view.ts';
import { type Drawn, NOTHING } from './drawing.ts';
import { LIMITS } from './limits.ts';
import { line, plain } from './literal.ts';

export function drawHeading(part: Extract<Part, { kind: 'heading' }>): Drawn {
  if (line(part.text) === '') return NOTHING;
  const block: HeaderBlock = { type: 'header', text: plain(part.text, LIMITS.header) };
  return { blocks: [block] };
}
