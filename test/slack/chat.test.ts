import { describe, expect, test } from 'vitest';
import type { ChatError } from '../../src/ports.ts';
import {
  ARCHIVED,
  INCIDENTS,
  LENA,
  MESH,
  MESHBOT,
  ON_CALL,
  PAUL,
  RANDOM,
  RELEASES,
  RIKO,
  WAR_ROOM,
} from '../../src/sandbox/slack/people.ts';
import type { View } from '../../src/view.ts';
import { connected, saying, words } from './setup.ts';

const KEY = { change: 'mc-1', slot: 'card' };

async function failing(work: Promise<unknown>): Promise<ChatError> {
  const error = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toMatchObject({ name: 'ChatError' });
  return error as ChatError;
}

describe('posting', () => {
  test('puts a message, with what it belongs to, where it was asked', async () => {
    const { slack, connection } = await connected();
    const posted = await connection.chat.post({ channel: MESH.id }, saying('Send 50 % of reviews to v3'), KEY);
    const [message] = slack.messages(MESH.id);
    expect(message).toMatchObject({ ...posted, text: 'Send 50 % of reviews to v3', user: slack.botUser });
    const reply = await connection.chat.post({ channel: MESH.id, thread: posted.ts }, saying('proven'), KEY);
    expect(slack.thread(MESH.id, posted.ts).map(({ ts }) => ts)).toEqual([posted.ts, reply.ts]);
  });

  test('is tried once: a 503 after Slack took it leaves one message, which is found again', async () => {
    const { slack, connection } = await connected();
    for (const [kind, place] of [
      ['unavailable', { channel: MESH.id }],
      ['reset', { channel: RELEASES.id }],
    ] as const) {
      slack.requests.clear();
      slack.faults.add({ kind, when: 'after', method: 'chat.postMessage', times: 1 });
      const since = Date.now();
      const error = await failing(connection.chat.post(place, saying('card'), KEY));
      expect(error.kind).toBe('unknown');
      expect(slack.requests.count('chat.postMessage')).toBe(1);
      expect(slack.messages(place.channel)).toHaveLength(1);
      const [there] = slack.messages(place.channel);
      expect(await connection.chat.find(place, KEY, since)).toEqual({ channel: place.channel, ts: there!.ts });
    }
  });

  test('with a token that is no good any more is no word about the message: it is tried again', async () => {
    const { slack, connection } = await connected();
    for (const code of ['invalid_auth', 'token_revoked', 'account_inactive']) {
      slack.faults.add({ kind: 'error', error: code, method: 'chat.postMessage', times: 1 });
      const error = await failing(connection.chat.post({ channel: MESH.id }, saying('card'), KEY));
      expect(error.kind).toBe('unknown');
      expect(error.message).toMatch(/token/);
    }
  });

  test('limited in one channel leaves the others alone, and says how long to wait', async () => {
    const { slack, connection } = await connected();
    slack.faults.add({ kind: 'limited', retryAfter: 30, method: 'chat.postMessage', channel: MESH.id });
    const [error] = await Promise.all([
      failing(connection.chat.post({ channel: MESH.id }, saying('card'), KEY)),
      connection.chat.post({ channel: INCIDENTS.id }, saying('card'), KEY),
    ]);
    expect(error).toMatchObject({ kind: 'limited', retryAfter: 30_000 });
    expect(slack.messages(INCIDENTS.id)).toHaveLength(1);
  });

  test('where the bot may not is refused, with the next step', async () => {
    const { connection } = await connected();
    for (const [channel, step] of [
      [ARCHIVED.id, 'archived'],
      [WAR_ROOM.id, 'invite the bot'],
      [RANDOM.id, 'invite the bot'],
    ] as const) {
      const error = await failing(connection.chat.post({ channel }, saying('card'), KEY));
      expect(error.kind).toBe('refused');
      expect(error.message).toContain(step);
    }
  });

  test('of a long diff puts the whole as a file into the thread, once however often it is drawn again', async () => {
    const { slack, connection } = await connected();
    const text = Array.from({ length: 2000 }, (_, at) => `+ line ${at}`).join('\n');
    const view: View = { text: 'card', parts: [{ kind: 'code', language: 'diff', text, file: 'reviews.diff' }] };
    const posted = await connection.chat.post({ channel: MESH.id }, view, KEY);
    const files = () => slack.thread(MESH.id, posted.ts).flatMap(message => message.files ?? []);
    await slack.until(() => files().length > 0);
    expect(files()[0]).toMatchObject({ name: 'reviews.diff', size: text.length });
    expect(words(slack.messages(MESH.id)[0]?.blocks)).toMatch(/more of 2000 lines, whole in reviews\.diff/);
    await connection.chat.update(posted, view, KEY);
    /** After a restart nothing is remembered, and Slack is asked. */
    const other = await connected({
      apiUrl: slack.apiUrl,
      credentials: { kind: 'socket', botToken: slack.botToken, appToken: slack.appToken },
    });
    await other.connection.chat.update(posted, view, KEY);
    await other.connection.stop();
    expect(files()).toHaveLength(1);
  });
});

