/** The gallery in a real browser: every block is drawn, every element can be used, and the right actions go out. */
import { describe, expect, it } from 'vitest';
import { RIKO } from './gallery.ts';
import { setStage } from './stage.ts';

const stage = setStage();

describe('blocks', () => {
  it('draws text: headers, sections, rich_text, markdown, mentions', async () => {
    await stage.open('channel=CTEXT');
    const list = stage.page.getByRole('list', { name: 'Messages in #gallery-text' });
    await list.getByRole('heading', { name: 'A header :rocket:' }).waitFor();
    await list.getByRole('heading', { name: 'Title' }).waitFor();
    await list.getByRole('img', { name: 'Hills' }).first().waitFor();
    await list.getByRole('table').getByRole('cell', { name: '50 %' }).waitFor();
    expect(await list.getByText('@mesh-oncall').count()).toBe(2);
    expect(await list.getByRole('link', { name: 'a label' }).getAttribute('href')).toBe('https://example.com');
    expect(await list.locator('script').count()).toBe(0);
    await list.getByText('<script>alert(1)</script>').waitFor();
    await stage.keep('gallery-text');
  });

  it('draws layout: containers that fold, plans with states, cards, pictures, files', async () => {
    await stage.open('channel=CLAYOUT');
    expect(await stage.page.getByText('Inside the fold').count()).toBe(0);
    await stage.page.getByRole('button', { name: /Folded checks/ }).click();
    await stage.page.getByText('Inside the fold').waitFor();
    const plan = stage.page.getByRole('region', { name: 'Four steps' });
    for (const state of ['Complete', 'Failed', 'In progress', 'Pending'])
      await plan.getByRole('img', { name: state }).waitFor();
    expect(await stage.page.getByRole('article').count()).toBe(4);
    await stage.page.getByRole('img', { name: 'Hills under a sky' }).waitFor();
    await stage.page.getByText('This page cannot draw the block “something_new”.').waitFor();
    await stage.page.getByRole('link', { name: 'Latency is up' }).waitFor();
    await stage.page.getByRole('figure', { name: 'reviews.yaml' }).getByText('VirtualService').waitFor();
    expect(await stage.page.getByRole('link', { name: 'Download bundle.tgz' }).getAttribute('download')).toBe(
      'bundle.tgz',
    );
    await stage.keep('gallery-layout');
  });

  it('draws data: charts that tell their values, and tables with pages, sorting and a filter', async () => {
    await stage.open('channel=CDATA');
    for (const chart of ['Requests by version', 'Requests over time', 'Requests as areas', 'Share of traffic']) {
      await stage.page.getByRole('figure', { name: new RegExp(`^${chart}\\.`) }).waitFor();
    }
    await stage.page.getByRole('group', { name: /^Requests over time/ }).focus();
    await stage.page.keyboard.press('ArrowRight');
    await stage.page.keyboard.press('ArrowRight');
    expect(await stage.page.locator('.chart-values').textContent()).toMatch(/10:05\s*v1118/);

    const table = stage.page.getByRole('table', { name: 'Services of the shop' });
    const names = () => table.getByRole('rowheader').allTextContents();
    expect(await names()).toEqual(['reviews', 'ratings', 'details', 'productpage']);
    await stage.button('Next page').click();
    expect(await names()).toEqual(['gateway', 'payments', 'checkout']);
    await table.getByRole('button', { name: 'Requests/s' }).click();
    expect((await names())[0]).toBe('checkout');
    await stage.page.getByRole('searchbox', { name: 'Filter Services of the shop' }).fill('failing');
    expect(await names()).toEqual(['details']);
    await stage.keep('gallery-data');
  });
});

