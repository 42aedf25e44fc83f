import type { AppMentionEvent, GenericMessageEvent } from '@slack/types';
import { expect, test } from 'vitest';
import { LENA, MESH, PARTNER_TEAM, RANDOM, RIKO } from '../../../src/sandbox/slack/people.ts';
import type { LocalSlack } from '../../../src/sandbox/slack/server.ts';
import { bareSocket, bolt, client, local } from './local.ts';

async function hearing(slack: LocalSlack) {
  const mentions: AppMentionEvent[] = [];
  const messages: GenericMessageEvent[] = [];
  await bolt(slack, app => {
    app.event('app_mention', async ({ event }) => {
      mentions.push(event);
    });
    app.event('message', async ({ event }) => {
      messages.push(event as GenericMessageEvent);
    });
  });
  return { mentions, messages };
}

test('a mention in a channel and in a thread reaches the app, with the thread', async () => {
  const slack = await local();
  const { mentions } = await hearing(slack);
  const { ts } = await client(slack).chat.postMessage({ channel: MESH.id, text: 'card' });
  await slack.as(RIKO).say(MESH.id, '@meshbot status reviews');
  await slack.as(RIKO).say(MESH.id, '@meshbot status ratings & more', ts);
  await slack.until(() => mentions.length === 2);
  expect(mentions).toMatchObject([
    { type: 'app_mention', user: RIKO.id, channel: MESH.id, text: `<@${slack.botUser}> status reviews` },
    { thread_ts: ts, text: `<@${slack.botUser}> status ratings &amp; more` },
  ]);
  expect(mentions[0]).not.toHaveProperty('thread_ts');
});

test("a guest's mention names the guest's own team", async () => {
  const slack = await local();
  const { mentions } = await hearing(slack);
  await slack.as(LENA).say(MESH.id, 'hey @meshbot');
  expect(await slack.until(() => mentions[0])).toMatchObject({ user: LENA.id, team: PARTNER_TEAM.id });
});

test('a mention where the app is not a member, or without the scope, does not reach it', async () => {
  const slack = await local();
  const { mentions } = await hearing(slack);
  await slack.as(RIKO).say(RANDOM.id, '@meshbot status');
  slack.setManifest({ scopes: ['chat:write'] });
  await slack.as(RIKO).say(MESH.id, '@meshbot one');
  slack.setManifest({ scopes: ['chat:write', 'app_mentions:read'] });
  await slack.as(RIKO).say(MESH.id, '@meshbot two');
  expect(await slack.until(() => mentions[0])).toMatchObject({ text: `<@${slack.botUser}> two` });
  expect(mentions).toHaveLength(1);
});

test('a direct message reaches an app with im:history', async () => {
  const slack = await local({ scopes: ['chat:write', 'im:history'] });
  const { messages } = await hearing(slack);
  const channel = slack.as(RIKO).directMessages();
  await slack.as(RIKO).say(channel, 'status reviews');
  expect(await slack.until(() => messages[0])).toMatchObject({ channel, channel_type: 'im', text: 'status reviews' });
});

test('an event that is not acknowledged comes again, with the number of the try', async () => {
  const slack = await local({ ackTimeout: 30, eventRetries: [0, 10, 10] });
  const { socket, frames } = await bareSocket(slack);
  await slack.as(RIKO).say(MESH.id, '@meshbot status');
  await slack.until(() => frames.length === 5);
  const [, ...tries] = frames as { payload: { event_id: string }; retry_attempt: number; retry_reason: string }[];
  expect(tries.map(frame => [frame.retry_attempt, frame.retry_reason])).toEqual([
    [0, ''],
    [1, 'timeout'],
    [2, 'timeout'],
    [3, 'timeout'],
  ]);
  expect(new Set(tries.map(frame => frame.payload.event_id)).size).toBe(1);
  socket.close();
});

test('names of people, groups and channels become mentions; markup of people does not', async () => {
  const slack = await local();
  await slack.as(RIKO).say(MESH.id, '@sam and @mesh-oncall: see #shop, <b>now</b>, mail@sam');
  expect(slack.messages(MESH.id)[0]?.text).toBe(
    '<@USAM000001> and <!subteam^SONCALL01>: see <#CSHOP00001|shop>, &lt;b&gt;now&lt;/b&gt;, mail@sam',
  );
});

test('a reaction is given and taken back', async () => {
  const slack = await local({ scopes: ['chat:write', 'reactions:read', 'reactions:write'] });
  await slack.as(RIKO).say(MESH.id, 'done');
  const message = slack.messages(MESH.id)[0]!;
  const web = client(slack);
  await web.reactions.add({ channel: MESH.id, timestamp: message.ts, name: 'eyes' });
  await slack.as(RIKO).react(message, 'eyes');
  const given = async () => (await web.reactions.get({ channel: MESH.id, timestamp: message.ts })).message?.reactions;
  expect(await given()).toEqual([{ name: 'eyes', users: [slack.botUser, RIKO.id], count: 2 }]);
  await slack.as(RIKO).react(message, 'eyes');
  expect(await given()).toEqual([{ name: 'eyes', users: [slack.botUser], count: 1 }]);
});
