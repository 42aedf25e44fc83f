import { expect, test } from 'vitest';
import { MESH, RIKO, SAM } from '../../../src/sandbox/slack/people.ts';
import { bolt, client, local, text } from './local.ts';

const N = 200;

test(`${N} commands and ${N} clicks at once are all delivered and acknowledged, each once`, async () => {
  const slack = await local();
  const commands: string[] = [];
  const clicks: string[] = [];
  await bolt(slack, app => {
    app.command('/mesh', async ({ ack, command }) => {
      commands.push(command.text);
      await ack();
    });
    app.action('approve', async ({ ack, action }) => {
      if (action.type === 'button') clicks.push(action.value ?? '');
      await ack();
    });
  });
  const elements = [{ type: 'button' as const, action_id: 'approve', text: text('Approve') }];
  await client(slack).chat.postMessage({ channel: MESH.id, text: 'card', blocks: [{ type: 'actions', elements }] });
  const card = slack.messages(MESH.id)[0]!;
  const numbers = Array.from({ length: N }, (_, n) => String(n));
  const replies = await Promise.all([
    ...numbers.map(n => slack.as(RIKO).say(MESH.id, `/mesh status ${n}`)),
    ...numbers.map(n => slack.as(SAM).click(card, 'approve', n)),
  ]);
  expect(replies.filter(reply => !reply.ok)).toEqual([]);
  const inOrder = (seen: string[]) => seen.map(Number).sort((a, b) => a - b);
  expect(inOrder(clicks)).toEqual(numbers.map(Number));
  expect(inOrder(commands.map(command => command.replace('status ', '')))).toEqual(numbers.map(Number));
  expect(slack.sockets.spread()).toEqual([N, N]);
});
