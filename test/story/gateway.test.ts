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
  [world, browser] = await Promise.all([startLocalWorld({ load: 4 }), openBrowser()]);
  const context = await browser.newContext({ viewport: { width: 1440, height: 1400 }, colorScheme: 'light' });
  page = await context.newPage();
  page.on('pageerror', error => faults.push(error.message));
  await page.goto(world.slack.url);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await world?.close();
});

/** In light and in dark. */
async function shot(name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(SHOTS, `gateway-${name}-${colorScheme}.png`), timeout: 90_000 });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

const card = (title: string) => page.getByRole('main').locator('[data-ts]').filter({ hasText: title }).first();

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

async function approve(which: Locator): Promise<void> {
  await which.getByRole('button', { name: 'Approve' }).click();
  const dialog = page.getByRole('dialog', { name: /really approve|Approve this change/ });
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

async function thread(which: Locator): Promise<Locator> {
  await which.getByRole('button', { name: /repl(y|ies)/ }).click();
  return page.getByRole('complementary', { name: /Thread/ });
}

/** What a browser gets of the shop: its page, or none. */
async function shop(): Promise<'open' | 'refused'> {
  const tab = await browser.newPage();
  try {
    await tab.goto(world.cluster.mesh.shopUrl);
    return 'open';
  } catch (error) {
    if (String(error).includes('ERR_CONNECTION_REFUSED')) return 'refused';
    throw error;
  } finally {
    await tab.close();
  }
}

describe('a gateway is switched off and on, in the browser', { timeout: 180_000 }, () => {
  it('says before what is cut off, and asks twice', async () => {
    await type('/mesh gateway off bookinfo-gateway');
    const off = card('Switch the gateway bookinfo-gateway off');
    await off.getByRole('button', { name: 'Approve' }).waitFor();
    expect(await off.innerText()).toContain('nobody: refused');
    await shot('off-card');
  });

  it('cuts the shop off for a browser, and proves it', async () => {
    expect(await shop()).toBe('open');
    await become('Sam Okafor');
    const off = card('Switch the gateway bookinfo-gateway off');
    await approve(off);
    await off.getByText('Done and proven').waitFor({ timeout: 40_000 });
    const replies = await thread(off);
    await replies
      .getByText(/requests were refused/)
      .first()
      .waitFor();
    await shot('off-receipt');
    expect(await shop()).toBe('refused');
  });

  it('tells since when it is off, and by which change', async () => {
    await type('/mesh gateway status bookinfo-gateway');
    await page
      .getByText(/Switched off/)
      .last()
      .waitFor();
    await shot('status-off');
  });

  it('is on again as it was', async () => {
    await become('Riko Tanaka');
    await type('/mesh gateway on bookinfo-gateway');
    const on = card('Switch the gateway bookinfo-gateway on');
    await on.getByRole('button', { name: 'Approve' }).waitFor();
    await shot('on-card');
    await become('Sam Okafor');
    await approve(on);
    await on.getByText('Done and proven').waitFor({ timeout: 40_000 });
    expect(await shop()).toBe('open');
  });

  it('shows what comes in by it, and how much', async () => {
    await type('/mesh gateway status bookinfo-gateway');
    await page.getByText('pods Ready').last().waitFor();
    await shot('status');
  });

  it('opens a host of its own', async () => {
    await become('Riko Tanaka');
    await type('/mesh gateway open reviews.example.com reviews --path /reviews*');
    const open = card('Open reviews.example.com');
    await open.getByRole('button', { name: 'Approve' }).waitFor();
    await shot('open-card');
  });

  it('offers the Gateways there are in the form', async () => {
    await type('/mesh');
    const form = page.getByRole('dialog');
    await form.getByRole('combobox', { name: 'What do you want to do?' }).click();
    await page.getByRole('option', { name: /^gateway off/ }).click();
    await form.getByRole('combobox', { name: 'Name' }).click();
    await page.getByRole('option', { name: 'bookinfo-gateway' }).waitFor();
    await shot('form');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  });

  it('names the next step for half a verb', async () => {
    await type('/mesh gateway offf bookinfo-gateway');
    await page.getByText('gateway offf is not a command. Did you mean gateway off?').waitFor();
    await shot('did-you-mean');
  });

  it('throws nothing in the page', () => {
    expect(faults).toEqual([]);
  });
});
