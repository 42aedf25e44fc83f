/** The story of the README: a change is asked for, approved, written, proven and taken back. */
import { describe, expect, it } from 'vitest';
import { starsOf } from '../verbs/told.ts';
import { setStage } from './stage.ts';

const stage = setStage({ replicas: 2, load: 4 });

const card = () => stage.slack.message('Send 50 % of reviews to v3');

/** VirtualServices that send anything to v3. */
function routesToV3(): unknown[] {
  const all = stage.world.cluster.kubernetes.list('VirtualService', 'default');
  return all.filter(({ spec }) => JSON.stringify(spec).includes('"v3"'));
}

describe('the whole story, in the browser', { timeout: 240_000 }, () => {
  it('shows no red stars before anything is changed', async () => {
    expect(await starsOf(stage.world, 20)).toEqual(['none']);
  });

  it('posts a card that says what would change, which traffic moves and who may approve', async () => {
    const { slack } = stage;
    await slack.propose('/mesh shift reviews v3 50', 'Send 50 % of reviews to v3');
    const text = await stage.slack.read(card());
    expect(text).toContain('reviews v3');
    expect(text).toContain('end-user = jason');
    expect(text).toContain('@mesh-oncall');
    expect(text).toMatch(/\+\s+weight: 50/);
    await slack.shot('1-card');
  });

  it('refuses the one who asked', async () => {
    const { slack } = stage;
    await slack.approve(card());
    await slack.answer('You asked for this change, so somebody else has to approve it.').waitFor();
    await slack.shot('2-own-approval-refused');
    expect(routesToV3()).toEqual([]);
  });

  it('refuses a guest from another company', async () => {
    const { slack } = stage;
    await slack.approve(card(), 'Lena Vogt');
    await slack.answer(/Guests and people of other companies/).waitFor();
  });

  it('writes when somebody on call approves, and proves it in the thread', async () => {
    const { slack } = stage;
    await slack.approve(card(), 'Sam Okafor');
    await card().getByText('Done and proven').waitFor();
    const thread = await slack.thread(card());
    await thread
      .getByText(/consistent with 50/)
      .first()
      .waitFor();
    await slack.shot('3-receipt');
    expect(routesToV3()).toHaveLength(1);
  });

  it('turns the stars red in part of the reloads', async () => {
    expect(await starsOf(stage.world, 60)).toEqual(['none', 'red']);
  });

  it('takes it back the same way', async () => {
    const { slack } = stage;
    const undo = await slack.propose('/mesh undo', 'Take back');
    await slack.approve(undo, 'Mina Sato');
    await undo.getByText('Done and proven').waitFor();
    expect(routesToV3()).toEqual([]);
    expect(await starsOf(stage.world, 20)).toEqual(['none']);
    await slack.shot('4-undone');
  });

  it('answers questions to the asker alone', async () => {
    await stage.slack.ask('/mesh status reviews', /reviews/);
    await stage.slack.shot('5-status');
  });

  it('names the next step for what it does not understand', async () => {
    await stage.slack.ask('/mesh shfit revews v3 50', 'shfit is not a command. Did you mean shift?');
    await stage.slack.shot('6-did-you-mean');
  });

  it('opens a form with the live services', async () => {
    const { slack } = stage;
    await slack.fillForm({ 'What do you want to do?': /^shift/, Service: 'reviews' });
    await slack.page.getByRole('dialog').getByRole('combobox', { name: 'Version' }).click();
    await slack.page.getByRole('option', { name: 'v3' }).waitFor();
    await slack.shot('7-form');
    await slack.page.keyboard.press('Escape');
    await slack.page.keyboard.press('Escape');
  });

  it('takes what the form holds, and the reason of whoever rejects it', async () => {
    const { slack } = stage;
    const form = await slack.fillForm({ 'What do you want to do?': /^shift/, Service: 'reviews', Version: 'v2' });
    await form.getByRole('textbox', { name: 'Percent' }).fill('20');
    await form.getByRole('button', { name: 'Ask', exact: true }).click();
    const asked = slack.message('Send 20 % of reviews to v2');
    await asked.getByRole('button', { name: 'Reject' }).click();
    await form.getByRole('textbox', { name: 'Why?' }).fill('Not while the sale is on.');
    await form.getByRole('button', { name: 'Reject' }).click();
    await asked.getByText('Not while the sale is on.').waitFor();
  });

  it('looks as good on a phone', async () => {
    const { slack } = stage;
    await slack.shot('8-all');
    await slack.page.setViewportSize({ width: 390, height: 844 });
    await slack.shot('9-phone');
  });
});
