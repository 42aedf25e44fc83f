import { expect, test } from 'vitest';
import { MESH } from '../../../src/sandbox/slack/people.ts';
import { startSlack } from '../../../src/sandbox/slack/server.ts';
import { client, local, refusal } from './local.ts';

test('auth.test tells who the app is', async () => {
  const slack = await local();
  expect(await client(slack).auth.test()).toMatchObject({
    ok: true,
    team_id: slack.team.id,
    user_id: slack.botUser,
    bot_id: 'BMESHBOT01',
    is_enterprise_install: false,
  });
});

test('tokens are others at each start', async () => {
  const [one, other] = [await local(), await local()];
  expect(one.botToken).not.toBe(other.botToken);
  expect(one.appToken).not.toBe(other.appToken);
  expect(one.signingSecret).not.toBe(other.signingSecret);
  expect(await refusal(client(one, other.botToken).auth.test())).toMatchObject({ error: 'invalid_auth' });
});

test('a call without a token is not_authed', async () => {
  const slack = await local();
  const answer = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST' });
  expect(await answer.json()).toEqual({ ok: false, error: 'not_authed' });
});

test('a token may come in the body, as a form, as JSON or as multipart', async () => {
  const slack = await local();
  const form = new FormData();
  form.set('token', slack.botToken);
  for (const [body, headers] of [
    [
      new URLSearchParams({ token: slack.botToken }).toString(),
      { 'content-type': 'application/x-www-form-urlencoded' },
    ],
    [JSON.stringify({ token: slack.botToken }), { 'content-type': 'application/json; charset=utf-8' }],
    [form, {}],
  ] as const) {
    const answer = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST', body, headers });
    expect(await answer.json()).toMatchObject({ ok: true, user_id: slack.botUser });
  }
});

test('what is no JSON, no object or of an unknown type is refused as Slack does', async () => {
  const slack = await local();
  const post = async (body: string, type: string) => {
    const answer = await fetch(`${slack.apiUrl}chat.postMessage`, {
      method: 'POST',
      body,
      headers: { 'content-type': type, authorization: `Bearer ${slack.botToken}` },
    });
    return ((await answer.json()) as { error: string }).error;
  };
  expect(await post('{"channel"', 'application/json')).toBe('invalid_json');
  expect(await post('[1]', 'application/json')).toBe('json_not_object');
  expect(await post('hello', 'text/plain')).toBe('invalid_post_type');
});

test('the bot token does not open sockets, and the app token posts nothing', async () => {
  const slack = await local();
  expect(await refusal(client(slack).apps.connections.open({}))).toMatchObject({ error: 'not_allowed_token_type' });
  expect(
    await refusal(client(slack, slack.appToken).chat.postMessage({ channel: MESH.id, text: 'hello' })),
  ).toMatchObject({ error: 'not_allowed_token_type' });
});

test('a call beyond the scopes is refused, naming what it needs and what there is', async () => {
  const slack = await local({ scopes: ['chat:write', 'users:read'] });
  expect(await refusal(client(slack).usergroups.list())).toMatchObject({
    error: 'missing_scope',
    needed: 'usergroups:read',
    provided: 'chat:write,users:read',
  });
  slack.setManifest({ scopes: ['usergroups:read'] });
  expect(await client(slack).usergroups.list()).toMatchObject({ ok: true });
});

test('each answer names the scopes of the token', async () => {
  const slack = await local();
  const answer = await client(slack).auth.test();
  expect(answer.response_metadata?.scopes).toEqual(
    expect.arrayContaining(['commands', 'chat:write', 'groups:history']),
  );
});

test('by default the app has no scope for reactions, files of others or e-mail addresses', async () => {
  const slack = await local();
  const web = client(slack);
  for (const call of [
    web.reactions.add({ channel: MESH.id, timestamp: '1.000001', name: 'eyes' }),
    web.files.info({ file: 'F1' }),
    web.users.lookupByEmail({ email: 'sam@bookinfo.example' }),
    web.conversations.open({ users: 'USAM000001' }),
  ]) {
    expect(await refusal(call)).toMatchObject({ error: 'missing_scope' });
  }
});

test('a method that does not exist is an unknown_method', async () => {
  const slack = await local();
  expect(await refusal(client(slack).apiCall('chat.shout'))).toMatchObject({ error: 'unknown_method' });
  expect(await refusal(client(slack).apiCall('toString'))).toMatchObject({ error: 'unknown_method' });
});

test('a port that is taken is named, with the cause', async () => {
  const slack = await local();
  const port = Number(new URL(slack.url).port);
  await expect(startSlack({ port })).rejects.toMatchObject({
    message: `The local Slack cannot listen on 127.0.0.1:${port}: something else is using that port.`,
    cause: { code: 'EADDRINUSE' },
  });
});
