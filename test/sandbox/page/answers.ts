/** What the gallery's server answers to the page's actions. */
import type { PageAction, PageEvent, PageReply } from '../../../src/sandbox/slack/page-protocol.ts';
import { BOT, modalView, nextTs } from './gallery.ts';

/** Those who wait for an answer to the slow button. */
const waiting: (() => void)[] = [];

export function releaseSlow(): void {
  for (const go of waiting.splice(0)) go();
}

const external = ['reviews', 'ratings', 'details', 'productpage'];

export async function answerTo(action: PageAction, send: (event: PageEvent) => void): Promise<PageReply> {
  switch (action.type) {
    case 'say':
      return say(action, send);
    case 'act':
      return act(action, send);
    case 'submit': {
      const values = JSON.stringify(action.state);
      if (values.includes('"refuse"')) {
        send({ type: 'modal-errors', viewId: action.viewId, errors: { reason: 'That is no reason.' } });
      } else send({ type: 'modal-closed', viewId: action.viewId });
      return { ok: true };
    }
    case 'options':
      return {
        ok: true,
        options: external
          .filter(name => name.includes(action.value))
          .map(name => ({ text: { type: 'plain_text', text: name }, value: name })),
      };
    default:
      return { ok: true };
  }
}

function say(action: Extract<PageAction, { type: 'say' }>, send: (event: PageEvent) => void): PageReply {
  if (action.text.startsWith('/')) {
    if (!action.text.startsWith('/mesh'))
      return { ok: false, error: `${action.text.split(' ')[0]} is not a valid command.` };
    send({
      type: 'message',
      message: {
        channel: action.channel,
        ts: nextTs(),
        user: BOT,
        text: 'Here is what I know.',
        ephemeralTo: action.user,
      },
    });
    return { ok: true };
  }
  const thread = action.threadTs === undefined ? {} : { threadTs: action.threadTs };
  const text = action.text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  send({ type: 'message', message: { channel: action.channel, ts: nextTs(), user: action.user, text, ...thread } });
  return { ok: true };
}

async function act(action: Extract<PageAction, { type: 'act' }>, send: (event: PageEvent) => void): Promise<PageReply> {
  const id = action.action.action_id;
  if (id === 'broken') return { ok: false, error: 'meshbot did not answer within 3 seconds.' };
  if (id === 'slow') await new Promise<void>(resolve => waiting.push(resolve));
  if (id === 'form') send({ type: 'modal', modal: { viewId: 'V1', hash: '1', view: modalView('First') } });
  if (id === 'push') send({ type: 'modal', modal: { viewId: 'V2', hash: '1', view: modalView('Second') } });
  return { ok: true };
}
