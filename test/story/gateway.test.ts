/** A gateway switched off and on, its state, and a host opened, as people in a channel and at the shop's door see it. */
import { describe, expect, it } from 'vitest';
import { setStage } from './stage.ts';

const stage = setStage({ load: 4 });

const OFF = 'Switch the gateway bookinfo-gateway off';

/** What a browser gets of the shop: its page, or none. */
async function shop(): Promise<'open' | 'refused'> {
  const tab = await stage.browser.newPage();
  try {
    await tab.goto(stage.world.cluster.mesh.shopUrl);
    return 'open';
  } catch (error) {
    if (String(error).includes('ERR_CONNECTION_REFUSED')) return 'refused';
    throw error;
  } finally {
    await tab.close();
  }
}

describe('a gateway is switched off and on, in the browser', { timeout: 240_000 }, () => {
  it('says before what is cut off, and asks twice', async () => {
    const off = await stage.slack.propose('/mesh gateway off bookinfo-gateway', OFF);
    expect(await stage.slack.read(off)).toContain('nobody: refused');
    await stage.slack.shot('gateway-off-card');
  });

  it('cuts the shop off for a browser, and proves it', async () => {
    const { slack } = stage;
    expect(await shop()).toBe('open');
    const off = slack.message(OFF);
    await slack.approve(off, 'Sam Okafor');
    await off.getByText('Done and proven').waitFor();
    const thread = await slack.thread(off);
    await thread
      .getByText(/requests were refused/)
      .first()
      .waitFor();
    await slack.shot('gateway-off-receipt');
    expect(await shop()).toBe('refused');
  });

  it('tells since when it is off, and by which change', async () => {
    await stage.slack.ask('/mesh gateway status bookinfo-gateway', /Switched off/);
    await stage.slack.shot('gateway-status-off');
  });

  it('is on again as it was', async () => {
    const { slack } = stage;
    const on = await slack.propose('/mesh gateway on bookinfo-gateway', 'Switch the gateway bookinfo-gateway on');
    await slack.shot('gateway-on-card');
    await slack.approve(on, 'Sam Okafor');
    await on.getByText('Done and proven').waitFor();
    expect(await shop()).toBe('open');
  });

  it('shows what comes in by it, and how much', async () => {
    await stage.slack.ask('/mesh gateway status bookinfo-gateway', 'pods Ready');
    await stage.slack.shot('gateway-status');
  });

  it('opens a host of its own', async () => {
    const line = '/mesh gateway open reviews.example.com reviews --path /reviews*';
    await stage.slack.propose(line, 'Open reviews.example.com');
    await stage.slack.shot('gateway-open-card');
  });

  it('offers the Gateways there are in the form', async () => {
    const { slack } = stage;
    const form = await slack.fillForm({ 'What do you want to do?': /^gateway off/ });
    await form.getByRole('combobox', { name: 'Name' }).click();
    await slack.page.getByRole('option', { name: 'bookinfo-gateway' }).waitFor();
    await slack.shot('gateway-form');
    await slack.page.keyboard.press('Escape');
    await slack.page.keyboard.press('Escape');
  });

  it('names the next step for half a verb', async () => {
    const said = 'gateway offf is not a command. Did you mean gateway off?';
    await stage.slack.ask('/mesh gateway offf bookinfo-gateway', said);
    await stage.slack.shot('gateway-did-you-mean');
  });
});
