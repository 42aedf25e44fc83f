/** Choosing in one input of a modal whose inputs share one action_id: the driver finds them by action_id alone. */
import type { LocalSlack } from '../../src/sandbox/slack/server.ts';

interface InputBlock {
  block_id: string;
  element?: { type?: string; action_id: string; options?: { value: string }[] };
}

export async function choose(
  slack: LocalSlack,
  user: string,
  viewId: string,
  block: InputBlock,
  value: string,
): Promise<void> {
  const element = block.element!;
  const option = element.options?.find(one => one.value === value);
  const action = {
    type: element.type ?? '',
    action_id: element.action_id,
    block_id: block.block_id,
    selected_option: option ?? { text: { type: 'plain_text', text: value }, value },
  };
  const answer = await fetch(`${slack.url}page/action`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      type: 'act',
      user,
      container: { type: 'view', viewId },
      action,
      state: { [block.block_id]: { [element.action_id]: action } },
    }),
  });
  const reply = (await answer.json()) as { ok: boolean; error?: string };
  if (!reply.ok) throw new Error(reply.error);
}
