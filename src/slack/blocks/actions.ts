/** Buttons, some asking back before they act. */
import type { ActionsBlock, Button } from '@slack/types';
import type { ActionButton, Part } from '../../view.ts';
import type { Canvas, Drawn } from './drawing.ts';
import { actionId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { plain } from './literal.ts';

export function drawActions(part: Extract<Part, { kind: 'actions' }>, canvas: Canvas): Drawn {
  const seen = new Map<string, number>();
  const elements = part.actions
    /** A cut id or value would point elsewhere. */
    .filter(({ id, value }) => id !== '' && id.length <= LIMITS.id - 4 && value.length <= LIMITS.buttonValue)
    .slice(0, LIMITS.actions)
    .map(action => {
      const nth = seen.get(action.id) ?? 0;
      seen.set(action.id, nth + 1);
      return button(action, nth);
    });
  if (elements.length === 0) return { blocks: [] };
  const block: ActionsBlock = { type: 'actions', block_id: `${canvas.index}|`, elements };
  return { blocks: [block] };
}

function button(action: ActionButton, nth: number): Button {
  const { confirm } = action;
  return {
    type: 'button',
    action_id: actionId(action.id, nth),
    text: plain(action.label, LIMITS.button),
    ...(action.value !== '' && { value: action.value }),
    ...(action.style && { style: action.style }),
    ...(confirm && {
      confirm: {
        title: plain(confirm.title, LIMITS.confirmTitle),
        text: plain(confirm.text, LIMITS.confirmText),
        confirm: plain(confirm.yes, LIMITS.confirmButton),
        deny: plain(confirm.no, LIMITS.confirmButton),
        ...(action.style && { style: action.style }),
      },
    }),
  };
}
