import type { App } from '@slack/bolt';
import { expect, test } from 'vitest';
import {
  ARCHIVED,
  JON,
  LENA,
  MESH,
  PARTNER_TEAM,
  PAUL,
  RANDOM,
  RIKO,
  SHOP,
  WAR_ROOM,
} from '../../../src/sandbox/slack/people.ts';
import { bolt, client, local, standingClock } from './local.ts';

const answering =
  (answer: Parameters<Parameters<App['command']>[1]>[0]['ack'] extends (a?: infer T) => unknown ? T : never) =>
  (app: App) =>
    app.command('/mesh', async ({ ack }) => {
      await ack(answer);
    });

test('a command in a thread is refused in the words of Slack, and the app hears nothing', async () => {
  const slack = await local();
  const heard: string[] = [];
  await bolt(slack, app =>
    app.command('/mesh', async ({ ack, command }) => {
      heard.push(command.text);
      await ack();
    }),
  );
  const { ts } = await client(slack).chat.postMessage({ channel: MESH.id, text: 'card' });
  expect(await slack.as(RIKO).say(MESH.id, '/mesh status', ts)).toEqual({
    ok: false,
    error: '/mesh is not supported in threads. Sorry!',
  });
  expect(heard).toEqual([]);
});

test('a command that no app has is not valid', async () => {
  const slack = await local();
  const reply = await slack.as(RIKO).say(MESH.id, '/mush status');
  expect(reply).toMatchObject({ ok: false, error: expect.stringContaining('/mush is not a valid command.') });
  expect(slack.messages(MESH.id)).toEqual([]);
});

test('without an app the person is told that it is not connected', async () => {
  const slack = await local();
  expect(await slack.as(RIKO).say(MESH.id, '/mesh status')).toEqual({
    ok: false,
    error: '/mesh failed because the app is not connected (dispatch_failed).',
  });
});

test('without an acknowledgement in time the person is told operation_timeout', async () => {
  const slack = await local({ ackTimeout: 50 });
  await bolt(slack, app => app.command('/mesh', async () => {}));
  expect(await slack.as(RIKO).say(MESH.id, '/mesh status')).toEqual({
    ok: false,
    error: '/mesh failed because the app did not respond within 3 seconds (operation_timeout).',
  });
});

test('what comes with the acknowledgement is for the asker alone, unless the app says in_channel', async () => {
  const slack = await local();
  await bolt(slack, app =>
    app.command('/mesh', async ({ ack, command }) => {
      await ack(command.text === 'share' ? { response_type: 'in_channel', text: 'for all' } : 'for you');
    }),
  );
  await slack.as(RIKO).say(MESH.id, '/mesh keep');
  await slack.as(RIKO).say(MESH.id, '/mesh share');
  expect(slack.as(RIKO).ephemerals()).toMatchObject([{ text: 'for you', channel: MESH.id }]);
  expect(
    slack
      .as(JON)
      .messages()
      .map(message => message.text),
  ).toEqual(['for all']);
});

test('an acknowledgement that breaks a limit is told to the person', async () => {
  const slack = await local();
  await bolt(slack, answering({ blocks: [{ type: 'section' } as never] }));
  expect(await slack.as(RIKO).say(MESH.id, '/mesh status')).toEqual({
    ok: false,
    error: '/mesh failed: meshbot answered with something Slack does not take (invalid_blocks).',
  });
});

test('a command works where the app is not a member, and its response_url too', async () => {
  const slack = await local();
  await bolt(slack, app =>
    app.command('/mesh', async ({ ack, respond }) => {
      await ack();
      await respond({ text: 'here', response_type: 'in_channel' });
    }),
  );
  await slack.as(RIKO).say(RANDOM.id, '/mesh status');
  expect(await slack.until(() => slack.messages(RANDOM.id)[0])).toMatchObject({ text: 'here' });
});

test("the command of a guest names the guest's own team", async () => {
  const slack = await local();
  const teams: string[] = [];
  await bolt(slack, app =>
    app.command('/mesh', async ({ ack, command }) => {
      teams.push(command.team_id);
      await ack();
    }),
  );
  await slack.as(LENA).say(MESH.id, '/mesh status');
  expect(teams).toEqual([PARTNER_TEAM.id]);
});

test('nobody speaks where they are not, where it is closed, or after they left', async () => {
  const slack = await local();
  expect(await slack.as(LENA).say(SHOP.id, 'hello')).toEqual({ ok: false, error: 'You are not in that channel.' });
  expect(await slack.as(RIKO).say(WAR_ROOM.id, '/mesh status')).toMatchObject({ ok: false });
  expect(await slack.as(RIKO).say(ARCHIVED.id, 'hello')).toMatchObject({ ok: false });
  expect(await slack.as(PAUL).say(MESH.id, 'hello')).toEqual({
    ok: false,
    error: 'Nobody of that id can use this page.',
  });
  expect(await slack.as(RIKO).say(MESH.id, '  ')).toMatchObject({ ok: false });
});

async function responseUrl(now?: () => number) {
  const slack = await local(now ? { now } : {});
  const urls: string[] = [];
  await bolt(slack, app =>
    app.command('/mesh', async ({ ack, command }) => {
      urls.push(command.response_url);
      await ack();
    }),
  );
  await slack.as(RIKO).say(MESH.id, '/mesh status');
  const respond = async (body: object) => {
    const answer = await fetch(urls[0]!, { method: 'POST', body: JSON.stringify(body) });
    return [answer.status, ((await answer.json()) as { error?: string }).error];
  };
  return { slack, respond };
}

test('a response_url is used up after five answers', async () => {
  const { slack, respond } = await responseUrl();
  for (let n = 1; n <= 5; n += 1) expect(await respond({ text: `${n}` })).toEqual([200, undefined]);
  expect(await respond({ text: '6' })).toEqual([404, 'used_url']);
  expect(slack.as(RIKO).ephemerals()).toHaveLength(5);
});

test('a response_url is dead after half an hour', async () => {
  const clock = standingClock();
  const { respond } = await responseUrl(clock.now);
  clock.move(30 * 60_000 - 1);
  expect(await respond({ text: 'late' })).toEqual([200, undefined]);
  clock.move(1);
  expect(await respond({ text: 'later' })).toEqual([404, 'expired_url']);
});

test('through its response_url a command replaces and deletes what it said last', async () => {
  const { slack, respond } = await responseUrl();
  expect(await respond({ text: 'again', replace_original: true })).toEqual([400, 'message_not_found']);
  await respond({ text: 'working' });
  await respond({ text: 'done', replace_original: true });
  expect(slack.as(RIKO).ephemerals()).toMatchObject([{ text: 'done' }]);
  await respond({ delete_original: true });
  expect(slack.as(RIKO).ephemerals()).toEqual([]);
});

test('what came with the acknowledgement is replaced through the response_url', async () => {
  const slack = await local();
  await bolt(slack, app =>
    app.command('/mesh', async ({ ack, respond }) => {
      await ack('working');
      await respond({ replace_original: true, text: 'done' });
    }),
  );
  await slack.as(RIKO).say(MESH.id, '/mesh status');
  await slack.until(() => slack.as(RIKO).ephemerals()[0]?.text === 'done');
  expect(slack.as(RIKO).ephemerals()).toHaveLength(1);
});

test('a response_url takes no blocks that Slack would refuse', async () => {
  const { respond } = await responseUrl();
  expect(await respond({ blocks: [{ type: 'nothing' }] })).toEqual([400, 'invalid_blocks']);
  expect(await respond({})).toEqual([400, 'no_text']);
});
