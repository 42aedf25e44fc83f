/** The submitted form is a command like any other, and its long menus are searched as one types. */
import type { App } from '@slack/bolt';
import type { View } from '../../view.ts';
import { LIMITS } from '../blocks/limits.ts';
import { plain } from '../blocks/literal.ts';
import { render } from '../blocks/render.ts';
import { CHANNEL, FORM, VERB } from '../form/ids.ts';
import { readMetadata } from '../form/metadata.ts';
import { asksForChannel, blockIdOf, options, readInputId } from '../form/modal.ts';
import { formFor } from '../form/open.ts';
import { mistake, readChannel, readState } from '../form/values.ts';
import type { Listening } from './context.ts';
import { deliveryId } from './delivery.ts';
import { type Outlet, serve } from './outlet.ts';

export function listenToForm(app: App, listening: Listening): void {
  const { desk, chat, client } = listening;

  app.view({ callback_id: FORM, type: 'view_submission' }, async ({ body, view, ack }) => {
    const refuse = (errors: Record<string, string>): Promise<void> => ack({ response_action: 'errors', errors });
    const metadata = readMetadata(view.private_metadata);
    const filled = readState(view.state.values);
    const verb = filled.verb ?? metadata?.verb;
    if (!metadata || !verb) return refuse({ [VERB]: 'Choose what to do first.' });
    const { form, chosen } = formFor(desk, verb, filled.values);
    const inputs = form.form?.inputs ?? [];
    const shown = new Set(view.blocks.map(block => block.block_id));
    const wrong = inputs.flatMap(input => {
      const why = mistake(input, chosen[input.name]);
      if (why === undefined) return [];
      const block = blockIdOf(input);
      /** Slack takes errors only for blocks that are there. */
      return shown.has(block) ? [[block, why] as const] : [[VERB, `${input.name}: ${why}`] as const];
    });
    const elsewhere = asksForChannel(form.form, metadata.place);
    const channel = elsewhere ? readChannel(view.state.values) : metadata.place.channel;
    if (channel === undefined) wrong.push([shown.has(CHANNEL) ? CHANNEL : VERB, 'Choose a channel.']);
    if (wrong.length > 0 || channel === undefined) return refuse(Object.fromEntries(wrong));

    const place = elsewhere ? { channel } : metadata.place;
    const user = body.user.id;
    const tell = async (answer: View, share: boolean): Promise<void> => {
      if (!share) return chat.whisper(place, user, answer);
      const { text, blocks } = render(answer, { surface: 'message', files: false });
      const thread = place.thread === undefined ? {} : { thread_ts: place.thread };
      await client.chat.postMessage({ channel: place.channel, ...thread, text, blocks });
    };
    const line = desk.line(verb, chosen);
    const outlet: Outlet = {
      accept: () => ack(),
      /** On top of the form, so that whoever mistyped can go back to it. */
      answer: answer =>
        ack({
          response_action: 'push',
          view: {
            type: 'modal',
            title: plain('meshbot says', LIMITS.modalTitle),
            close: plain('Back', LIMITS.modalTitle),
            blocks: render(answer, { surface: 'view', files: false }).blocks,
          },
        }),
      form: () => ack(),
      progress: async () => {},
      finish: tell,
    };
    const asked = {
      text: line,
      asker: { team: body.user.team_id ?? body.team?.id ?? '', user },
      place,
      /** With the line: after a mistake the same modal is submitted again. */
      delivery: deliveryId('form', view.id, line),
    };
    await serve(asked, outlet, listening);
  });

  app.options<'block_suggestion'>({ type: 'block_suggestion' }, async ({ body, ack }) => {
    const found = 'view' in body && body.view ? suggest(body.view, String(body.block_id ?? ''), body.value) : [];
    await ack({ options: found });
  });

  function suggest(view: SuggestedView, blockId: string, search: string) {
    const name = readInputId(blockId);
    const metadata = readMetadata(view.private_metadata);
    const filled = readState(view.state?.values ?? {});
    const values = { ...metadata?.chosen, ...filled.values };
    const { form } = formFor(desk, filled.verb ?? metadata?.verb, values);
    const shape = form.form?.inputs.find(input => input.name === name)?.shape;
    return shape?.kind === 'menu' ? options(shape.choices, search) : [];
  }
}

interface SuggestedView {
  private_metadata: string;
  state?: { values: Parameters<typeof readState>[0] };
}
