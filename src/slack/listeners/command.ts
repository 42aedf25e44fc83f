/** `/mesh …`: acknowledged when the core has stored it. */
import type { App } from '@slack/bolt';
import type { View } from '../../view.ts';
import { render } from '../blocks/render.ts';
import { openForm } from '../form/open.ts';
import type { Listening } from './context.ts';
import { deliveryId } from './delivery.ts';
import { type Outlet, sentence, serve } from './outlet.ts';
import { newResponseUrl } from './response-url.ts';
import { channelsIn, typed } from './typed.ts';

/** Slack takes no answer in an acknowledgement after three seconds; ms, less the way there. */
const TOO_LATE = 2800;

export function listenToCommand(app: App, listening: Listening): void {
  const { clock, chat, command, gallery } = listening;

  app.command(command, async ({ command: given, ack }) => {
    const since = clock.now();
    const place = { channel: given.channel_id };
    const response = newResponseUrl(given.response_url, clock, gallery, listening.fetch);
    const finish = async (view: View, share: boolean): Promise<void> => {
      await response.finish(view, share).catch(() => chat.whisper(place, given.user_id, view));
    };
    const outlet: Outlet = {
      accept: () => ack(),
      async answer(view) {
        if (clock.now() - since > TOO_LATE) {
          await ack();
          return finish(view, false);
        }
        const { text, blocks } = render(view, { surface: 'message', files: false });
        await ack({ response_type: 'ephemeral', text, blocks });
      },
      async form() {
        await ack();
        const opened = await openForm(listening, given.trigger_id, place);
        if (!opened) await finish(sentence(`The form did not open in time. Type ${command} once more.`), false);
      },
      progress: (view, share) => response.progress(view, share),
      finish,
    };
    const asked = {
      text: typed(given.text),
      asker: { team: given.team_id, user: given.user_id },
      place,
      delivery: deliveryId('command', given.trigger_id),
      ...channelsIn(given.text),
    };
    await serve(asked, outlet, listening);
  });

  app.command(/^(?!$)/, async ({ command: given, ack }) => {
    if (given.command === command) return;
    await ack(`meshbot answers to ${command}. Try ${command} help.`);
  });
}
