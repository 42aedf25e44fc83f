/** Reject asks for a reason in a modal, and its submission is the click. */
import type { App } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { Posted } from '../../ports.ts';
import type { Listening } from './context.ts';
import { deliveryId } from './delivery.ts';
import { isId } from './gate.ts';
import { notStored } from './outlet.ts';

export const REJECT = 'reject';
const REASON = 'reason';

interface Rejecting {
  change: string;
  posted: Posted;
}

/** False when Slack did not open it. */
export async function openReject(listening: Listening, trigger: string, rejecting: Rejecting): Promise<boolean> {
  const view: ModalView = {
    type: 'modal',
    callback_id: REJECT,
    private_metadata: JSON.stringify(rejecting),
    title: { type: 'plain_text', text: 'Reject this change' },
    submit: { type: 'plain_text', text: 'Reject' },
    close: { type: 'plain_text', text: 'Not now' },
    blocks: [
      {
        type: 'input',
        block_id: REASON,
        label: { type: 'plain_text', text: 'Why?' },
        hint: { type: 'plain_text', text: 'Everybody who sees the card reads it.' },
        element: { type: 'plain_text_input', action_id: REASON, multiline: true, min_length: 1, max_length: 500 },
      },
    ],
  };
  try {
    await listening.client.views.open({ trigger_id: trigger, view });
    return true;
  } catch (error) {
    listening.log.warn({ err: error }, 'a modal did not open');
    return false;
  }
}

export function listenToReject(app: App, listening: Listening): void {
  app.view({ callback_id: REJECT, type: 'view_submission' }, async ({ body, view, ack }) => {
    const refuse = (why: string): Promise<void> =>
      ack({ response_action: 'errors', errors: { [REASON]: why.slice(0, 300) } });
    const rejecting = readRejecting(view.private_metadata);
    const reason = view.state.values[REASON]?.[REASON]?.value?.trim();
    if (!rejecting) return refuse('This card cannot be read any more. Close this and use the newest card.');
    if (!reason) return refuse('Say why, so that the others know.');
    let why: string | undefined;
    try {
      why = await listening.desk.click({
        kind: 'reject',
        ...rejecting,
        reason,
        clicker: { team: body.user.team_id ?? body.team?.id ?? '', user: body.user.id },
        /** With the reason: after a mistake the same modal is submitted again. */
        delivery: deliveryId('reject', view.id, reason),
      });
    } catch (error) {
      listening.log.error({ err: error, change_id: rejecting.change }, 'a rejection could not be stored');
      why = notStored(error);
    }
    await (why === undefined ? ack() : refuse(why));
  });
}

function readRejecting(metadata: string): Rejecting | undefined {
  let read: unknown;
  try {
    read = JSON.parse(metadata);
  } catch {
    return undefined;
  }
  if (typeof read !== 'object' || read === null || !('change' in read) || !('posted' in read)) return undefined;
  const { change, posted } = read;
  if (!isId(change) || typeof posted !== 'object' || posted === null) return undefined;
  if (!('channel' in posted) || !('ts' in posted)) return undefined;
  const { channel, ts } = posted;
  return typeof channel === 'string' && typeof ts === 'string' ? { change, posted: { channel, ts } } : undefined;
}
