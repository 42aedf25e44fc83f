/** What a person sees of a change's traffic, its proof and what became of it: light, dark and on a phone. */
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
  [world, browser] = await Promise.all([startLocalWorld({ load: 6 }), openBrowser()]);
  page = await browser.newPage({ viewport: { width: 1440, height: 1400 }, colorScheme: 'light' });
  page.on('pageerror', error => faults.push(error.message));
  await page.goto(world.slack.url);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await world?.close();
});

const messages = () => page.getByRole('main').locator('[data-ts]');
const card = () => messages().filter({ hasText: 'Send 50 % of reviews to v3' }).first();
const thread = () => page.getByRole('complementary', { name: /Thread/ });

async function shot(name: string): Promise<void> {
  // Away from the messages, whose tools would lie over them.
  await page.mouse.move(20, 300);
  await page.screenshot({ path: join(SHOTS, `receipt-${name}.png`) });
}

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

/** Whether a picture that the page shows has come, and was drawn. */
async function isDrawn(image: Locator): Promise<boolean> {
  await image.scrollIntoViewIfNeeded();
  return image.evaluate((element: HTMLImageElement) => element.decode().then(() => element.naturalWidth > 300));
}

describe('the card and the receipt of a change', { timeout: 240_000 }, () => {
  it('shows on the card how many requests per second move, as a sentence, a table and a chart', async () => {
    await page.waitForTimeout(8_000);
    await type('/mesh shift reviews v3 50');
    await card().getByRole('button', { name: 'Approve' }).waitFor({ timeout: 60_000 });
    const text = await card().innerText();
    expect(text).toMatch(/[\d.]+ of [\d.]+ requests\/s move v1 → v3; end-user = jason stays on v2\./);
    expect(text).toMatch(/Measured over 2 min: v1 [\d.]+\/s/);
    expect(text).toMatch(/50 %, [\d.]+\/s/);
    await shot('1-card');
  });

  it('shows in the thread which proxies hold it, and one trace as a picture with all of it in words', async () => {
    await become('Sam Okafor');
    await card().getByRole('button', { name: 'Approve' }).click();
    const dialog = page.getByRole('dialog', { name: 'Approve this change?' });
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await card().getByText('Done and proven').waitFor({ timeout: 90_000 });
    await card()
      .getByRole('button', { name: /repl(y|ies)/ })
      .click();
    await thread()
      .getByText(/7 of 7 proxies hold the new route/)
      .waitFor({ timeout: 60_000 });
    const picture = thread().locator('img.shown-image').first();
    await picture.waitFor({ timeout: 60_000 });
    expect(await isDrawn(picture)).toBe(true);
    expect(await picture.getAttribute('alt')).toMatch(
      /hops\. .*productpage\.default v1: .*reviews\.default v[13]: [\d.]+ ms from/,
    );
    await shot('2-proven');
  });

  it('adds after a minute whether it stays, and requests, errors and latency before and after', async () => {
    await thread()
      .getByText(/Everything is still as it was written/)
      .waitFor({ timeout: 150_000 });
    const compared = thread().getByRole('img', { name: /Requests per second: v1 [\d.]+\/s → [\d.]+\/s/ });
    await compared.waitFor({ timeout: 60_000 });
    expect(await isDrawn(compared)).toBe(true);
    await shot('3-after-a-minute');
    await page.emulateMedia({ colorScheme: 'dark' });
    await shot('4-dark');
  });

  it('draws who calls a service, which requests go where, and which versions answer', async () => {
    await type('/mesh status reviews');
    const drawn = page.getByRole('img', { name: /Called by productpage-v1 .* end-user = jason: 100 % to v2/ });
    await drawn.waitFor({ timeout: 60_000 });
    expect(await isDrawn(drawn)).toBe(true);
    await shot('5-status-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await shot('6-status');
  });

  it('can be read on a phone', async () => {
    const { height } = page.viewportSize()!;
    await page.setViewportSize({ width: 360, height: 780 });
    const picture = page.locator('img.shown-image').first();
    const box = await picture.boundingBox();
    expect(box!.width).toBeLessThanOrEqual(360);
    await shot('7-phone');
    for (const [index, image] of (await page.locator('img.shown-image').all()).entries()) {
      await image.scrollIntoViewIfNeeded();
      await shot(`8-phone-picture-${index}`);
    }
    await page.setViewportSize({ width: 1440, height });
    expect(faults).toEqual([]);
  });
});
