import { expect, test } from 'vitest';
import { MESH, RIKO, SHOP } from '../../../src/sandbox/slack/people.ts';
import { bolt, client, local, refusal, standingClock } from './local.ts';

const hello = { channel: MESH.id, text: 'hello' };

test('429 comes with Retry-After, for one method in one channel, as often as it is told', async () => {
  const slack = await local();
  const web = client(slack);
  slack.faults.add({ kind: 'limited', method: 'chat.postMessage', channel: MESH.id, retryAfter: 7, times: 2 });
  await expect(web.chat.postMessage(hello)).rejects.toMatchObject({ retryAfter: 7 });
  expect(await web.chat.postMessage({ channel: SHOP.id, text: 'hello' })).toMatchObject({ ok: true });
  expect(await web.auth.test()).toMatchObject({ ok: true });
  await expect(web.chat.postMessage(hello)).rejects.toMatchObject({ retryAfter: 7 });
  expect(await web.chat.postMessage(hello)).toMatchObject({ ok: true });
  expect(slack.messages(MESH.id)).toHaveLength(1);
});

test('503 after accepting: the message is there all the same', async () => {
  const slack = await local();
  slack.faults.add({ kind: 'unavailable', when: 'after', method: 'chat.postMessage', times: 1 });
  await expect(client(slack).chat.postMessage(hello)).rejects.toMatchObject({ statusCode: 503 });
  expect(slack.messages(MESH.id)).toMatchObject([{ text: 'hello' }]);
});

test('503 before: nothing is there', async () => {
  const slack = await local();
  slack.faults.add({ kind: 'unavailable', when: 'before', times: 1 });
  await expect(client(slack).chat.postMessage(hello)).rejects.toMatchObject({ statusCode: 503 });
  expect(slack.messages(MESH.id)).toEqual([]);
});

test.each(['before', 'after'] as const)('a connection cut %s the call', async when => {
  const slack = await local();
  slack.faults.add({ kind: 'reset', when, times: 1 });
  await expect(client(slack).chat.postMessage(hello)).rejects.toThrow('A request error occurred');
  expect(slack.messages(MESH.id)).toHaveLength(when === 'after' ? 1 : 0);
});

test('a call that hangs is left by the client; what it asked for may be done', async () => {
  const slack = await local();
  slack.faults.add({ kind: 'hang', when: 'after', times: 1 });
  const patience = AbortSignal.timeout(100);
  const headers = { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' };
  const call = fetch(`${slack.apiUrl}chat.postMessage`, {
    method: 'POST',
    body: JSON.stringify(hello),
    headers,
    signal: patience,
  });
  await expect(call).rejects.toThrow('aborted due to timeout');
  expect(slack.messages(MESH.id)).toHaveLength(1);
});

test('a slow call is done in the end', async () => {
  const slack = await local();
  slack.faults.add({ kind: 'slow', ms: 50, method: 'chat.postMessage' });
  expect(await client(slack).chat.postMessage(hello)).toMatchObject({ ok: true });
});

test('an edit is refused when its window is closed', async () => {
  const slack = await local();
  const web = client(slack);
  const { ts } = await web.chat.postMessage(hello);
  const end = slack.faults.add({ kind: 'error', error: 'edit_window_closed', method: 'chat.update' });
  const update = () => web.chat.update({ channel: MESH.id, ts: ts!, text: 'other' });
  expect(await refusal(update())).toMatchObject({ error: 'edit_window_closed' });
  expect(slack.messages(MESH.id)).toMatchObject([{ text: 'hello' }]);
  end();
  expect(await update()).toMatchObject({ ok: true });
});

test('a revoked token is told at every call', async () => {
  const slack = await local();
  slack.faults.add({ kind: 'token-revoked' });
  for (const call of [client(slack).auth.test(), client(slack).chat.postMessage(hello)]) {
    expect(await refusal(call)).toMatchObject({ error: 'token_revoked' });
  }
});

test('a response_url can fail as well', async () => {
  const slack = await local();
  const failed: unknown[] = [];
  await bolt(slack, app =>
    app.command('/mesh', async ({ ack, respond }) => {
      await ack();
      await respond('late').catch((error: unknown) => failed.push(error));
    }),
  );
  slack.faults.add({ kind: 'unavailable', when: 'before', method: 'response_url' });
  await slack.as(RIKO).say(MESH.id, '/mesh');
  await slack.until(() => failed.length > 0);
  expect(slack.as(RIKO).ephemerals()).toEqual([]);
});

test('with rates on, a channel takes a short burst and then one message a second', async () => {
  const clock = standingClock();
  const slack = await local({ now: clock.now });
  const web = client(slack);
  slack.faults.add({ kind: 'rates' });
  for (let n = 0; n < 3; n += 1) expect(await web.chat.postMessage(hello)).toMatchObject({ ok: true });
  await expect(web.chat.postMessage(hello)).rejects.toMatchObject({ retryAfter: 1 });
  expect(await web.chat.postMessage({ channel: SHOP.id, text: 'hello' })).toMatchObject({ ok: true });
  clock.move(1000);
  expect(await web.chat.postMessage(hello)).toMatchObject({ ok: true });
  await expect(web.chat.postMessage(hello)).rejects.toMatchObject({ retryAfter: 1 });
});

test('faults can be switched from another process', async () => {
  const slack = await local();
  const send = async (body: object) =>
    (await fetch(`${slack.url}faults`, { method: 'POST', body: JSON.stringify(body) })).json();
  const fault = { kind: 'limited', retryAfter: 1, times: 3 };
  expect(await send({ add: fault })).toEqual([fault]);
  await expect(client(slack).auth.test()).rejects.toMatchObject({ retryAfter: 1 });
  expect(await (await fetch(`${slack.url}faults`)).json()).toEqual([{ ...fault, times: 2 }]);
  expect(await send({ clear: true })).toEqual([]);
  expect(await client(slack).auth.test()).toMatchObject({ ok: true });
  const wrong = await fetch(`${slack.url}faults`, { method: 'POST', body: '{}' });
  expect([wrong.status, await wrong.text()]).toEqual([400, 'Send {"add": {"kind": …}} or {"clear": true}.']);
});

test('the log of calls counts what was asked, and what came of it, without the token', async () => {
  const slack = await local();
  const web = client(slack);
  await web.chat.postMessage(hello);
  await refusal(web.chat.postMessage({ ...hello, channel: 'CNOWHERE00' }));
  await web.apiCall('auth.test', { token: slack.botToken });
  expect(slack.requests.count('chat.postMessage')).toBe(2);
  expect(slack.requests.count()).toBe(3);
  expect(slack.requests.list).toMatchObject([
    { method: 'chat.postMessage', status: 200, args: hello },
    { method: 'chat.postMessage', status: 200, error: 'channel_not_found' },
    { method: 'auth.test', status: 200 },
  ]);
  expect(JSON.stringify(slack.requests.list)).not.toContain(slack.botToken);
  slack.requests.recording = false;
  await web.auth.test();
  expect([slack.requests.count(), slack.requests.list.length]).toEqual([4, 3]);
});
