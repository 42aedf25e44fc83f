/** A change with a time limit in the browser: it says when it goes back, is kept, taken back early, or goes by itself. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../browser.ts';
import { type LocalWorld, startLocalWorld } from '../local-world.ts';
import { openSlack, type SlackPage } from './page.ts';

let world: LocalWorld;
let browser: Browser;
let slack: SlackPage;

beforeAll(async () => {
  [world, browser] = await Promise.all([startLocalWorld({ replicas: 2, load: 2 }), openBrowser()]);
  slack = await openSlack(browser, world.slack.url);
  // A machine that is busy with other tests draws a picture in a minute.
  slack.page.setDefaultTimeout(180_000);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await world?.close();
});

const routes = () => JSON.stringify(world.cluster.kubernetes.list('VirtualService', 'default').map(({ spec }) => spec));

/** Asked for by Riko and approved by Sam, until its time limit is on its card. */
async function lasting(line: string, title: string) {
  await slack.become('Riko Tanaka');
  await slack.type(line);
  const card = slack.message(title);
  await card.getByRole('button', { name: 'Approve' }).waitFor();
  await slack.become('Sam Okafor');
  await slack.approve(card);
  return card;
}

describe('a change with a time limit, in the browser', { timeout: 600_000 }, () => {
  it('stays for its time, and is taken back before that with one click', async () => {
    const before = routes();
    const card = await lasting('/mesh shift reviews v3 50 --for 30m', 'Send 50 % of reviews to v3, for 30 min');
    await card.getByText('It goes back by itself:').waitFor({ timeout: 180_000 });
    expect(routes()).toContain('"weight":50');
    await slack.shot('lasting-1');
    await slack.become('Riko Tanaka');
    await card.getByRole('button', { name: 'Revert now' }).click();
    await card.getByText('Back to what was before.').waitFor();
    expect(routes()).toBe(before);
    await slack.shot('lasting-2-reverted');
  });

  it('goes back by itself, though the replica that wrote it is gone', async () => {
    const before = routes();
    const card = await lasting('/mesh shift reviews v3 50 --for 45s', 'Send 50 % of reviews to v3, for 45 s');
    await expect.poll(routes, { timeout: 180_000 }).toContain('"weight":50');
    await world.bots.shift()?.stop();
    await card.getByText('Back to what was before. Its 45 s are over.').waitFor({ timeout: 300_000 });
    expect(routes()).toBe(before);
    await slack.shot('lasting-3-over');
  });

  it('is kept by whoever may approve', async () => {
    const card = await lasting('/mesh route reviews v3 --user mina --for 30m', 'for 30 min');
    await card.getByRole('button', { name: 'Keep' }).click({ timeout: 180_000 });
    await card.getByRole('button', { name: 'Undo' }).waitFor();
    expect(routes()).toContain('mina');
    await slack.shot('lasting-4-kept');
    expect(slack.faults).toEqual([]);
  });
});
