import { afterEach, expect, test } from 'vitest';
import { MESH, RIKO, SAM } from '../../../src/sandbox/slack/people.ts';
import { type LocalSlack, startSlack } from '../../../src/sandbox/slack/server.ts';
import { type Running, runBolt } from './bolt.ts';

let slack: LocalSlack;
let running: Running;

afterEach(async () => {
  await running.stop();
  await slack.close();
});

test('a command is answered with a card, whose button opens a form, whose submission changes the card', async () => {
  slack = await startSlack();
  running = await runBolt(slack, app => {
    app.command('/mesh', async ({ ack, command, client }) => {
      await ack();
      await client.chat.postMessage({
        channel: command.channel_id,
        text: `You asked: ${command.text}`,
        blocks: [
          { type: 'section', text: { type: 'mrkdwn', text: `*${command.text}*` } },
          {
            type: 'actions',
            elements: [
              { type: 'button', action_id: 'reject', text: { type: 'plain_text', text: 'Reject' }, value: 'change-1' },
            ],
          },
        ],
      });
    });
    app.action('reject', async ({ ack, body, client }) => {
      await ack();
      if (body.type !== 'block_actions' || !body.message) throw new Error('not a message');
      await client.views.open({
        trigger_id: body.trigger_id,
        view: {
          type: 'modal',
          callback_id: 'reason',
          private_metadata: JSON.stringify({ channel: body.channel?.id, ts: body.message.ts }),
          title: { type: 'plain_text', text: 'Reject' },
          submit: { type: 'plain_text', text: 'Reject' },
          blocks: [
            {
              type: 'input',
              block_id: 'why',
              label: { type: 'plain_text', text: 'Why?' },
              element: { type: 'plain_text_input', action_id: 'text' },
            },
          ],
        },
      });
    });
    app.view('reason', async ({ ack, view, client, body }) => {
      await ack();
      const { channel, ts } = JSON.parse(view.private_metadata);
      const why = view.state.values.why?.text?.value;
      await client.chat.update({ channel, ts, text: `Rejected by <@${body.user.id}>: ${why}` });
    });
  });

  expect(await slack.as(RIKO).say(MESH.id, '/mesh shift reviews v3 50')).toEqual({ ok: true });
  const card = await slack.until(() => slack.messages(MESH.id)[0]);
  expect(card.text).toBe('You asked: shift reviews v3 50');
  expect(await slack.as(SAM).click(card, 'reject')).toEqual({ ok: true });
  const modal = await slack.until(() => slack.as(SAM).modals()[0]);
  expect(slack.as(RIKO).modals()).toEqual([]);
  expect(await slack.as(SAM).submit(modal.viewId, { text: 'not today' })).toEqual({ ok: true });
  await slack.until(() => slack.messages(MESH.id)[0]?.edited);
  expect(slack.messages(MESH.id)).toMatchObject([{ text: `Rejected by <@${SAM.id}>: not today` }]);
  expect(slack.messages(MESH.id)[0]?.blocks).toBeUndefined();
  expect(slack.as(SAM).modals()).toEqual([]);
});
