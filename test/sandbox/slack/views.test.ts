import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import { expect, test } from 'vitest';
import { LENA, MESH, RIKO, SAM } from '../../../src/sandbox/slack/people.ts';
import type { LocalSlack } from '../../../src/sandbox/slack/server.ts';
import { bolt, client, local, modal, refusal, standingClock, text } from './local.ts';

/** An app whose command hands its trigger_id to the test. */
async function triggers(slack: LocalSlack, more: (app: App) => void = () => {}): Promise<() => Promise<string>> {
  const ids: string[] = [];
  await bolt(slack, app => {
    app.command('/mesh', async ({ ack, command }) => {
      ids.push(command.trigger_id);
      await ack();
    });
    more(app);
  });
  return async () => {
    await slack.as(RIKO).say(MESH.id, '/mesh');
    return ids.pop()!;
  };
}

test('a trigger_id opens one modal, once', async () => {
  const slack = await local();
  const trigger = await triggers(slack);
  const views = client(slack).views;
  const trigger_id = await trigger();
  expect(await views.open({ trigger_id, view: modal() })).toMatchObject({
    view: { type: 'modal', state: { values: {} }, app_id: 'AMESHBOT01' },
  });
  expect(await refusal(views.open({ trigger_id, view: modal() }))).toMatchObject({ error: 'exchanged_trigger_id' });
  expect(await refusal(views.open({ trigger_id: '1.2.abc', view: modal() }))).toMatchObject({
    error: 'invalid_trigger_id',
  });
});

test('a trigger_id is dead after three seconds', async () => {
  const clock = standingClock();
  const slack = await local({ now: clock.now });
  const trigger = await triggers(slack);
  const views = client(slack).views;
  const [inTime, tooLate] = [await trigger(), await trigger()];
  clock.move(2999);
  expect(await views.open({ trigger_id: inTime, view: modal() })).toMatchObject({ ok: true });
  clock.move(1);
  expect(await refusal(views.open({ trigger_id: tooLate, view: modal() }))).toMatchObject({
    error: 'expired_trigger_id',
  });
});

test('a refused view does not use up its trigger_id', async () => {
  const slack = await local();
  const trigger = await triggers(slack);
  const views = client(slack).views;
  const trigger_id = await trigger();
  const view = modal({ title: text('x'.repeat(25)) });
  expect(await refusal(views.open({ trigger_id, view }))).toMatchObject({
    error: 'invalid_arguments',
    response_metadata: { messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'] },
  });
  expect(await views.open({ trigger_id, view: modal() })).toMatchObject({ ok: true });
});

test.each([
  ['an input without a submit button', { submit: undefined }, 'must define `submit`'],
  ['private_metadata over 3000 characters', { private_metadata: 'x'.repeat(3001) }, 'less than 3001'],
  [
    'more than 100 blocks',
    { blocks: Array.from({ length: 101 }, () => ({ type: 'divider' })) },
    'no more than 100 items',
  ],
  ['a table', { blocks: [{ type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] }] }, 'unsupported type: table'],
  ['a Home', { type: 'home' }, 'must be one of: modal'],
  ['a field that is not Slack’s', { colour: 'red' }, 'invalid additional property: colour'],
])('a modal is refused with %s', async (_what, fields, why) => {
  const slack = await local();
  const trigger = await triggers(slack);
  const view = modal(fields as Record<string, unknown>);
  const refused = await refusal(client(slack).views.open({ trigger_id: await trigger(), view }));
  expect(refused.error).toBe('invalid_arguments');
  expect(JSON.stringify(refused.response_metadata)).toContain(why);
});

test('an alert is for modals', async () => {
  const slack = await local();
  const trigger = await triggers(slack);
  const view = modal({ blocks: [{ type: 'alert', text: text('Careful'), level: 'warning' }] });
  expect(await client(slack).views.open({ trigger_id: await trigger(), view })).toMatchObject({ ok: true });
});

