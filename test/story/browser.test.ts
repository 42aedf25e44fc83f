import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../browser.ts';
import { type LocalWorld, startLocalWorld } from '../local-world.ts';

const SHOTS = resolve(import.meta.dirname, '../../build/screenshots');

let world: LocalWorld;
let browser: Browser;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  mkdirSync(SHOTS, { recursive: true });
  [world, browser] = await Promise.all([startLocalWorld({ replicas: 2, load: 4 }), openBrowser()]);
  const context = await browser.newContext({ viewport: { width: 1440, height: 1400 }, colorScheme: 'light' });
  page = await context.newPage();
  page.on('pageerror', error => faults.push(error.message));
  await page.goto(world.slack.url);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await world?.close();
});

const shot = (name: string) => page.screenshot({ path: join(SHOTS, `${name}.png`) });
const messages = () => page.getByRole('main').locator('[data-ts]');
const card = () => messages().filter({ hasText: 'Send 50 % of reviews to v3' }).first();

async function type(text: string): Promise<void> {
  const box = page.getByRole('textbox', { name: /Message #mesh/ });
  await box.click();
  await box.pressSequentially(text);
  await page.keyboard.press('Enter');
}

async function become(name: string): Promise<void> {
  await page.getByRole('button', { name: /^You are/ }).click();
  await page.getByRole('menuitemradio', { name: new RegExp(name) }).click();
  await page.getByRole('button', { name: `You are: ${name}` }).waitFor();
}

/** Presses Approve, and says yes where the card asks again. */
async function approve(which: Locator): Promise<void> {
  await which.getByRole('button', { name: 'Approve' }).click();
  const dialog = page.getByRole('dialog', { name: 'Approve this change?' });
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** How many of `reloads` of the shop show red stars. */
async function redOf(reloads: number): Promise<number> {
  const pages = await Promise.all(
    Array.from({ length: reloads }, async () => (await fetch(world.cluster.mesh.shopUrl)).text()),
  );
  return pages.filter(text => /class="stars red"/.test(text)).length;
}

describe('the whole story, in the browser', { timeout: 60_000 }, () => {
  it('shows no red stars before anything is changed', async () => {
    expect(await redOf(20)).toBe(0);
  });

  it('posts a card that says what would change, which traffic moves and who may approve', async () => {
    await type('/mesh shift reviews v3 50');
    await card().getByRole('button', { name: 'Approve' }).waitFor();
    const text = await card().innerText();
    expect(text).toContain('reviews v3');
    expect(text).toContain('end-user = jason');
    expect(text).toContain('@mesh-oncall');
    expect(text).toMatch(/\+\s+weight: 50/);
    await shot('1-card');
  });

  it('refuses the one who asked', async () => {
    await approve(card());
    await page.getByText('You asked for this change, so somebody else has to approve it.').waitFor();
    await shot('2-own-approval-refused');
    expect(world.cluster.kubernetes.list('VirtualService', 'default').filter(routesToV3)).toEqual([]);
  });

  it('refuses a guest from another company', async () => {
    await become('Lena Vogt');
    await approve(card());
    await page.getByText(/Guests and people of other companies/).waitFor();
  });

  it('writes when somebody on call approves, and proves it in the thread', async () => {
    await become('Sam Okafor');
    await approve(card());
    await card().getByText('Done and proven').waitFor({ timeout: 40_000 });
    await card()
      .getByRole('button', { name: /repl(y|ies)/ })
      .click();
    const thread = page.getByRole('complementary', { name: /Thread/ });
    await thread
      .getByText(/consistent with 50/)
      .first()
      .waitFor();
    await shot('3-receipt');
    expect(world.cluster.kubernetes.list('VirtualService', 'default').filter(routesToV3)).toHaveLength(1);
  });

  it('turns the stars red in part of the reloads', async () => {
    const red = await redOf(60);
    expect(red).toBeGreaterThan(0);
    expect(red).toBeLessThan(60);
  });

  it('takes it back the same way', async () => {
    await become('Riko Tanaka');
    await type('/mesh undo');
    const undo = messages().filter({ hasText: 'Take back' }).first();
    await undo.getByRole('button', { name: 'Approve' }).waitFor();
    await become('Mina Sato');
    await approve(undo);
    await undo.getByText('Done and proven').waitFor({ timeout: 40_000 });
    expect(world.cluster.kubernetes.list('VirtualService', 'default').filter(routesToV3)).toEqual([]);
    expect(await redOf(20)).toBe(0);
    await shot('4-undone');
  });

  it('answers questions to the asker alone', async () => {
    await type('/mesh status reviews');
    await page.getByText('Only visible to you').last().waitFor();
    await shot('5-status');
  });

  it('names the next step for what it does not understand', async () => {
    await type('/mesh shfit revews v3 50');
    await page.getByText('shfit is not a command. Did you mean shift?').waitFor();
    await shot('6-did-you-mean');
  });

  it('opens a form with the live services', async () => {
    await type('/mesh');
    const form = page.getByRole('dialog');
    await form.getByRole('combobox', { name: 'What do you want to do?' }).click();
    await page.getByRole('option', { name: /^shift/ }).click();
    await form.getByRole('combobox', { name: 'Service' }).click();
    await page.getByRole('option', { name: 'reviews' }).click();
    await form.getByRole('combobox', { name: 'Version' }).click();
    await page.getByRole('option', { name: 'v3' }).waitFor();
    await shot('7-form');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  });

  it('takes what the form holds, and the reason of whoever rejects it', async () => {
    await type('/mesh');
    const form = page.getByRole('dialog');
    for (const [field, choice] of [
      ['What do you want to do?', /^shift/],
      ['Service', 'reviews'],
      ['Version', 'v2'],
    ] as const) {
      await form.getByRole('combobox', { name: field }).click();
      await page.getByRole('option', { name: choice }).click();
    }
    await form.getByRole('textbox', { name: 'Percent' }).fill('20');
    await form.getByRole('button', { name: 'Ask', exact: true }).click();
    const asked = messages().filter({ hasText: 'Send 20 % of reviews to v2' }).first();
    await asked.getByRole('button', { name: 'Reject' }).click();
    await form.getByRole('textbox', { name: 'Why?' }).fill('Not while the sale is on.');
    await form.getByRole('button', { name: 'Reject' }).click();
    await asked.getByText('Not while the sale is on.').waitFor();
  });

  it('looks as good in the dark and on a phone', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await shot('8-dark');
    await page.setViewportSize({ width: 390, height: 844 });
    await shot('9-phone');
  });

  it('throws nothing in the page', () => {
    expect(faults).toEqual([]);
  });
});

function routesToV3(object: { spec?: unknown }): boolean {
  return JSON.stringify(object.spec).includes('"v3"');
}