describe('finding', () => {
  test('looks only at messages of that key, of ours, in that place', async () => {
    const { slack, connection } = await connected();
    const { chat } = connection;
    const since = Date.now();
    const card = await chat.post({ channel: MESH.id }, saying('card'), KEY);
    const receipt = await chat.post({ channel: MESH.id, thread: card.ts }, saying('receipt'), {
      ...KEY,
      slot: 'receipt',
    });
    await chat.post({ channel: MESH.id }, saying('another card'), { change: 'mc-2', slot: 'card' });
    expect(await chat.find({ channel: MESH.id }, KEY, since)).toEqual(card);
    expect(await chat.find({ channel: MESH.id, thread: card.ts }, { ...KEY, slot: 'receipt' }, since)).toEqual(receipt);
    expect(await chat.find({ channel: MESH.id }, { ...KEY, slot: 'receipt' }, since)).toBeUndefined();
    expect(await chat.find({ channel: INCIDENTS.id }, KEY, since)).toBeUndefined();
    expect(await chat.find({ channel: MESH.id }, KEY, since + 10 * 60_000)).toBeUndefined();
    expect(slack.requests.count('chat.postMessage')).toBe(3);
  });

  test('reads page after page', async () => {
    const { slack, connection } = await connected();
    const since = Date.now();
    const card = await connection.chat.post({ channel: MESH.id }, saying('card'), KEY);
    for (let at = 0; at < 450; at += 1) await slack.as(RIKO).say(MESH.id, `talk ${at}`);
    expect(await connection.chat.find({ channel: MESH.id }, KEY, since)).toEqual(card);
    expect(slack.requests.count('conversations.history')).toBe(3);
  });

  test('what cannot be read throws, so that nobody takes it for absent', async () => {
    const { slack, connection } = await connected();
    slack.faults.add({ kind: 'unavailable', when: 'before', method: 'conversations.history', times: 1 });
    expect((await failing(connection.chat.find({ channel: MESH.id }, KEY, 0))).kind).toBe('unknown');
  });
});

describe('editing', () => {
  test('draws the message anew', async () => {
    const { slack, connection } = await connected();
    const posted = await connection.chat.post({ channel: MESH.id }, saying('asked'), KEY);
    await connection.chat.update(posted, saying('approved'), KEY);
    expect(slack.messages(MESH.id)).toMatchObject([{ ts: posted.ts, text: 'approved', edited: true }]);
    expect(await connection.chat.find({ channel: MESH.id }, KEY, Date.now())).toEqual(posted);
  });

  test.each(['message_not_found', 'edit_window_closed', 'cant_update_message'])('%s means gone', async code => {
    const { slack, connection } = await connected();
    const posted = await connection.chat.post({ channel: MESH.id }, saying('asked'), KEY);
    slack.faults.add({ kind: 'error', method: 'chat.update', error: code, times: 1 });
    expect((await failing(connection.chat.update(posted, saying('approved'), KEY))).kind).toBe('gone');
  });

  test('many edits in a row become few, and the last one stays', async () => {
    const { slack, connection } = await connected({ editGap: 200 });
    const posted = await connection.chat.post({ channel: MESH.id }, saying('0'), KEY);
    await Promise.all(
      Array.from({ length: 30 }, (_, at) => connection.chat.update(posted, saying(`${at + 1} of 30`), KEY)),
    );
    expect(slack.messages(MESH.id)[0]?.text).toBe('30 of 30');
    expect(slack.requests.count('chat.update')).toBeLessThanOrEqual(2);
  });
});

describe('whispering', () => {
  test('is for one person', async () => {
    const { slack, connection } = await connected();
    await connection.chat.whisper({ channel: MESH.id }, RIKO.id, saying('not you'));
    expect(slack.ephemerals()).toMatchObject([{ ephemeralTo: RIKO.id, text: 'not you' }]);
  });

  test('goes to the direct messages of who is not in the channel, or where the channel is closed to us', async () => {
    const { slack, connection } = await connected();
    await connection.chat.whisper({ channel: RELEASES.id }, 'UMINA00001', saying('one'));
    await connection.chat.whisper({ channel: ARCHIVED.id }, 'UMINA00001', saying('two'));
    await connection.chat.whisper({ channel: WAR_ROOM.id }, 'UMINA00001', saying('three'));
    const direct = slack.as('UMINA00001').directMessages();
    expect(slack.messages(direct).map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  });
});

describe('people', () => {
  test('are told apart: members, guests of other companies, bots, those who left', async () => {
    const { connection, slack } = await connected();
    const { chat } = connection;
    expect(await chat.person(RIKO.id)).toEqual({
      id: RIKO.id,
      team: slack.team.id,
      name: expect.stringMatching(/riko/i),
      isBot: false,
      isGuest: false,
      isDeleted: false,
      tz: 'Etc/UTC',
    });
    expect(await chat.person(LENA.id)).toMatchObject({ isGuest: true, team: LENA.team });
    expect(await chat.person(MESHBOT.id)).toMatchObject({ isBot: true });
    expect(await chat.person(PAUL.id)).toMatchObject({ isDeleted: true });
    expect(await chat.person('UNOBODY000')).toBeUndefined();
  });

  test('a person who cannot be looked up throws', async () => {
    const { slack, connection } = await connected();
    slack.faults.add({ kind: 'unavailable', when: 'before', method: 'users.info', times: 1 });
    expect((await failing(connection.chat.person(RIKO.id))).kind).toBe('unknown');
  });

  test('a group is read each time, and one that cannot be read throws', async () => {
    const { slack, connection } = await connected();
    expect(await connection.chat.groupMembers(ON_CALL.id)).toEqual(ON_CALL.users);
    slack.world.group(ON_CALL.id)!.users = [RIKO.id];
    expect(await connection.chat.groupMembers(ON_CALL.id)).toEqual([RIKO.id]);
    expect((await failing(connection.chat.groupMembers('SNOTHING00'))).kind).toBe('refused');
    slack.setManifest({ scopes: [] });
    const error = await failing(connection.chat.groupMembers(ON_CALL.id));
    expect(error.message).toContain('missing_scope');
  });
});