describe('elements', () => {
  it('sends a button with its value and the state of all inputs around it', async () => {
    await stage.open('channel=CFORMS');
    await stage.button('Primary').click();
    const act = await stage.sent('act');
    expect(act).toMatchObject({
      user: RIKO,
      container: { type: 'message', channel: 'CFORMS' },
      action: { type: 'button', action_id: 'go', block_id: 'buttons', value: 'go', style: 'primary' },
    });
    expect(act.action.action_ts).toMatch(/^\d+\.\d{6}$/);
    expect(act.state).toMatchObject({
      menus: { day: { type: 'datepicker', selected_date: '2026-11-21' } },
    });
  });

  it('asks before it acts where the app wants that, and turns while the app thinks', async () => {
    await stage.open('channel=CFORMS');
    await stage.button('Delete').first().click();
    const dialog = stage.page.getByRole('dialog', { name: 'Delete it?' });
    await dialog.getByRole('button', { name: 'Keep' }).click();
    await stage.button('Delete').first().click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    expect((await stage.sent('act')).action.action_id).toBe('delete');
    expect(stage.server.actions.filter(action => action.type === 'act')).toHaveLength(1);

    await stage.button('Slow').click();
    await stage.page.getByRole('button', { name: 'Slow' }).and(stage.page.locator('[aria-busy="true"]')).waitFor();
    stage.server.release();
    await stage.button('Slow').and(stage.page.locator('[aria-busy="false"]')).waitFor();
  });

  it('chooses from menus by pointer and by keyboard', async () => {
    await stage.open('channel=CFORMS');
    await stage.page.getByRole('combobox', { name: 'Pick from groups' }).click();
    await stage.page.getByRole('group', { name: 'Canary' }).getByRole('option', { name: 'v3' }).click();
    expect((await stage.sent('act')).action).toMatchObject({
      type: 'static_select',
      action_id: 'grouped',
      selected_option: { value: 'v3' },
    });

    await stage.page.getByRole('combobox', { name: 'Pick some' }).click();
    await stage.page.getByRole('option', { name: 'pods' }).click();
    await stage.page.getByRole('option', { name: 'proxies' }).click();
    const many = (await stage.sent('act', 3)).action.selected_options;
    expect(many).toMatchObject([{ value: 'pods' }, { value: 'proxies' }]);
    await stage.page.keyboard.press('Escape');

    await stage.page.getByRole('combobox', { name: 'Search a service' }).click();
    await stage.page.getByRole('searchbox', { name: 'Search: Search a service' }).fill('rat');
    await stage.page.getByRole('option', { name: 'ratings' }).waitFor();
    await stage.page.keyboard.press('Enter');
    expect((await stage.sent('act', 4)).action).toMatchObject({
      type: 'external_select',
      selected_option: { value: 'ratings' },
    });
    expect(await stage.sent('options')).toMatchObject({ blockId: 'menus', actionId: 'external' });

    await stage.page.getByRole('combobox', { name: 'Pick a person' }).click();
    await stage.page.getByRole('option', { name: /Amara/ }).click();
    expect((await stage.sent('act', 5)).action.selected_user).toBe('UAMARA');

    await stage.button('More actions').click();
    await stage.page.getByRole('menuitem', { name: 'History' }).click();
    expect((await stage.sent('act', 6)).action).toMatchObject({
      type: 'overflow',
      selected_option: { value: 'History' },
    });
  });

  it('sends radio buttons, checkboxes and dispatched text as they change', async () => {
    await stage.open('channel=CFORMS');
    await stage.page.getByRole('radio', { name: /In steps/ }).check();
    expect((await stage.sent('act')).action).toMatchObject({
      type: 'radio_buttons',
      selected_option: { value: 'In steps' },
    });
    await stage.page.getByRole('checkbox', { name: 'Retry' }).check();
    expect((await stage.sent('act', 2)).action).toMatchObject({
      type: 'checkboxes',
      selected_options: [{ value: 'Retry' }],
    });
    await stage.page.getByRole('textbox', { name: 'Note' }).fill('hello');
    await stage.page.getByRole('textbox', { name: 'Note' }).press('Enter');
    const note = await stage.sent('act', 3);
    expect(note.action).toMatchObject({ type: 'plain_text_input', value: 'hello' });
    expect(note.state).toMatchObject({
      note: { note: { value: 'hello' } },
      radio: { how: { selected_option: { value: 'In steps' } } },
    });
  });

  it('tells the person when the app did not answer', async () => {
    await stage.open('channel=CFORMS');
    await stage.button('Broken').click();
    await stage.page.getByRole('alert').getByText('meshbot did not answer within 3 seconds.').waitFor();
    await stage.button('Dismiss').click();
    await stage.page.getByText('did not answer').waitFor({ state: 'detached' });
  });
});

describe('modals', () => {
  it('check what is required, show the errors of the app, stack, and send what was entered', async () => {
    await stage.open('channel=CFORMS');
    await stage.button('Open form').click();
    const first = stage.page.getByRole('dialog', { name: 'First' });
    await first.getByRole('button', { name: 'Submit' }).click();
    expect(await first.getByText('Please complete this required field.').count()).toBe(2);
    expect(stage.server.actions.some(action => action.type === 'submit')).toBe(false);

    await first.getByRole('textbox', { name: 'Reason' }).fill('refuse');
    await first.getByRole('combobox', { name: 'Version' }).click();
    await stage.page.getByRole('option', { name: 'v2' }).click();
    await first.getByRole('button', { name: 'Submit' }).click();
    await first.getByText('That is no reason.').waitFor();

    await first.getByRole('button', { name: 'Next form' }).click();
    await stage.page.getByRole('dialog', { name: 'Second' }).getByRole('button', { name: 'Cancel' }).click();
    expect(await stage.sent('close')).toMatchObject({ viewId: 'V2' });
    expect(await first.getByRole('textbox', { name: 'Reason' }).inputValue()).toBe('refuse');

    await first.getByRole('textbox', { name: 'Reason' }).fill('Canary went well');
    await first.getByRole('button', { name: 'Submit' }).click();
    await first.waitFor({ state: 'detached' });
    expect((await stage.sent('submit', 2)).state).toEqual({
      reason: { reason: { type: 'plain_text_input', value: 'Canary went well' } },
      version: {
        version: {
          type: 'static_select',
          selected_option: { text: { type: 'plain_text', text: 'v2' }, value: 'v2' },
        },
      },
      share: { share: { type: 'number_input', value: null } },
    });
  });

  it('close on Escape, with the menu inside closing first', async () => {
    await stage.open('channel=CFORMS');
    await stage.button('Open form').click();
    await stage.page.getByRole('combobox', { name: 'Version', exact: true }).click();
    await stage.page.keyboard.press('Escape');
    await stage.page.getByRole('dialog', { name: 'First' }).waitFor();
    await stage.page.keyboard.press('Escape');
    await stage.page.getByRole('dialog', { name: 'First' }).waitFor({ state: 'detached' });
    expect(await stage.sent('close')).toMatchObject({ viewId: 'V1' });
  });
});
