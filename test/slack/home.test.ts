import { expect, test } from 'vitest';
import { MESH, RIKO, SAM } from '../../src/sandbox/slack/people.ts';
import { choose } from './deed.ts';
import { connected, saying, words } from './setup.ts';

test('the Home tab shows the desk of whoever opens it', async () => {
  const { slack } = await connected();
  await slack.as(RIKO).openHome();
  await slack.until(() => words(slack.as(RIKO).home()).includes(`Home of ${RIKO.id}`));
  await slack.as(SAM).openHome();
  await slack.until(() => words(slack.as(SAM).home()).includes(`Home of ${SAM.id}`));
});

test('what is asked from the Home tab is asked in the direct messages with that person', async () => {
  const { slack, desk } = await connected();
  desk.form = () => ({
    verbs: [{ verb: 'pending', summary: 'What waits' }],
    form: { verb: 'pending', summary: 'What waits', inputs: [] },
  });
  desk.reply = () => ({ kind: 'working', share: false, work: async () => saying('nothing waits') });
  await slack.as(RIKO).openHome();
  const home = await slack.until(() => slack.as(RIKO).home());
  expect(words(home)).toContain('Ask for a change');
  const viewId = await homeId(slack.url, RIKO.id);
  await slack.as(RIKO).clickIn(viewId, 'open-form');
  const modal = await slack.until(() => slack.as(RIKO).modals()[0]);
  await slack.as(RIKO).submit(modal.viewId, { verb: 'pending' });
  const direct = slack.as(RIKO).directMessages();
  await slack.until(() => words(slack.as(RIKO).messages(direct)).includes('nothing waits'));
  expect(desk.asked[0]?.place).toEqual({ channel: direct });
});

test('a change that is asked for from the Home tab names the channel for its card', async () => {
  const { slack, desk } = await connected();
  const verbs = [{ verb: 'shift', summary: 'Move traffic' }];
  desk.form = verb => (verb ? { verbs, form: { ...verbs[0]!, change: true, inputs: [] } } : { verbs });
  await slack.as(RIKO).openHome();
  await slack.until(() => slack.as(RIKO).home());
  await slack.as(RIKO).clickIn(await homeId(slack.url, RIKO.id), 'open-form');
  const modal = await slack.until(() => slack.as(RIKO).modals()[0]);
  await slack.as(RIKO).submit(modal.viewId, { verb: 'shift' });
  expect(desk.asked).toEqual([]);
  const block = { block_id: 'verb', element: { action_id: 'verb', type: 'static_select' } };
  await choose(slack, RIKO.id, modal.viewId, block, 'shift');
  await slack.until(() => words(slack.as(RIKO).modals()[0]!.view).includes('Channel'));
  await slack.as(RIKO).submit(modal.viewId, { verb: 'shift', channel: MESH.id });
  await slack.until(() => desk.asked[0]);
  expect(desk.asked[0]?.place).toEqual({ channel: MESH.id });
});

/** The id of somebody's Home view, as their page is told it first. */
async function homeId(url: string, user: string): Promise<string> {
  const stop = new AbortController();
  const events = await fetch(`${url}page/events?user=${user}`, { signal: stop.signal });
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of events.body!) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes('\n\n')) break;
  }
  stop.abort();
  const data = text.split('\n').find(line => line.startsWith('data:'))!;
  return (JSON.parse(data.slice(5)) as { home: { id: string } }).home.id;
}