test('an update with a hash that is no longer the view’s is refused', async () => {
  const slack = await local();
  const trigger = await triggers(slack);
  const views = client(slack).views;
  const opened = await views.open({ trigger_id: await trigger(), view: modal({ external_id: 'form-1' }) });
  const { id: view_id, hash } = opened.view!;
  await views.update({ view_id: view_id!, hash: hash!, view: modal({ title: text('Second') }) });
  expect(await refusal(views.update({ view_id: view_id!, hash: hash!, view: modal() }))).toMatchObject({
    error: 'hash_conflict',
  });
  expect(slack.as(RIKO).modals()).toMatchObject([{ view: { title: { text: 'Second' } } }]);
  await slack.as(RIKO).close(view_id!);
  expect(await refusal(views.update({ view_id: view_id!, view: modal() }))).toMatchObject({ error: 'not_found' });
});

test('a submission is answered by errors, then by another view, then closes', async () => {
  const slack = await local();
  const seen: string[] = [];
  const trigger = await triggers(slack, app =>
    app.view('form', async ({ ack, view }) => {
      const reason = view.state.values.why?.reason?.value ?? '';
      seen.push(reason);
      if (reason === 'no') await ack({ response_action: 'errors', errors: { why: 'Say more.' } });
      else if (reason === 'more')
        await ack({ response_action: 'update', view: modal({ callback_id: 'form', title: text('Sure?') }) });
      else if (reason === 'over')
        await ack({ response_action: 'push', view: modal({ callback_id: 'form', title: text('Over') }) });
      else if (reason === 'all') await ack({ response_action: 'clear' });
      else await ack();
    }),
  );
  await client(slack).views.open({ trigger_id: await trigger(), view: modal({ callback_id: 'form' }) });
  const riko = slack.as(RIKO);
  const top = () => riko.modals().at(-1)!;
  const titles = () => riko.modals().map(({ view }) => (view.title as { text: string }).text);

  expect(await riko.submit(top().viewId, { reason: 'no' })).toEqual({ ok: true });
  expect(titles()).toEqual(['Form']);
  await riko.submit(top().viewId, { reason: 'more' });
  expect(titles()).toEqual(['Sure?']);
  await riko.submit(top().viewId, { reason: 'over' });
  expect(titles()).toEqual(['Sure?', 'Over']);
  await riko.submit(top().viewId, { reason: 'fine' });
  expect(titles()).toEqual(['Sure?']);
  await riko.submit(top().viewId, { reason: 'over' });
  await riko.submit(top().viewId, { reason: 'over' });
  expect(titles()).toEqual(['Sure?', 'Over', 'Over']);
  expect(await riko.submit(top().viewId, { reason: 'over' })).toEqual({
    ok: false,
    error: 'The app answered with something Slack does not take (push_limit_reached).',
  });
  await riko.submit(top().viewId, { reason: 'all' });
  expect(titles()).toEqual([]);
  expect(seen).toEqual(['no', 'more', 'over', 'fine', 'over', 'over', 'over', 'all']);
});

test('errors for a block that is no input of the form are refused', async () => {
  const slack = await local();
  const trigger = await triggers(slack, app =>
    app.view('form', ({ ack }) => ack({ response_action: 'errors', errors: { other: 'Wrong' } })),
  );
  const opened = await client(slack).views.open({ trigger_id: await trigger(), view: modal({ callback_id: 'form' }) });
  expect(await slack.as(RIKO).submit(opened.view!.id!, { reason: 'x' })).toEqual({
    ok: false,
    error: 'The app answered with something Slack does not take (invalid_errors).',
  });
});

test('a required input that is empty, or a number out of range, is not sent to the app', async () => {
  const slack = await local();
  const trigger = await triggers(slack);
  const view = modal({
    blocks: [
      {
        type: 'input',
        block_id: 'why',
        label: text('Why?'),
        element: { type: 'plain_text_input', action_id: 'reason' },
      },
      {
        type: 'input',
        block_id: 'share',
        label: text('Share'),
        element: {
          type: 'number_input',
          action_id: 'percent',
          is_decimal_allowed: false,
          min_value: '0',
          max_value: '100',
        },
      },
    ],
  });
  const { id } = (await client(slack).views.open({ trigger_id: await trigger(), view })).view!;
  const riko = slack.as(RIKO);
  expect(await riko.submit(id!, {})).toEqual({ ok: false, error: 'Please complete this required field.' });
  expect(await riko.submit(id!, { reason: 'x', percent: 101 })).toEqual({
    ok: false,
    error: 'Please enter a number of at most 100.',
  });
  expect(await riko.submit(id!, { reason: 'x', percent: 0.5 })).toEqual({
    ok: false,
    error: 'Please enter a whole number.',
  });
});

