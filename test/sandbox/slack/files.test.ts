import { expect, test } from 'vitest';
import { MESH, RANDOM } from '../../../src/sandbox/slack/people.ts';
import { client, local, refusal } from './local.ts';

const DIFF = '- weight: 100\n+ weight: 50\n';

test('a file is uploaded into a thread, with a comment, and the page shows its first lines', async () => {
  const slack = await local();
  const web = client(slack);
  const { ts } = await web.chat.postMessage({ channel: MESH.id, text: 'card' });
  await web.filesUploadV2({
    channel_id: MESH.id,
    thread_ts: ts!,
    filename: 'reviews.diff',
    title: 'The whole diff',
    content: DIFF,
    initial_comment: 'All of it',
    alt_text: 'what changes',
  });
  const [, message] = slack.thread(MESH.id, ts!);
  expect(message).toMatchObject({
    text: 'All of it',
    threadTs: ts,
    files: [
      { name: 'reviews.diff', title: 'The whole diff', mimetype: 'text/plain', size: DIFF.length, preview: DIFF },
    ],
  });
  const shown = await fetch(new URL(message!.files![0]!.url, slack.url));
  expect(await shown.text()).toBe(DIFF);
  expect(shown.headers.get('content-security-policy')).toBe('sandbox');
});

test('blocks beside a comment are ignored; without one they are shown', async () => {
  const slack = await local();
  const web = client(slack);
  const blocks = [{ type: 'divider' as const }];
  const files = async () => {
    const { upload_url, file_id } = await web.files.getUploadURLExternal({ filename: 'a.png', length: 3 });
    await fetch(upload_url!, { method: 'POST', body: 'png' });
    return [{ id: file_id! }] as [{ id: string }];
  };
  const complete = async (more: object) =>
    web.apiCall('files.completeUploadExternal', { files: await files(), channel_id: MESH.id, ...more });
  await complete({ blocks, initial_comment: 'see' });
  await complete({ blocks });
  const [commented, plain] = slack.messages(MESH.id);
  expect(commented).not.toHaveProperty('blocks');
  expect(plain?.blocks).toMatchObject(blocks);
  expect(plain?.files).toMatchObject([{ mimetype: 'image/png' }]);
});

test('an upload must have the length that was announced, and must have come before it is completed', async () => {
  const slack = await local();
  const web = client(slack);
  const { upload_url, file_id } = await web.files.getUploadURLExternal({ filename: 'a.txt', length: 5 });
  const complete = () => web.files.completeUploadExternal({ files: [{ id: file_id! }], channel_id: MESH.id });
  expect(await refusal(complete())).toMatchObject({ error: 'file_update_failed' });
  const short = await fetch(upload_url!, { method: 'POST', body: 'abc' });
  expect([short.status, await short.text()]).toEqual([400, '5 bytes were announced for a.txt, 3 came.']);
  expect((await fetch(upload_url!, { method: 'POST', body: 'abcde' })).status).toBe(200);
  expect((await fetch(upload_url!, { method: 'POST', body: 'abcde' })).status).toBe(400);
  expect(await complete()).toMatchObject({ ok: true, files: [{ id: file_id }] });
  expect(await refusal(complete())).toMatchObject({ error: 'file_update_failed' });
  expect(slack.messages(MESH.id)).toHaveLength(1);
});

test('a file is not shared where the app may not write', async () => {
  const slack = await local();
  const web = client(slack);
  const upload = web.filesUploadV2({ channel_id: RANDOM.id, filename: 'a.txt', content: 'abc' });
  expect(await refusal(upload)).toMatchObject({ error: 'not_in_channel' });
  expect(slack.messages(RANDOM.id)).toEqual([]);
});
