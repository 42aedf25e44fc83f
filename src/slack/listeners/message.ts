/** `@meshbot …` in a channel or thread, and direct messages. Cards go where the words were; answers into the thread. */
import type { App } from '@slack/bolt';
import type { Place } from '../../ports.ts';
import type { View } from '../../view.ts';
import { render } from '../blocks/render.ts';
import { OPEN_FORM } from '../form/ids.ts';
import type { Listening } from './context.ts';
import { deliveryId } from './delivery.ts';
import { type Outlet, serve } from './outlet.ts';
import { channelsIn, typed, withoutMention } from './typed.ts';

interface Said {
  channel: string;
  user: string;
  team: string;
  text: string;
  ts: string;
  thread: string | undefined;
  direct: boolean;
}

export function listenToMessages(app: App, listening: Listening): void {
  app.event('app_mention', async ({ event, body }) => {
    if (!event.user || event.bot_id || event.subtype) return;
    await heard(listening, {
      channel: event.channel,
      user: event.user,
      team: teamOf(event, body.team_id),
      text: event.text,
      ts: event.ts,
      thread: event.thread_ts,
      direct: false,
    });
  });

  app.event('message', async ({ event, body }) => {
    if (event.channel_type !== 'im' || event.subtype !== undefined) return;
    if (event.bot_id || !event.user || !event.text || event.user === listening.identity.botUser) return;
    await heard(listening, {
      channel: event.channel,
      user: event.user,
      team: teamOf(event, body.team_id),
      text: event.text,
      ts: event.ts,
      thread: event.thread_ts,
      direct: true,
    });
  });
}

/** In a shared channel the author's team is not the event's. */
function teamOf(event: object, installed: string): string {
  for (const key of ['user_team', 'team']) {
    const team: unknown = Reflect.get(event, key);
    if (typeof team === 'string') return team;
  }
  return installed;
}

async function heard(listening: Listening, said: Said): Promise<void> {
  /** By message, not by event: an edited mention is another event of the same message. */
  const delivery = deliveryId('message', said.channel, said.ts);
  const place: Place = { channel: said.channel, ...(said.thread !== undefined && { thread: said.thread }) };
  const asked = {
    text: typed(withoutMention(said.text, listening.identity.botUser)),
    asker: { team: said.team, user: said.user },
    place,
    delivery,
    ...channelsIn(said.text),
  };
  await serve(asked, outletOf(listening, said), listening);
}

function outletOf({ client, pace, command, log, recent, gallery }: Listening, said: Said): Outlet {
  const thread = said.direct ? said.thread : (said.thread ?? said.ts);
  const lane = `${said.channel}:${said.ts}:answer`;
  let posted: string | undefined;
  const show = async (view: View, hang = false): Promise<void> => {
    const known = hang ? gallery.known : new Map<string, string>();
    const { text, blocks } = render(view, { surface: 'message', files: false, pictures: known });
    if (posted !== undefined) {
      await client.chat.update({ channel: said.channel, ts: posted, text, blocks });
      return;
    }
    const answer = await client.chat.postMessage({
      channel: said.channel,
      ...(thread !== undefined && { thread_ts: thread }),
      text,
      blocks,
      unfurl_links: false,
      unfurl_media: false,
    });
    posted = answer.ts;
  };
  /** The event was dealt with, whether or not Slack takes the answer. */
  const tell = async (view: View): Promise<void> => {
    if (!recent.fresh(`${lane}:told`)) return;
    await show(view).catch((error: unknown) => log.warn({ err: error }, 'an answer could not be posted'));
  };
  return {
    accept: async () => {},
    answer: tell,
    form: () =>
      tell({
        text: `What do you want to do? Open the form, or type for example @meshbot help.`,
        parts: [
          {
            kind: 'text',
            text: ['What do you want to do? Open the form, or type a command: ', { code: `${command} help` }],
          },
          { kind: 'actions', actions: [{ id: OPEN_FORM, label: 'Open the form', value: '', style: 'primary' }] },
        ],
      }),
    progress: view => pace.run(lane, () => show(view)).catch(() => {}),
    finish: view =>
      pace.run(lane, async () => {
        const { pictures } = render(view, { surface: 'message', files: false });
        await show(view);
        // The words first: they say the same, and are there whatever becomes of the picture.
        if (pictures.length > 0 && (await gallery.inTime(pictures))) await show(view, true).catch(() => undefined);
      }),
  };
}
