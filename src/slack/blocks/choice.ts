/** A question with a menu. */
import type { ActionsBlock, Block, PlainTextOption } from '@slack/types';
import type { Part } from '../../view.ts';
import type { Canvas, Drawn } from './drawing.ts';
import { actionId, blockId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { plain } from './literal.ts';
import { note } from './note.ts';
import { drawText } from './text.ts';

export function drawChoice(part: Extract<Part, { kind: 'choice' }>, room: number, canvas: Canvas): Drawn {
  const prompt = drawText({ kind: 'text', text: part.prompt }, Math.min(room, 2_000)).blocks;
  /** A value that Slack would not carry whole would choose something else: it is left out, and that is said. */
  const offered = new Map(
    part.choices
      .filter(({ value }) => value !== '' && value.length <= LIMITS.option)
      .map(choice => [choice.value, choice] as const),
  );
  const options = [...offered.values()].slice(0, LIMITS.options).map<PlainTextOption>(({ value, label }) => ({
    text: plain(label, LIMITS.option),
    value,
  }));
  const id = blockId(canvas.index, part.value);
  const action = actionId(part.id, 0);
  const blocks: Block[] = [...prompt];
  if (options.length > 0 && id !== undefined && action.length <= LIMITS.id) {
    const menu: ActionsBlock = {
      type: 'actions',
      block_id: id,
      elements: [
        {
          type: 'static_select',
          action_id: action,
          placeholder: plain(part.placeholder, LIMITS.placeholder),
          options,
        },
      ],
    };
    blocks.push(menu);
  }
  const left = part.choices.length - options.length;
  if (left > 0) blocks.push(note(`… ${left} more than a menu holds: name it in the command instead`));
  return { blocks };
}
