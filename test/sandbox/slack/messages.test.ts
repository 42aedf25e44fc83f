import { expect, test } from 'vitest';
import {
  ARCHIVED,
  JON,
  LENA,
  MESH,
  RANDOM,
  RELEASES,
  RIKO,
  SHOP,
  WAR_ROOM,
} from '../../../src/sandbox/slack/people.ts';
import { client, local, refusal } from './local.ts';

const section = (words: string) => ({ type: 'section' as const, text: { type: 'mrkdwn' as const, text: words } });

test('a message is refused where the app may not write', async () => {
  const web = client(await local());
  for (const [channel, error] of [
    ['CNOWHERE00', 'channel_not_found'],
    [WAR_ROOM.id, 'channel_not_found'],
    [RANDOM.id, 'not_in_channel'],
    [ARCHIVED.id, 'is_archived'],
  ] as const) {
    expect(await refusal(web.chat.postMessage({ channel, text: 'hello' }))).toMatchObject({ error });
  }
  expect(await web.chat.postMessage({ channel: RELEASES.id, text: 'hello' })).toMatchObject({ ok: true });
});

test('with chat:write.public the app may write to public channels without being in them', async () => {
  const slack = await local({ scopes: ['chat:write', 'chat:write.public'] });
  expect(await client(slack).chat.postMessage({ channel: RANDOM.id, text: 'hello' })).toMatchObject({ ok: true });
  expect(await refusal(client(slack).chat.postMessage({ channel: WAR_ROOM.id, text: 'hello' }))).toMatchObject({
    error: 'channel_not_found',
  });
});

test('a message needs a channel, and text or blocks', async () => {
  const slack = await local();
  const web = client(slack);
  expect(await refusal(web.apiCall('chat.postMessage', { text: 'hello' }))).toMatchObject({
    error: 'invalid_arguments',
    response_metadata: { messages: ['[ERROR] missing required field: channel'] },
  });
  expect(await refusal(web.chat.postMessage({ channel: MESH.id, text: '' }))).toMatchObject({ error: 'no_text' });
  expect(slack.messages(MESH.id)).toEqual([]);
});

test('what this server would not show is refused rather than lost', async () => {
  const web = client(await local());
  for (const more of [{ attachments: [] }, { reply_broadcast: true }, { markdown_text: '*x*' }]) {
    expect(await refusal(web.apiCall('chat.postMessage', { channel: MESH.id, text: 'x', ...more }))).toMatchObject({
      error: 'invalid_arguments',
    });
  }
  expect(await web.apiCall('chat.postMessage', { channel: MESH.id, text: 'x', reply_broadcast: false })).toMatchObject({
    ok: true,
  });
});

test('text over 40,000 characters and blocks that are too long in all are refused', async () => {
  const web = client(await local());
  const channel = MESH.id;
  expect(await web.chat.postMessage({ channel, text: 'x'.repeat(40_000) })).toMatchObject({ ok: true });
  expect(await refusal(web.chat.postMessage({ channel, text: 'x'.repeat(40_001) }))).toMatchObject({
    error: 'msg_too_long',
  });
  const blocks = Array.from({ length: 5 }, () => section('x'.repeat(2800)));
  expect(await refusal(web.chat.postMessage({ channel, text: 'x', blocks }))).toMatchObject({
    error: 'msg_blocks_too_long',
  });
});

test('a reply needs a thread that is there, and a reply has no thread of its own', async () => {
  const slack = await local();
  const web = client(slack);
  const channel = MESH.id;
  expect(await refusal(web.chat.postMessage({ channel, text: 'a', thread_ts: '1.000001' }))).toMatchObject({
    error: 'thread_not_found',
  });
  const { ts } = await web.chat.postMessage({ channel, text: 'first' });
  const reply = await web.chat.postMessage({ channel, text: 'second', thread_ts: ts! });
  expect(await refusal(web.chat.postMessage({ channel, text: 'c', thread_ts: reply.ts! }))).toMatchObject({
    error: 'cannot_reply_to_message',
  });
  expect(slack.thread(channel, ts!).map(message => message.text)).toEqual(['first', 'second']);
  expect(slack.messages(channel)[0]).toMatchObject({
    replyCount: 1,
    replyUsers: [slack.botUser],
    latestReply: reply.ts,
  });
});

test('an update with text alone takes the blocks away', async () => {
  const slack = await local();
  const web = client(slack);
  const { ts } = await web.chat.postMessage({ channel: MESH.id, text: 'one', blocks: [section('*one*')] });
  expect(slack.messages(MESH.id)[0]?.blocks).toHaveLength(1);
  await web.chat.update({ channel: MESH.id, ts: ts!, text: 'two' });
  expect(slack.messages(MESH.id)).toMatchObject([{ ts, text: 'two', edited: true }]);
  expect(slack.messages(MESH.id)[0]).not.toHaveProperty('blocks');
});

