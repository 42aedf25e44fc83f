import { expect, test } from 'vitest';
import { ClusterError } from '../../src/ports.ts';
import { LENA, MESH, RIKO, SAM } from '../../src/sandbox/slack/people.ts';
import type { View } from '../../src/view.ts';
import { connected, type Setup, words } from './setup.ts';

const CARD: View = {
  text: 'Send 50 % of reviews to v3',
  parts: [
    { kind: 'heading', text: 'Send 50 % of reviews to v3' },
    {
      kind: 'actions',
      actions: [
        { id: 'approve', label: 'Approve', value: 'mc-1', style: 'primary' },
        { id: 'reject', label: 'Reject', value: 'mc-1' },
        { id: 'undo', label: 'Undo', value: 'mc-1' },
        { id: 'forgotten', label: 'Old', value: 'mc-1' },
      ],
    },
    {
      kind: 'choice',
      id: 'choose',
      prompt: 'Which route?',
      placeholder: 'Choose',
      value: 'mc-1',
      choices: [
        { value: 'http-0', label: 'The first' },
        { value: 'http-1', label: 'The second' },
      ],
    },
  ],
};

async function withCard() {
  const setup = await connected();
  const posted = await setup.connection.chat.post({ channel: MESH.id }, CARD, { change: 'mc-1', slot: 'card' });
  return { ...setup, posted, card: () => cardOf(setup) };
}

function cardOf({ slack }: Setup) {
  const [card] = slack.messages(MESH.id);
  if (!card) throw new Error('no card');
  return card;
}

test('an approval carries the change, who clicked and on which message', async () => {
  const { slack, desk, posted, card } = await withCard();
  expect(await slack.as(SAM).click(card(), 'approve')).toEqual({ ok: true });
  expect(desk.clicks).toEqual([
    {
      kind: 'approve',
      change: 'mc-1',
      posted,
      clicker: { team: slack.team.id, user: SAM.id },
      delivery: expect.stringMatching(/^approve-/),
    },
  ]);
});

test.each(['pause', 'resume', 'abort', 'keep', 'revert'] as const)(
  '%s is one click, stored like an approval',
  async kind => {
    const setup = await connected();
    const view: View = {
      text: 'In steps',
      parts: [{ kind: 'actions', actions: [{ id: kind, label: kind, value: 'mc-1' }] }],
    };
    const posted = await setup.connection.chat.post({ channel: MESH.id }, view, { change: 'mc-1', slot: 'card' });
    expect(await setup.slack.as(SAM).click(cardOf(setup), kind)).toEqual({ ok: true });
    expect(setup.desk.clicks).toMatchObject([{ kind, change: 'mc-1', posted, clicker: { user: SAM.id } }]);
  },
);

test('a click is acknowledged only when it is stored', async () => {
  const { slack, desk, card } = await withCard();
  let store = () => {};
  desk.verdict = () => new Promise(resolve => (store = () => resolve(undefined)));
  let acknowledged = false;
  const clicked = slack
    .as(SAM)
    .click(card(), 'approve')
    .then(() => (acknowledged = true));
  await slack.until(() => desk.clicks.length === 1);
  expect(acknowledged).toBe(false);
  store();
  await clicked;
});

test('one click delivered twice has one delivery id; a click of another person has another', async () => {
  const { slack, desk, card } = await withCard();
  slack.faults.add({ kind: 'duplicate', times: 1, envelope: 'interactive' });
  await slack.as(SAM).click(card(), 'approve');
  await slack.until(() => desk.clicks.length === 2);
  await slack.as(RIKO).click(card(), 'approve');
  const [first, again, other] = desk.clicks.map(click => click.delivery);
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});

test('who may not is told why, alone', async () => {
  const { slack, desk, card } = await withCard();
  desk.verdict = () => 'You asked for this change, so somebody else must approve it.';
  await slack.as(RIKO).click(card(), 'approve');
  const [told] = await slack.until(() => slack.as(RIKO).ephemerals(MESH.id).length > 0 && slack.as(RIKO).ephemerals());
  expect(told?.text).toContain('somebody else must approve');
});

test('when the click could not be stored the person is told to try again', async () => {
  const { slack, desk, card } = await withCard();
  desk.verdict = () => {
    throw new ClusterError('busy', 'too many requests');
  };
  expect(await slack.as(SAM).click(card(), 'approve')).toEqual({ ok: true });
  await slack.until(() => slack.ephemerals().some(({ text }) => /Nothing was stored/.test(text)));
});

test('a choice carries what was chosen', async () => {
  const { slack, desk, card } = await withCard();
  await slack.as(RIKO).click(card(), 'choose', 'http-1');
  expect(desk.clicks[0]).toMatchObject({ kind: 'choose', change: 'mc-1', choice: 'http-1' });
});

test('reject asks for a reason, and only its submission is a click', async () => {
  const { slack, desk, posted, card } = await withCard();
  await slack.as(SAM).click(card(), 'reject');
  const modal = await slack.until(() => slack.as(SAM).modals()[0]);
  expect(desk.clicks).toEqual([]);
  await slack.as(SAM).submit(modal.viewId, { reason: 'not on a Friday' });
  expect(desk.clicks).toEqual([
    {
      kind: 'reject',
      change: 'mc-1',
      posted,
      reason: 'not on a Friday',
      clicker: { team: slack.team.id, user: SAM.id },
      delivery: expect.stringMatching(/^reject-/),
    },
  ]);
  expect(slack.as(SAM).modals()).toEqual([]);
});

test('a rejection that is not taken says so in the modal, which stays', async () => {
  const { slack, desk, card } = await withCard();
  desk.verdict = () => 'It was approved a moment ago.';
  await slack.as(SAM).click(card(), 'reject');
  const modal = await slack.until(() => slack.as(SAM).modals()[0]);
  await slack.as(SAM).submit(modal.viewId, { reason: 'no' });
  expect(slack.as(SAM).modals()).toHaveLength(1);
});

test('undo asks for the undoing of that change in the channel of the card', async () => {
  const { slack, desk, card } = await withCard();
  await slack.as(RIKO).click(card(), 'undo');
  expect(desk.asked).toEqual([
    {
      text: 'undo mc-1',
      asker: { team: slack.team.id, user: RIKO.id },
      place: { channel: MESH.id },
      delivery: expect.stringMatching(/^undo-/),
    },
  ]);
});

test('a made-up value is refused before it reaches the core', async () => {
  const { slack, desk, card } = await withCard();
  for (const value of ['mc-1 --force', '../mc-1', '', 'x'.repeat(500)]) {
    await slack.as(SAM).click(card(), 'approve', value);
    await slack.as(SAM).click(card(), 'undo', value);
  }
  expect(desk.clicks).toEqual([]);
  expect(desk.asked).toEqual([]);
});

test('a button that nobody knows is acknowledged, with a word', async () => {
  const { slack, card } = await withCard();
  expect(await slack.as(SAM).click(card(), 'forgotten')).toEqual({ ok: true });
  await slack.until(() => slack.ephemerals().some(({ text }) => /does nothing any more/.test(text)));
});

test('a click of somebody from another company carries their own team', async () => {
  const { slack, desk, card } = await withCard();
  await slack.as(LENA).click(card(), 'approve');
  expect(desk.clicks[0]?.clicker).toEqual({ team: LENA.team, user: LENA.id });
  expect(words(card().blocks)).toContain('Approve');
});
