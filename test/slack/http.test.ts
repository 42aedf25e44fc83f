import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { MESH, RIKO, SAM } from '../../src/sandbox/slack/people.ts';
import { startSlack } from '../../src/sandbox/slack/server.ts';
import { SCOPES } from '../../src/slack/scopes.ts';
import { createSlack } from '../../src/slack/slack.ts';
import { clock, newDesk, newLog, saying, words } from './setup.ts';

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

async function overHttp() {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/slack/events`;
  const slack = await startSlack({ scopes: SCOPES, events: { url } });
  onTestFinished(() => slack.close());
  const desk = newDesk();
  const log = newLog();
  const connection = await createSlack({
    credentials: { kind: 'http', botToken: slack.botToken, signingSecret: slack.signingSecret, port },
    apiUrl: slack.apiUrl,
    teams: [],
    clock,
    log,
    editGap: 20,
  });
  connection.listen(desk);
  await connection.start();
  onTestFinished(() => connection.stop());
  return { slack, desk, connection, log, url, port };
}

/** A command as Slack would send it, signed at `at` (epoch s) or as told. */
async function send(
  { url, slack }: Awaited<ReturnType<typeof overHttp>>,
  fields: Record<string, string>,
  { at = Math.floor(Date.now() / 1000), stamp, secret }: { at?: number; stamp?: string; secret?: string } = {},
): Promise<number> {
  const body = new URLSearchParams({
    command: '/mesh',
    text: 'help',
    user_id: RIKO.id,
    team_id: slack.team.id,
    channel_id: MESH.id,
    api_app_id: 'AMESHBOT01',
    trigger_id: '1.2.3',
    response_url: `${slack.url}respond/none`,
    ...fields,
  }).toString();
  const shown = stamp ?? String(at);
  const hash = createHmac('sha256', secret ?? slack.signingSecret)
    .update(`v0:${shown}:${body}`)
    .digest('hex');
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': shown,
      'x-slack-signature': `v0=${hash}`,
    },
    body,
  });
  await answer.text();
  return answer.status;
}

test('commands, clicks and events come over signed requests as they do over sockets', async () => {
  const { slack, desk, connection } = await overHttp();
  expect(await slack.verifyRequestUrl()).toBe(true);
  desk.reply = () => ({ kind: 'answer', view: saying('reviews goes to v1') });
  expect(await slack.as(RIKO).say(MESH.id, '/mesh status reviews')).toEqual({ ok: true });
  expect(words(slack.ephemerals())).toContain('reviews goes to v1');
  await slack.as(RIKO).say(MESH.id, `<@${slack.botUser}> status reviews`);
  await slack.until(() => words(slack.messages(MESH.id)).includes('reviews goes to v1'));
  await connection.chat.post(
    { channel: MESH.id },
    { text: 'card', parts: [{ kind: 'actions', actions: [{ id: 'approve', label: 'Approve', value: 'mc-1' }] }] },
    { change: 'mc-1', slot: 'card' },
  );
  const card = slack.messages(MESH.id).find(({ text }) => text === 'card');
  expect(await slack.as(SAM).click(card!, 'approve')).toEqual({ ok: true });
  expect(desk.clicks).toHaveLength(1);
});

test('a request is refused when its signature is wrong or its timestamp is old, in the future, or no number', async () => {
  const setup = await overHttp();
  const now = Math.floor(Date.now() / 1000);
  expect(await send(setup, {}, { secret: 'another secret' })).toBe(401);
  expect(await send(setup, {}, { at: now - 301 })).toBe(401);
  expect(await send(setup, {}, { at: now + 301 })).toBe(401);
  expect(await send(setup, {}, { stamp: `${now}.5` })).toBe(401);
  expect(await send(setup, {}, { stamp: '1e99' })).toBe(401);
  expect(await send(setup, {}, { stamp: '' })).toBe(401);
  expect((await fetch(setup.url, { method: 'POST', body: 'text=help' })).status).toBe(401);
  expect(setup.desk.asked).toEqual([]);
  expect(await send(setup, {}, { at: now - 100 })).toBe(200);
  expect(setup.desk.asked).toHaveLength(1);
});

test('a replayed body is the same delivery', async () => {
  const setup = await overHttp();
  await send(setup, {});
  await send(setup, {});
  const [first, again] = setup.desk.asked;
  expect(again?.delivery).toBe(first?.delivery);
});

test('a payload for another app is dropped with a line in the log', async () => {
  const setup = await overHttp();
  expect(await send(setup, { api_app_id: 'AOTHER0000' })).toBe(200);
  expect(setup.desk.asked).toEqual([]);
  expect(setup.log.lines).toContainEqual(expect.objectContaining({ level: 'warn', message: 'a payload was dropped' }));
});

test('an interaction of another workspace, or with two actions in it, is dropped', async () => {
  const setup = await overHttp();
  const action = { type: 'button', action_id: 'approve', block_id: 'b', value: 'mc-1', action_ts: '1.1' };
  const payload = (team: string, actions: object[]) => ({
    payload: JSON.stringify({
      type: 'block_actions',
      team: { id: team, domain: 'x' },
      user: { id: SAM.id, username: 'sam', team_id: team },
      api_app_id: 'AMESHBOT01',
      trigger_id: '1.2.3',
      response_url: `${setup.slack.url}respond/none`,
      container: { type: 'message', message_ts: '1.1', channel_id: MESH.id, is_ephemeral: false },
      channel: { id: MESH.id, name: 'mesh' },
      message: { type: 'message', ts: '1.1' },
      actions,
    }),
  });
  expect(await send(setup, payload('TOTHER0000', [action]))).toBe(200);
  expect(await send(setup, payload(setup.slack.team.id, [action, { ...action, value: 'mc-2' }]))).toBe(200);
  expect(setup.desk.clicks).toEqual([]);
  expect(await send(setup, payload(setup.slack.team.id, [action]))).toBe(200);
  expect(setup.desk.clicks).toHaveLength(1);
});

test('a port that is taken fails the start with its name, and stop frees the port', async () => {
  const { slack, connection, port } = await overHttp();
  const second = await createSlack({
    credentials: { kind: 'http', botToken: slack.botToken, signingSecret: slack.signingSecret, port },
    apiUrl: slack.apiUrl,
    teams: [],
    clock,
    log: newLog(),
  });
  await expect(second.start()).rejects.toThrow(String(port));
  expect(connection.ready()).toBe(true);
  await connection.stop();
  expect(connection.ready()).toBe(false);
  await expect(second.start()).resolves.toBeUndefined();
  await second.stop();
});

test('a modal that nobody knows any more is acknowledged, and asks for nothing', async () => {
  const setup = await overHttp();
  const view = { id: 'V1', type: 'modal', callback_id: 'of-an-older-meshbot', state: { values: {} }, blocks: [] };
  const payload = JSON.stringify({
    type: 'view_submission',
    team: { id: setup.slack.team.id, domain: 'x' },
    user: { id: SAM.id, name: 'sam', team_id: setup.slack.team.id },
    api_app_id: 'AMESHBOT01',
    trigger_id: '1.2.3',
    view,
  });
  expect(await send(setup, { payload })).toBe(200);
  expect(setup.desk.asked).toEqual([]);
  expect(setup.desk.clicks).toEqual([]);
});
