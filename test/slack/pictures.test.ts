/** Pictures in messages, and files: there when they can be, and never promised when they are not. */
import { describe, expect, test } from 'vitest';
import type { Picture } from '../../src/picture/picture.ts';
import type { LocalSlack } from '../../src/sandbox/slack/server.ts';
import type { View } from '../../src/view.ts';
import { connected, saying, words } from './setup.ts';

const MESH = 'mesh';
const KEY = { change: 'mc-1', slot: 'receipt' };
const PICTURE: Picture = {
  kind: 'waterfall',
  title: 'One request',
  hops: [{ service: 'reviews.default', version: 'v3', depth: 0, start: 0, took: 20 }],
};
const VIEW: View = {
  text: 'receipt',
  parts: [
    {
      kind: 'picture',
      title: 'One request',
      alt: 'reviews v3 took 20 ms',
      picture: PICTURE,
      otherwise: 'reviews v3 ███',
    },
  ],
};
const LONG: View = {
  text: 'card',
  parts: [
    {
      kind: 'code',
      language: 'diff',
      text: Array.from({ length: 2000 }, (_, at) => `+ line ${at}`).join('\n'),
      file: 'reviews.diff',
    },
  ],
};

interface Block {
  type: string;
  block_id?: string;
  alt_text?: string;
  slack_file?: { id: string };
}

const channelOf = (slack: LocalSlack) => slack.world.channels.find(({ name }) => name === MESH)!.id;
const blocksOf = (slack: LocalSlack, ts: string) =>
  (slack.messages(channelOf(slack)).find(message => message.ts === ts)?.blocks ?? []) as unknown as Block[];
const imageIn = (slack: LocalSlack, ts: string) => blocksOf(slack, ts).find(({ type }) => type === 'image');

describe('a picture', () => {
  test('takes the place of its words as soon as Slack has it, with all of it said in its description', async () => {
    const { slack, connection } = await connected();
    const posted = await connection.chat.post({ channel: channelOf(slack) }, VIEW, KEY);
    await slack.until(() => imageIn(slack, posted.ts) !== undefined);
    expect(imageIn(slack, posted.ts)).toMatchObject({ alt_text: 'reviews v3 took 20 ms' });
    expect(words(blocksOf(slack, posted.ts))).not.toContain('███');
  });

  test('is uploaded once, however often its message is drawn again, also after a restart', async () => {
    const { slack, connection } = await connected();
    const channel = channelOf(slack);
    const posted = await connection.chat.post({ channel }, saying('wait'), KEY);
    await connection.chat.update(posted, VIEW, KEY);
    const first = imageIn(slack, posted.ts)?.slack_file?.id;
    expect(first).toBeDefined();
    const more: View = { ...VIEW, parts: [...VIEW.parts, { kind: 'note', text: 'more' }] };
    await connection.chat.update(posted, more, KEY);
    const other = await connected({
      apiUrl: slack.apiUrl,
      credentials: { kind: 'socket', botToken: slack.botToken, appToken: slack.appToken },
    });
    await other.connection.chat.update(posted, { ...more, text: 'again' }, KEY);
    expect(imageIn(slack, posted.ts)?.slack_file?.id).toBe(first);
  });

  test('that cannot be uploaded leaves its words', async () => {
    const { slack, connection } = await connected();
    const posted = await connection.chat.post({ channel: channelOf(slack) }, saying('wait'), KEY);
    slack.faults.add({ kind: 'error', error: 'file_uploads_disabled', method: 'files.getUploadURLExternal' });
    await connection.chat.update(posted, VIEW, KEY);
    expect(imageIn(slack, posted.ts)).toBeUndefined();
    expect(words(blocksOf(slack, posted.ts))).toContain('reviews v3 ███');
  });

  test('whose file Slack is not done with does not cost the message', async () => {
    const { slack, connection } = await connected();
    const posted = await connection.chat.post({ channel: channelOf(slack) }, saying('wait'), KEY);
    slack.faults.add({ kind: 'error', error: 'invalid_blocks', method: 'chat.update', times: 1 });
    await connection.chat.update(posted, VIEW, KEY);
    expect(words(blocksOf(slack, posted.ts))).toContain('reviews v3 ███');
    await slack.until(() => imageIn(slack, posted.ts) !== undefined);
  });
});

describe('a file that cannot be uploaded', () => {
  test('is not named as if it were there', async () => {
    const { slack, connection } = await connected();
    slack.faults.add({ kind: 'error', error: 'file_uploads_disabled', method: 'files.getUploadURLExternal' });
    const posted = await connection.chat.post({ channel: channelOf(slack) }, LONG, KEY);
    await slack.until(() => words(blocksOf(slack, posted.ts)).includes('could not be attached'));
    expect(words(blocksOf(slack, posted.ts))).not.toContain('whole in reviews.diff');
  });

  test('is named again when it comes with a later drawing', async () => {
    const { slack, connection } = await connected();
    const heal = slack.faults.add({
      kind: 'error',
      error: 'file_uploads_disabled',
      method: 'files.getUploadURLExternal',
    });
    const posted = await connection.chat.post({ channel: channelOf(slack) }, LONG, KEY);
    await slack.until(() => words(blocksOf(slack, posted.ts)).includes('could not be attached'));
    heal();
    await connection.chat.update(posted, { ...LONG, text: 'card, redrawn' }, KEY);
    const thread = () => slack.thread(channelOf(slack), posted.ts).flatMap(message => message.files ?? []);
    await slack.until(() => thread().length > 0);
    expect(words(blocksOf(slack, posted.ts))).toContain('whole in reviews.diff');
  });
});
