import { expect, test } from 'vitest';
import type { FormVerb } from '../../src/ports.ts';
import { MESH, RIKO } from '../../src/sandbox/slack/people.ts';
import { choose } from './deed.ts';
import { connected, type FakeDesk, saying, words } from './setup.ts';

const VERSIONS: Record<string, string[]> = { reviews: ['v1', 'v2', 'v3'], ratings: ['v1'] };

/** Shift with a menu of versions that depends on the service. */
function shifting(desk: FakeDesk, services: string[] = Object.keys(VERSIONS)): void {
  const menu = (values: string[]) => ({
    kind: 'menu' as const,
    choices: values.map(value => ({ value, label: value })),
  });
  desk.form = (verb, chosen) => {
    const form: FormVerb = {
      verb: 'shift',
      summary: 'Move traffic',
      inputs: [
        { name: 'service', about: 'Whose traffic', required: true, shape: menu(services) },
        { name: 'version', about: 'Where to', required: true, shape: menu(VERSIONS[chosen.service ?? ''] ?? []) },
        { name: 'percent', about: 'How much', required: true, shape: { kind: 'number', least: 0, most: 100 } },
        { name: 'note', about: 'Why', required: false, shape: { kind: 'text' } },
      ],
    };
    const verbs = [
      { verb: 'shift', summary: 'Move traffic' },
      { verb: 'pending', summary: 'What waits' },
    ];
    return verb === 'shift' ? { verbs, form } : { verbs };
  };
  desk.line = (verb, chosen) =>
    [verb, chosen.service, chosen.version, chosen.percent, ...(chosen.note ? ['--note', chosen.note] : [])].join(' ');
}

async function opened(services?: string[]) {
  const setup = await connected();
  const { slack, desk } = setup;
  shifting(desk, services);
  desk.reply = asked => (asked.text === '' ? { kind: 'form' } : { kind: 'recorded', change: 'mc-1' });
  await slack.as(RIKO).say(MESH.id, '/mesh');
  const modal = await slack.until(() => slack.as(RIKO).modals()[0]);
  return { ...setup, viewId: modal.viewId, view: () => slack.as(RIKO).modals()[0]!.view };
}

/** block_id of an input, as it is now. */
function block(view: { blocks?: unknown }, name: string): string {
  const blocks = view.blocks as { block_id: string }[];
  const found = blocks.find(({ block_id }) => block_id.split('|')[1] === name);
  if (!found) throw new Error(`no input ${name}`);
  return found.block_id;
}

async function act(setup: Awaited<ReturnType<typeof opened>>, name: string, value: string): Promise<void> {
  const { slack, viewId, view } = setup;
  const blocks = view().blocks as {
    block_id: string;
    element?: { action_id: string; options?: { value: string }[] };
  }[];
  const target = blocks.find(({ block_id }) => block_id === (name === 'verb' ? 'verb' : block(view(), name)))!;
  const before = slack.as(RIKO).modals()[0]!.hash;
  /** By element, since all inputs of the form share one action_id. */
  await choose(slack, RIKO.id, viewId, target, value);
  await slack.until(() => slack.as(RIKO).modals()[0]!.hash !== before);
}

test('the form opens with the verbs; choosing one shows its inputs, and a choice brings the menus that depend on it', async () => {
  const setup = await opened();
  const { view } = setup;
  expect((view().blocks as unknown[]).length).toBe(1);
  await act(setup, 'verb', 'shift');
  expect(words(view())).toContain('Version: nothing to choose from yet');
  await act(setup, 'service', 'reviews');
  expect(
    words((view().blocks as { block_id: string }[]).find(one => one.block_id === block(view(), 'version'))),
  ).toContain('v3');
});

test('the submitted form is the line it means, asked where the form was opened', async () => {
  const setup = await opened();
  const { slack, desk, viewId, view } = setup;
  await act(setup, 'verb', 'shift');
  await act(setup, 'service', 'reviews');
  await slack.as(RIKO).submit(viewId, {
    verb: 'shift',
    [block(view(), 'service')]: 'reviews',
    [block(view(), 'version')]: 'v3',
    [block(view(), 'percent')]: '50',
    [block(view(), 'note')]: 'for the demo',
  });
  expect(desk.asked.at(-1)).toEqual({
    text: 'shift reviews v3 50 --note for the demo',
    asker: { team: slack.team.id, user: RIKO.id },
    place: { channel: MESH.id },
    delivery: expect.stringMatching(/^form-/),
  });
  expect(slack.as(RIKO).modals()).toEqual([]);
});

test('a number out of range is told beside its input, and nothing is asked', async () => {
  const setup = await opened();
  const { slack, desk, viewId, view } = setup;
  await act(setup, 'verb', 'shift');
  await act(setup, 'service', 'reviews');
  const asked = desk.asked.length;
  await slack.as(RIKO).submit(viewId, {
    verb: 'shift',
    [block(view(), 'service')]: 'reviews',
    [block(view(), 'version')]: 'v3',
    [block(view(), 'percent')]: '101',
  });
  expect(desk.asked.length).toBe(asked);
  expect(slack.as(RIKO).modals()).toHaveLength(1);
});

test('an answer to a form is shown on top of it, so that one can go back', async () => {
  const setup = await opened();
  const { slack, desk, viewId, view } = setup;
  desk.reply = () => ({ kind: 'answer', view: saying('reviews has no version v3') });
  await act(setup, 'verb', 'shift');
  await act(setup, 'service', 'reviews');
  await slack.as(RIKO).submit(viewId, {
    verb: 'shift',
    [block(view(), 'service')]: 'reviews',
    [block(view(), 'version')]: 'v3',
    [block(view(), 'percent')]: '50',
  });
  expect(slack.as(RIKO).modals()).toHaveLength(2);
  expect(words(slack.as(RIKO).modals()[1]!.view)).toContain('reviews has no version v3');
});

test('more than a hundred services are searched as one types', async () => {
  const many = Array.from(
    { length: 250 },
    (_, at) => `service-${at}.a-namespace-with-a-very-long-name-so-that-it-is-over-75-characters`,
  );
  const setup = await opened(many);
  const { slack, viewId, view } = setup;
  await act(setup, 'verb', 'shift');
  const element = (view().blocks as { block_id: string; element?: { type: string } }[])[1]!.element;
  expect(element?.type).toBe('external_select');
  const found = await slack.as(RIKO).options({ viewId }, 'value', 'service-24');
  expect(found).toMatchObject({ ok: true });
  const options = 'options' in found ? found.options! : [];
  expect(options.length).toBe(11);
  expect(JSON.stringify(options)).not.toContain('service-25');
});
