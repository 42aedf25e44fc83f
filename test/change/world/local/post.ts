/** What Slack brought to meshbot's door, and whether it was acknowledged there: read off the requests themselves. */
import { createHash } from 'node:crypto';
import { readButton } from '../../../../src/change/button.ts';
import { readActionId, readBlockId } from '../../../../src/slack/blocks/ids.ts';
import { deliveryId } from '../../../../src/slack/listeners/delivery.ts';

export interface Command {
  delivery: string;
  /** Of the change that it is to become: the same for each delivery of it. */
  change: string;
  text: string;
  user: string;
  /** Acknowledged as taken, without a word of why not. */
  taken: boolean;
}

export interface Click {
  /** Of the decision that it is to become. */
  id: string;
  kind: string;
  /** undefined where the payload does not say. */
  change: string | undefined;
  channel: string;
  user: string;
  acknowledged: boolean;
}

export class Post {
  readonly commands = new Map<string, Command>();
  readonly clicks = new Map<string, Click>();

  /** The same way to meshbot, on which is looked at what passes. */
  carried(send: typeof fetch): typeof fetch {
    return async (input, init) => {
      const form = new URLSearchParams(String(init?.body));
      const command = form.get('command') === '/mesh' ? this.#command(form) : undefined;
      const click = form.has('payload') ? this.#click(JSON.parse(form.get('payload')!) as Payload) : undefined;
      const answer = await send(input, init);
      const text = await answer.text();
      if (command && answer.ok && text === '') command.taken = true;
      // A modal that stays open says that it was not taken, and why.
      if (click && answer.ok && !text.includes('response_action')) click.acknowledged = true;
      return new Response(text === '' ? null : text, { status: answer.status, headers: answer.headers });
    };
  }

  #command(form: URLSearchParams): Command {
    const delivery = deliveryId('command', form.get('trigger_id') ?? '');
    return this.#asked(delivery, form.get('text') ?? '', form.get('user_id') ?? '');
  }

  #asked(delivery: string, text: string, user: string): Command {
    const hash = createHash('sha256').update(delivery).digest('hex');
    const change = `${text.split(' ')[0]}-${hash.slice(0, 10)}`;
    const known = this.commands.get(change) ?? { delivery, change, text, user, taken: false };
    this.commands.set(change, known);
    return known;
  }

  #click(payload: Payload): Click | undefined {
    const undo = actionIn(payload, 'undo');
    // It is acknowledged whether or not it was taken, so that says nothing.
    if (undo) this.#asked(undo.id, `undo ${undo.value}`, payload.user.id);
    const click = payload.type === 'view_submission' ? rejection(payload) : choice(payload);
    if (!click) return undefined;
    const known = this.clicks.get(click.id) ?? click;
    this.clicks.set(click.id, known);
    return known;
  }
}

/** Of what Slack sends for a click or a modal, as far as it is looked at here. */
interface Payload {
  type: string;
  user: { id: string };
  channel?: { id: string };
  message?: { ts: string };
  actions?: { action_id: string; block_id: string; action_ts: string; value?: string }[];
  view?: {
    id: string;
    private_metadata: string;
    state: { values: Record<string, Record<string, { value?: string | null }>> };
  };
}

/** Kinds of clicks that become decisions as they are; a rejection does so with its reason. */
const DECISIONS = ['approve', 'choose', 'pause', 'resume', 'abort', 'keep', 'revert'];

function choice(payload: Payload): Click | undefined {
  const { user, channel } = payload;
  const found = DECISIONS.map(kind => actionIn(payload, kind)).find(action => action !== undefined);
  if (!found || !channel) return undefined;
  const { id, kind, value, block } = found;
  const change = kind === 'choose' ? readBlockId(block) : readButton(value).change;
  return { id, kind, change, channel: channel.id, user: user.id, acknowledged: false };
}

/** The payload's action if it is of this kind, with the id of its delivery. */
function actionIn({ user, channel, message, actions }: Payload, kind: string) {
  const action = actions?.[0];
  if (!action || !channel || !message || readActionId(action.action_id) !== kind) return undefined;
  const id = deliveryId(kind, user.id, action.action_ts, channel.id, message.ts, action.action_id);
  return { id, kind, value: action.value ?? '', block: action.block_id };
}

function rejection({ user, view }: Payload): Click | undefined {
  const reason = view?.state.values.reason?.reason?.value?.trim();
  if (!view || !reason) return undefined;
  const { change, posted } = JSON.parse(view.private_metadata) as { change: string; posted: { channel: string } };
  const id = deliveryId('reject', view.id, reason);
  return { id, kind: 'reject', change, channel: posted.channel, user: user.id, acknowledged: false };
}
