/** All listeners on one app, behind the check that a payload is meant for it. */
import type { App } from '@slack/bolt';
import { FORM } from '../form/ids.ts';
import { listenToActions } from './action.ts';
import { listenToCommand } from './command.ts';
import type { Listening } from './context.ts';
import { listenToForm } from './form.ts';
import { whyForeign } from './gate.ts';
import { listenToHome } from './home.ts';
import { listenToMessages } from './message.ts';
import { listenToReject, REJECT } from './reject.ts';

/** Modals of an older meshbot: closing them is all that is left to do. */
const OTHERS = new RegExp(`^(?!(?:${FORM}|${REJECT})$)`);

export function listenToAll(app: App, listening: Listening): void {
  app.use(async args => {
    const why = whyForeign(args.body, listening.identity, listening.teams);
    if (why === undefined) return args.next();
    listening.log.warn({ why }, 'a payload was dropped');
    if ('ack' in args && typeof args.ack === 'function') await args.ack();
  });
  listenToCommand(app, listening);
  listenToMessages(app, listening);
  listenToActions(app, listening);
  listenToReject(app, listening);
  listenToForm(app, listening);
  listenToHome(app, listening);
  /** Nothing of ours is behind a shortcut or a closed modal, but Slack wants to hear that it came. */
  app.shortcut(/.*/, async ({ ack }) => ack());
  app.view({ type: 'view_closed' }, async ({ ack }) => ack());
  app.view({ type: 'view_submission', callback_id: OTHERS }, async ({ ack }) => ack());
}
