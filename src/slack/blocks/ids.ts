/** How a part's id and value travel in Slack's action_id and block_id, and back. They are pointers, never authority. */
import { LIMITS } from './limits.ts';

/** Two buttons of one id in a message need two action_ids: `approve`, `approve#1`. */
export function actionId(id: string, nth: number): string {
  return nth === 0 ? id : `${id}#${nth}`;
}

export function readActionId(actionId: string): string {
  return actionId.replace(/#\d+$/, '');
}

/** A menu has no value of its own, so its block carries it. undefined when it is too long to carry. */
export function blockId(index: number, value: string): string | undefined {
  const id = `${index}|${value}`;
  return id.length <= LIMITS.id ? id : undefined;
}

export function readBlockId(blockId: string): string | undefined {
  const at = blockId.indexOf('|');
  return at < 0 ? undefined : blockId.slice(at + 1);
}