test('closing is told only where the app asked for it', async () => {
  const slack = await local();
  const closed: string[] = [];
  const trigger = await triggers(slack, app =>
    app.view({ callback_id: 'form', type: 'view_closed' }, async ({ ack, body }) => {
      closed.push(body.view.title.text);
      await ack();
    }),
  );
  const open = async (fields: Record<string, unknown>) => {
    const view = modal({ callback_id: 'form', ...fields });
    return (await client(slack).views.open({ trigger_id: await trigger(), view })).view!.id!;
  };
  await slack.as(RIKO).close(await open({ title: text('Quiet') }));
  await slack.as(RIKO).close(await open({ title: text('Told'), notify_on_close: true }));
  await slack.until(() => closed.length > 0);
  expect(closed).toEqual(['Told']);
  expect(slack.as(RIKO).modals()).toEqual([]);
});

test('a modal is pushed with the trigger of a click in the modal below it', async () => {
  const slack = await local();
  const trigger = await triggers(slack, app =>
    app.action<BlockAction<ButtonAction>>('more', async ({ ack, body, client: web }) => {
      await ack();
      await web.views.push({ trigger_id: body.trigger_id, view: modal({ title: text('Over') }) });
    }),
  );
  const actions = { type: 'actions', elements: [{ type: 'button', action_id: 'more', text: text('More') }] };
  const view = modal({ blocks: [actions], submit: undefined });
  const opened = await client(slack).views.open({ trigger_id: await trigger(), view });
  await slack.as(RIKO).clickIn(opened.view!.id!, 'more');
  const stack = await slack.until(() => slack.as(RIKO).modals().length === 2 && slack.as(RIKO).modals());
  expect(stack.map(one => (one.view.title as { text: string }).text)).toEqual(['Form', 'Over']);
});

test('nobody can submit, click in or close the form of somebody else', async () => {
  const slack = await local();
  const trigger = await triggers(slack);
  const { id } = (await client(slack).views.open({ trigger_id: await trigger(), view: modal() })).view!;
  expect(await slack.as(SAM).submit(id!, { reason: 'x' })).toMatchObject({ ok: false });
  await slack.as(SAM).close(id!);
  expect(slack.as(RIKO).modals()).toHaveLength(1);
});

test('a Home is published for one person of the team and its buttons reach the app', async () => {
  const slack = await local();
  const clicks: unknown[] = [];
  await bolt(slack, app => {
    app.event('app_home_opened', async ({ event, client: web }) => {
      const elements = [
        { type: 'button' as const, action_id: 'refresh', text: text('Refresh'), value: String(event.tab) },
      ];
      await web.views.publish({ user_id: event.user, view: { type: 'home', blocks: [{ type: 'actions', elements }] } });
    });
    app.action<BlockAction<ButtonAction>>('refresh', async ({ ack, body, action }) => {
      clicks.push([body.view?.type, body.container, action.value]);
      await ack();
    });
  });
  await slack.as(RIKO).openHome();
  const home = await slack.until(() => slack.as(RIKO).home());
  expect(slack.as(SAM).home()).toBeUndefined();
  expect(await slack.as(RIKO).clickIn(String(home.id), 'refresh')).toEqual({ ok: true });
  expect(clicks).toEqual([['home', { type: 'view', view_id: home.id }, 'home']]);
  const view = { type: 'home' as const, blocks: [] };
  expect(await refusal(client(slack).views.publish({ user_id: LENA.id, view }))).toMatchObject({
    error: 'not_enabled',
  });
  expect(await refusal(client(slack).views.publish({ user_id: RIKO.id, view, hash: 'old' }))).toMatchObject({
    error: 'hash_conflict',
  });
});
