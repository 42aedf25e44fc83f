import type { BlockAction, ButtonAction, StaticSelectAction } from '@slack/bolt';
import { expect, test } from 'vitest';
import { JON, LENA, MESH, PARTNER_TEAM, RELEASES, RIKO, SAM, TEAM } from '../../../src/sandbox/slack/people.ts';
import type { LocalSlack } from '../../../src/sandbox/slack/server.ts';
import { bolt, client, local, text } from './local.ts';

const button = { type: 'button' as const, action_id: 'approve', text: text('Approve'), value: 'mc-1' };
const menu = {
  type: 'static_select' as const,
  action_id: 'version',
  placeholder: text('Which?'),
  options: [
    { text: text('v1'), value: 'v1' },
    { text: text('v3'), value: 'v3' },
  ],
};
const card = (...elements: (typeof button | typeof menu)[]) => [
  { type: 'actions' as const, block_id: 'row', elements },
];

/** Clicks on `approve`, as the app got them. */
async function approving(slack: LocalSlack): Promise<BlockAction<ButtonAction>[]> {
  const clicks: BlockAction<ButtonAction>[] = [];
  await bolt(slack, app =>
    app.action<BlockAction<ButtonAction>>('approve', async ({ ack, body }) => {
      clicks.push(body);
      await ack();
    }),
  );
  return clicks;
}

test('a click tells who, where, on which message, and what is chosen beside it', async () => {
  const slack = await local();
  const clicks = await approving(slack);
  const web = client(slack);
  const first = await web.chat.postMessage({ channel: MESH.id, text: 'thread' });
  const blocks = card(button, menu);
  const { ts } = await web.chat.postMessage({ channel: MESH.id, text: 'card', blocks, thread_ts: first.ts! });
  const message = slack.messages(MESH.id).find(one => one.ts === ts)!;
  expect(await slack.as(SAM).click(message, 'approve')).toEqual({ ok: true });
  expect(clicks[0]).toMatchObject({
    type: 'block_actions',
    team: { id: TEAM.id },
    user: { id: SAM.id, username: 'sam', team_id: TEAM.id },
    api_app_id: 'AMESHBOT01',
    container: { type: 'message', message_ts: ts, channel_id: MESH.id, is_ephemeral: false, thread_ts: first.ts },
    channel: { id: MESH.id, name: 'mesh' },
    message: { ts, text: 'card', thread_ts: first.ts, blocks: [{ block_id: 'row' }] },
    state: { values: { row: { version: { type: 'static_select', selected_option: null } } } },
    actions: [{ action_id: 'approve', block_id: 'row', value: 'mc-1', type: 'button' }],
  });
  expect(clicks[0]?.trigger_id).toEqual(expect.any(String));
  expect(clicks[0]?.response_url).toContain(slack.url);
});

test("a guest's click names the guest's own team", async () => {
  const slack = await local();
  const clicks = await approving(slack);
  await client(slack).chat.postMessage({ channel: MESH.id, text: 'card', blocks: card(button) });
  await slack.as(LENA).click(slack.messages(MESH.id)[0]!, 'approve');
  expect(clicks[0]).toMatchObject({ team: { id: TEAM.id }, user: { id: LENA.id, team_id: PARTNER_TEAM.id } });
});

test('a click on an ephemeral message comes without the message, and its response_url replaces it', async () => {
  const slack = await local();
  const clicks: BlockAction[] = [];
  await bolt(slack, app =>
    app.action<BlockAction>('approve', async ({ ack, body, respond }) => {
      clicks.push(body);
      await ack();
      await respond({ replace_original: true, text: 'taken' });
    }),
  );
  await client(slack).chat.postEphemeral({ channel: MESH.id, user: RIKO.id, text: 'sure?', blocks: card(button) });
  expect(await slack.as(RIKO).click(slack.as(RIKO).ephemerals()[0]!, 'approve')).toEqual({ ok: true });
  await slack.until(() => slack.as(RIKO).ephemerals()[0]?.text === 'taken');
  expect(slack.as(RIKO).ephemerals()).toHaveLength(1);
  expect(clicks[0]?.container).toMatchObject({ is_ephemeral: true });
  expect(clicks[0]).not.toHaveProperty('message');
});

