import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MESH, RIKO } from '../../../src/sandbox/slack/people.ts';
import { connected } from '../setup.ts';
import { view } from './hostile.ts';

test('Slack takes every view as a message, new and edited, and for one person alone', async () => {
  const { connection } = await connected({ editGap: 0 });
  const { chat } = connection;
  await fc.assert(
    fc.asyncProperty(view, view, async (first, second) => {
      const key = { change: 'mc-1', slot: 'card' };
      const posted = await chat.post({ channel: MESH.id }, first, key);
      await chat.update(posted, second, key);
      await chat.whisper({ channel: MESH.id }, RIKO.id, second);
    }),
    { numRuns: 30, interruptAfterTimeLimit: 12_000 },
  );
});

test('Slack takes every view as a Home tab', async () => {
  const { slack, desk } = await connected();
  let published = 0;
  await fc.assert(
    fc.asyncProperty(view, async hostile => {
      desk.home = async () => hostile;
      await slack.as(RIKO).openHome();
      published += 1;
      await slack.until(() => slack.requests.count('views.publish') === published);
      expect(slack.requests.list.at(-1)?.error).toBeUndefined();
    }),
    { numRuns: 30, interruptAfterTimeLimit: 12_000 },
  );
});

test('Slack takes every view as an answer to a command', async () => {
  const { slack, desk } = await connected();
  await fc.assert(
    fc.asyncProperty(view, async hostile => {
      const before = slack.ephemerals().length;
      desk.reply = () => ({ kind: 'answer', view: hostile });
      expect(await slack.as(RIKO).say(MESH.id, '/mesh status')).toEqual({ ok: true });
      expect(slack.ephemerals().length).toBe(before + 1);
    }),
    { numRuns: 30, interruptAfterTimeLimit: 12_000 },
  );
});
