/** The local Slack's page, driven as people use it. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';

const SHOTS = resolve(import.meta.dirname, '../../build/screenshots');

export interface SlackPage {
  page: Page;
  /** What the page threw. */
  faults: string[];
  /** A line in the box of #mesh. */
  type(line: string): Promise<void>;
  /** Goes on as another person, by full name. */
  become(name: string): Promise<void>;
  /** The last message of the channel with this text. */
  message(text: string | RegExp): Locator;
  /** The last answer that only the asker sees, with this text. */
  answer(text: string | RegExp): Locator;
  /** Presses Approve, and says yes where the card asks again. */
  approve(card: Locator): Promise<void>;
  /** Opens the thread of a message. */
  thread(card: Locator): Promise<Locator>;
  /** `build/screenshots/<name>-light.png` and `-dark.png`. */
  shot(name: string): Promise<void>;
  close(): Promise<void>;
}

export async function openSlack(
  browser: Browser,
  url: string,
  viewport = { width: 1440, height: 1400 },
): Promise<SlackPage> {
  mkdirSync(SHOTS, { recursive: true });
  const context = await browser.newContext({ viewport, colorScheme: 'light' });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', error => faults.push(error.message));
  await page.goto(url);
  const messages = () => page.getByRole('main').locator('[data-ts]');

  return {
    page,
    faults,

    async type(line) {
      const box = page.getByRole('textbox', { name: /Message #mesh/ });
      await box.click();
      await box.fill(line);
      await page.keyboard.press('Enter');
    },

    async become(name) {
      await page.getByRole('button', { name: /^You are/ }).click();
      await page.getByRole('menuitemradio', { name: new RegExp(name) }).click();
      await page.getByRole('button', { name: `You are: ${name}` }).waitFor();
    },

    message: text => messages().filter({ hasText: text }).last(),

    answer: text => messages().filter({ hasText: 'Only visible to you' }).filter({ hasText: text }).last(),

    async approve(card) {
      await card.getByRole('button', { name: 'Approve' }).click();
      const dialog = page.getByRole('dialog', { name: /Approve this change|really approve/ });
      await dialog.getByRole('button', { name: 'Approve' }).click();
      await dialog.waitFor({ state: 'hidden' });
    },

    async thread(card) {
      await card.getByRole('button', { name: /repl(y|ies)/ }).click();
      return page.getByRole('complementary', { name: /Thread/ });
    },

    async shot(name) {
      for (const scheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: scheme });
        await page.screenshot({ path: join(SHOTS, `${name}-${scheme}.png`) });
      }
      await page.emulateMedia({ colorScheme: 'light' });
    },

    close: () => context.close(),
  };
}
