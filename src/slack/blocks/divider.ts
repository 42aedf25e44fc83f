/** A line across. */
import type { Drawn } from './drawing.ts';

export function drawDivider(): Drawn {
  return { blocks: [{ type: 'divider' }] };
}
