/** Each verb as people meet it, in the browser: asked, approved, proven, answered. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../browser.ts';
import { type LocalWorld, startLocalWorld } from '../local-world.ts';
import { openSlack, type SlackPage } from './page.ts';

let world: LocalWorld;
let browser: Browser;
let slack: SlackPage;

beforeAll(async () => {
  [world, browser] = await Promise.all([startLocalWorld({ load: 8 }), openBrowser()]);
  slack = await openSlack(browser, world.slack.url);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await world?.close();
});

/** Asked by Riko, approved by Sam, until its card says that it is proven. */
async function carriedOut(line: string, title: string): Promise<void> {
  await slack.become('Riko Tanaka');
  await slack.type(`/mesh ${line}`);
  const card = slack.message(title);
  await card.getByRole('button', { name: 'Approve' }).waitFor();
  await slack.become('Sam Okafor');
  await slack.approve(card);
  await card.getByText('Done and proven').waitFor({ timeout: 60_000 });
  await slack.thread(card);
}

/** What is answered to the asker alone. */
async function answered(line: string, text: string | RegExp): Promise<void> {
  await slack.type(`/mesh ${line}`);
  await slack.answer(text).waitFor({ timeout: 30_000 });
}

async function starsOf(user: string): Promise<'red' | 'black' | 'none'> {
  const page = await (await fetch(world.cluster.mesh.shopUrl, { headers: { 'end-user': user } })).text();
  return page.includes('class="stars red"') ? 'red' : page.includes('class="stars') ? 'black' : 'none';
}

describe('every verb, in the browser', { timeout: 90_000 }, () => {
  it('route: some requests go to a version, all others stay', async () => {
    await carriedOut('route reviews v3 --user mary', 'reviews v3');
    expect(await starsOf('mary')).toBe('red');
    expect(await starsOf('jason')).toBe('black');
    expect(await starsOf('nobody')).toBe('none');
    await slack.shot('route');
  });

  it('mirror: copies go to a version, answers stay', async () => {
    await carriedOut('mirror reviews v2 100', 'reviews v2');
    expect(await starsOf('nobody')).toBe('none');
    await slack.shot('mirror');
  });

  it('trace: one request and its way', async () => {
    await answered('trace productpage', /reviews/);
    await slack.shot('trace');
  });

  it('curl: one request and its answer', async () => {
    await answered('curl productpage/health', /200/);
    await slack.shot('curl');
  });

  it('history and pending: what was done, what waits', async () => {
    await answered('history reviews', 'Send copies of 100 % of reviews to v2');
    await answered('pending', /Nothing waits|No change/);
    await slack.shot('history');
  });

  it('help: what a verb takes', async () => {
    await answered('help route', /--user/);
    await slack.shot('help');
  });

  it('throws nothing in the page', () => {
    expect(slack.faults).toEqual([]);
  });
});
