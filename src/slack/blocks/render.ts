/**
 * A view as Slack's blocks, within every limit whatever the view holds. Buttons and menus have first call on the room,
 * then what people read, and last what can be cut best: code, tables and charts.
 */
import type { Block } from '@slack/types';
import type { Part, View } from '../../view.ts';
import { drawActions } from './actions.ts';
import { drawBullets } from './bullets.ts';
import { drawBars, drawLines } from './chart.ts';
import { drawChoice } from './choice.ts';
import { drawCode } from './code.ts';
import { drawDivider } from './divider.ts';
import { type Attachment, type Canvas, type Drawn, NOTHING, type Surface, type WantedPicture } from './drawing.ts';
import { drawFields } from './fields.ts';
import { size } from './fit.ts';
import { drawHeading } from './heading.ts';
import { LIMITS } from './limits.ts';
import { cut, escapeMarkup, literal } from './literal.ts';
import { drawNote, note } from './note.ts';
import { drawPicture } from './picture.ts';
import { drawSteps } from './steps.ts';
import { drawTable } from './table.ts';
import { drawText } from './text.ts';

export interface Rendered {
  /** For notifications and screen readers; Slack's markup is escaped in it. */
  text: string;
  blocks: Block[];
  files: Attachment[];
  /** All of the view's pictures: those that Slack has are among the blocks, the others stand there as text. */
  pictures: WantedPicture[];
}

export interface RenderOptions {
  surface: Surface;
  /** Whether the caller will attach `files`; 'failed': it tried, and they are not there. */
  files: boolean | 'failed';
  /** Files of pictures that Slack has, by the picture's hash; none unless told. */
  pictures?: ReadonlyMap<string, string>;
}

/** The three turns in which parts get their room. */
const TURN: Record<Part['kind'], 0 | 1 | 2> = {
  actions: 0,
  choice: 0,
  heading: 1,
  text: 1,
  note: 1,
  fields: 1,
  bullets: 1,
  steps: 1,
  divider: 1,
  table: 2,
  code: 2,
  bars: 2,
  lines: 2,
  picture: 2,
};

/** Room for the line that says what was left out, and for the commas between blocks. */
const SPARE = 400;

export function render(view: View, options: RenderOptions): Rendered {
  const drawn = new Map<number, Drawn>();
  const left = { room: LIMITS.message - SPARE, blocks: LIMITS.blocks - 1 };
  const counts: { tables: number; charts: number } = { tables: LIMITS.tables, charts: LIMITS.charts };
  let dropped = 0;
  for (const turn of [0, 1, 2]) {
    const queue = view.parts.map((part, index) => ({ part, index })).filter(({ part }) => TURN[part.kind] === turn);
    for (const [at, { part, index }] of queue.entries()) {
      /** Each gets its share, what one leaves goes to the next; what people read may take a paragraph's worth anyway. */
      const share = Math.floor(left.room / (queue.length - at));
      const room = turn === 2 ? share : Math.min(left.room, Math.max(share, LIMITS.element + 500));
      const { surface, files, pictures = new Map() } = options;
      const canvas: Canvas = { surface, files, pictures, index, ...counts };
      const result = draw(part, room, canvas);
      const cost = result.blocks.reduce((sum, block) => sum + size(block) + 1, 0);
      if (cost > left.room || result.blocks.length > left.blocks) {
        dropped += 1;
        if (result.file) drawn.set(index, { blocks: [], file: result.file });
        if (result.picture) drawn.set(index, { blocks: [], picture: result.picture });
        continue;
      }
      if (result.blocks.length === 0 && shows(part)) dropped += 1;
      left.room -= cost;
      left.blocks -= result.blocks.length;
      counts.tables = canvas.tables;
      counts.charts = canvas.charts;
      drawn.set(index, result);
    }
  }
  const inOrder = view.parts.flatMap((_, index) => drawn.get(index) ?? []);
  const blocks = inOrder.flatMap(({ blocks }) => blocks);
  if (dropped > 0)
    blocks.push(note(`… ${dropped} more ${dropped === 1 ? 'part is' : 'parts are'} too long to be shown here`));
  const text = cut(escapeMarkup(literal(view.text)), LIMITS.text).trim() || 'meshbot';
  if (blocks.length === 0) blocks.push(...drawText({ kind: 'text', text: view.text || text }, LIMITS.message).blocks);
  if (blocks.length === 0) blocks.push(note(text));
  return {
    ...{ text, blocks },
    files: inOrder.flatMap(({ file }) => file ?? []),
    pictures: inOrder.flatMap(({ picture }) => picture ?? []),
  };
}

/** Whether the part holds anything; an empty one that draws nothing was not dropped. */
function shows(part: Part): boolean {
  switch (part.kind) {
    case 'heading':
      return part.text.trim() !== '';
    case 'code':
      return part.text.trim() !== '';
    case 'table':
      return part.columns.length > 0;
    case 'actions':
      return part.actions.length > 0;
    case 'bullets':
      return part.items.some(item => item.length > 0);
    case 'fields':
      return part.fields.length > 0;
    case 'steps':
      return part.steps.length > 0;
    case 'bars':
      return part.series.some(({ bars }) => bars.length > 0);
    case 'lines':
      return part.series.some(({ points }) => points.length > 0);
    case 'text':
    case 'note':
      return part.text.length > 0;
    case 'choice':
    case 'picture':
      return true;
    case 'divider':
      return false;
  }
}

function draw(part: Part, room: number, canvas: Canvas): Drawn {
  if (room <= 0) return NOTHING;
  switch (part.kind) {
    case 'heading':
      return drawHeading(part);
    case 'text':
      return drawText(part, room);
    case 'note':
      return drawNote(part, room);
    case 'fields':
      return drawFields(part, room);
    case 'bullets':
      return drawBullets(part, room);
    case 'divider':
      return drawDivider();
    case 'steps':
      return drawSteps(part, room, canvas);
    case 'table':
      return drawTable(part, room, canvas);
    case 'code':
      return drawCode(part, room, canvas);
    case 'bars':
      return drawBars(part, room, canvas);
    case 'lines':
      return drawLines(part, room, canvas);
    case 'picture':
      return drawPicture(part, room, canvas);
    case 'choice':
      return drawChoice(part, room, canvas);
    case 'actions':
      return drawActions(part, canvas);
  }
}