test('what is gone, or is of somebody else, or only one person sees cannot be updated or deleted', async () => {
  const slack = await local();
  const web = client(slack);
  const channel = MESH.id;
  await slack.as(RIKO).say(channel, 'mine');
  const { ts } = slack.messages(channel)[0]!;
  expect(await refusal(web.chat.update({ channel, ts, text: 'yours' }))).toMatchObject({
    error: 'cant_update_message',
  });
  expect(await refusal(web.chat.delete({ channel, ts }))).toMatchObject({ error: 'cant_delete_message' });
  const whispered = await web.chat.postEphemeral({ channel, user: RIKO.id, text: 'psst' });
  const own = await web.chat.postMessage({ channel, text: 'short' });
  await web.chat.delete({ channel, ts: own.ts! });
  for (const gone of ['1.000001', whispered.message_ts!, own.ts!]) {
    expect(await refusal(web.chat.update({ channel, ts: gone, text: 'x' }))).toMatchObject({
      error: 'message_not_found',
    });
  }
});

test('a whisper is seen by one person alone, who must be in the channel', async () => {
  const slack = await local();
  const web = client(slack);
  await web.chat.postEphemeral({ channel: MESH.id, user: RIKO.id, text: 'psst' });
  expect(slack.as(RIKO).ephemerals()).toMatchObject([{ text: 'psst', ephemeralTo: RIKO.id }]);
  expect(slack.as(JON).messages()).toEqual([]);
  expect(slack.messages(MESH.id)).toEqual([]);
  expect(await refusal(web.chat.postEphemeral({ channel: SHOP.id, user: LENA.id, text: 'psst' }))).toMatchObject({
    error: 'user_not_in_channel',
  });
});

test('metadata is given back to who asks for all of it, and to nobody else', async () => {
  const slack = await local();
  const web = client(slack);
  const metadata = { event_type: 'meshbot', event_payload: { change: 'mc-1', slot: 'card' } };
  const { ts } = await web.chat.postMessage({ channel: MESH.id, text: 'card', metadata });
  const read = await web.conversations.history({ channel: MESH.id, include_all_metadata: true });
  expect(read.messages).toMatchObject([{ ts, metadata }]);
  const without = await web.conversations.history({ channel: MESH.id });
  expect(without.messages?.[0]).not.toHaveProperty('metadata');
  await web.chat.update({ channel: MESH.id, ts: ts!, text: 'changed' });
  const later = await web.conversations.history({ channel: MESH.id, include_all_metadata: true });
  expect(later.messages).toMatchObject([{ text: 'changed', metadata }]);
  const wrong = { event_type: '', event_payload: {} };
  expect(await refusal(web.chat.postMessage({ channel: MESH.id, text: 'x', metadata: wrong }))).toMatchObject({
    error: 'invalid_metadata_format',
  });
});

test('history is newest first without replies, in pages, between two moments', async () => {
  const slack = await local();
  const web = client(slack);
  const channel = MESH.id;
  const posted: string[] = [];
  for (const words of ['a', 'b', 'c', 'd', 'e'])
    posted.push((await web.chat.postMessage({ channel, text: words })).ts!);
  await web.chat.postMessage({ channel, text: 'reply', thread_ts: posted[0]! });
  const texts = (messages: { text?: string }[] | undefined) => messages?.map(message => message.text);

  const first = await web.conversations.history({ channel, limit: 2 });
  expect(texts(first.messages)).toEqual(['e', 'd']);
  expect(first.has_more).toBe(true);
  const cursor = first.response_metadata!.next_cursor!;
  expect(texts((await web.conversations.history({ channel, limit: 3, cursor })).messages)).toEqual(['c', 'b', 'a']);
  expect(texts((await web.conversations.history({ channel, oldest: posted[2]! })).messages)).toEqual(['e', 'd']);
  const inclusive = await web.conversations.history({
    channel,
    oldest: posted[2]!,
    latest: posted[3]!,
    inclusive: true,
  });
  expect(texts(inclusive.messages)).toEqual(['d', 'c']);
  const replies = await web.conversations.replies({ channel, ts: posted[0]! });
  expect(texts(replies.messages)).toEqual(['a', 'reply']);
  expect(replies.messages?.[0]).toMatchObject({ reply_count: 1, thread_ts: posted[0] });
});

test('a thread outlives its first message', async () => {
  const web = client(await local());
  const channel = MESH.id;
  const { ts } = await web.chat.postMessage({ channel, text: 'first' });
  const { ts: reply } = await web.chat.postMessage({ channel, text: 'second', thread_ts: ts! });
  await web.chat.delete({ channel, ts: ts! });
  expect((await web.conversations.replies({ channel, ts: ts! })).messages?.map(message => message.ts)).toEqual([reply]);
  await web.chat.delete({ channel, ts: reply! });
  expect(await refusal(web.conversations.replies({ channel, ts: ts! }))).toMatchObject({ error: 'thread_not_found' });
});

test('history is for channels the app is in', async () => {
  const web = client(await local());
  expect(await refusal(web.conversations.history({ channel: RANDOM.id }))).toMatchObject({ error: 'not_in_channel' });
  expect(await refusal(web.conversations.history({ channel: WAR_ROOM.id }))).toMatchObject({
    error: 'channel_not_found',
  });
  expect(await refusal(web.conversations.replies({ channel: MESH.id, ts: '1.000001' }))).toMatchObject({
    error: 'thread_not_found',
  });
});