test('what is chosen from a menu comes as its option', async () => {
  const slack = await local();
  const chosen: unknown[] = [];
  await bolt(slack, app =>
    app.action<BlockAction<StaticSelectAction>>('version', async ({ ack, action }) => {
      chosen.push(action.selected_option);
      await ack();
    }),
  );
  await client(slack).chat.postMessage({ channel: MESH.id, text: 'card', blocks: card(menu) });
  await slack.as(RIKO).click(slack.messages(MESH.id)[0]!, 'version', 'v3');
  expect(chosen).toEqual([{ text: { type: 'plain_text', text: 'v3' }, value: 'v3' }]);
});

test('a button that is no longer in the message cannot be clicked', async () => {
  const slack = await local();
  const clicks = await approving(slack);
  const web = client(slack);
  const { ts } = await web.chat.postMessage({ channel: MESH.id, text: 'card', blocks: card(button) });
  const seen = slack.messages(MESH.id)[0]!;
  await web.chat.update({ channel: MESH.id, ts: ts!, text: 'done' });
  expect(await slack.as(SAM).click(seen, 'approve')).toEqual({
    ok: false,
    error: 'That has changed since you saw it. Look at it again.',
  });
  await web.chat.delete({ channel: MESH.id, ts: ts! });
  expect(await slack.as(SAM).click(seen, 'approve')).toMatchObject({ ok: false });
  expect(clicks).toEqual([]);
});

test('nobody clicks in a channel they are not in, or on what another person alone sees', async () => {
  const slack = await local();
  const clicks = await approving(slack);
  const web = client(slack);
  await web.chat.postMessage({ channel: RELEASES.id, text: 'card', blocks: card(button) });
  await web.chat.postEphemeral({ channel: MESH.id, user: RIKO.id, text: 'x', blocks: card(button) });
  expect(await slack.as(JON).click(slack.messages(RELEASES.id)[0]!, 'approve')).toMatchObject({ ok: false });
  expect(await slack.as(JON).click(slack.as(RIKO).ephemerals()[0]!, 'approve')).toMatchObject({ ok: false });
  expect(clicks).toEqual([]);
});

test('a click that no listener takes is never acknowledged', async () => {
  const slack = await local({ ackTimeout: 50 });
  await bolt(slack, app => {
    app.action('other', ({ ack }) => ack());
  });
  await client(slack).chat.postMessage({ channel: MESH.id, text: 'card', blocks: card(button) });
  expect(await slack.as(SAM).click(slack.messages(MESH.id)[0]!, 'approve')).toEqual({
    ok: false,
    error: 'That failed because the app did not respond within 3 seconds (operation_timeout).',
  });
});

test('a menu asks the app for its options', async () => {
  const slack = await local();
  await bolt(slack, app =>
    app.options('service', async ({ ack, payload }) => {
      const found = ['reviews', 'ratings'].filter(name => name.startsWith(payload.value));
      await ack({ options: found.map(name => ({ text: text(name), value: name })) });
    }),
  );
  const external = { type: 'external_select' as const, action_id: 'service', min_query_length: 0 };
  const blocks = [{ type: 'actions' as const, elements: [external] }];
  await client(slack).chat.postMessage({ channel: MESH.id, text: 'form', blocks });
  const message = slack.messages(MESH.id)[0]!;
  expect(await slack.as(RIKO).options(message, 'service', 're')).toEqual({
    ok: true,
    options: [{ text: { type: 'plain_text', text: 'reviews' }, value: 'reviews' }],
  });
  expect(await slack.as(RIKO).options(message, 'service', 'zz')).toEqual({ ok: true, options: [] });
});
