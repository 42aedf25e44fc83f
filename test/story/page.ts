/** The local Slack's page, driven as people use it. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';

const SHOTS = resolve(import.meta.dirname, '../../build/screenshots');

/** ms that anything on the page may take where nothing else is said: machines are busy with other tests. */
const PATIENCE = 90_000;

export interface SlackPage {
  page: Page;
  /** What the page threw. */
  faults: string[];
  /** A line in the box of #mesh, key by key. */
  type(line: string): Promise<void>;
  /** Goes on as another person, by full name. */
  become(name: string): Promise<void>;
  /** The last message of the channel with this text. */
  message(text: string | RegExp): Locator;
  /** The last answer that only the asker sees, with this text. */
  answer(text: string | RegExp): Locator;
  /** What a message says. Spaces that hold a number and its unit together are spaces. */
  read(message: Locator): Promise<string>;
  /** Types a line and waits for a new private answer with this text. */
  ask(line: string, text: string | RegExp): Promise<Locator>;
  /** As Riko, types a change and waits for its card with this title, until it can be approved. */
  propose(line: string, title: string | RegExp): Promise<Locator>;
  /** Opens the form by `/mesh` alone and chooses in its menus, in this order. */
  fillForm(choices: Record<string, string | RegExp>): Promise<Locator>;
  /** Presses Approve, and says yes where the card asks again; as that person where one is named. */
  approve(card: Locator, name?: string): Promise<void>;
  /** A change proposed by Riko and approved by Sam, until its card says that it is proven. */
  carryOut(line: string, title: string | RegExp): Promise<Locator>;
  /** Opens the thread of a message. */
  thread(card: Locator): Promise<Locator>;
  /** `build/screenshots/<name>-light.png` and `-dark.png`. */
  shot(name: string): Promise<void>;
  /** What the page looks like where something failed: `build/screenshots/failed-<name>.png`. */
  failed(name: string): Promise<void>;
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
  page.setDefaultTimeout(PATIENCE);
  const faults: string[] = [];
  page.on('pageerror', error => faults.push(error.message));
  await page.goto(url);
  const messages = () => page.getByRole('main').locator('[data-ts]');
  const privately = () => messages().filter({ hasText: 'Only visible to you' });
  const picture = (name: string) => page.screenshot({ path: join(SHOTS, `${name}.png`) });

  const slack: SlackPage = {
    page,
    faults,

    async type(line) {
      const box = page.getByRole('textbox', { name: /Message #mesh/ });
      await box.click();
      await box.pressSequentially(line);
      await page.keyboard.press('Enter');
    },

    async become(name) {
      await page.getByRole('button', { name: /^You are/ }).click();
      await page.getByRole('menuitemradio', { name: new RegExp(name) }).click();
      await page.getByRole('button', { name: `You are: ${name}` }).waitFor();
    },

    message: text => messages().filter({ hasText: text }).last(),

    answer: text => privately().filter({ hasText: text }).last(),

    async read(message) {
      return (await message.innerText()).replaceAll('\u00A0', ' ');
    },

    async ask(line, text) {
      const answers = privately().filter({ hasText: text });
      const before = await answers.count();
      await slack.type(line);
      await answers.nth(before).waitFor();
      return answers.nth(before);
    },

    async propose(line, title) {
      await slack.become('Riko Tanaka');
      await slack.type(line);
      const card = slack.message(title);
      await card.getByRole('button', { name: 'Approve' }).waitFor();
      return card;
    },

    async fillForm(choices) {
      await slack.type('/mesh');
      const form = page.getByRole('dialog');
      for (const [field, choice] of Object.entries(choices)) {
        await form.getByRole('combobox', { name: field }).click();
        await page.getByRole('option', { name: choice }).click();
      }
      return form;
    },

    async approve(card, name) {
      if (name !== undefined) await slack.become(name);
      await card.getByRole('button', { name: 'Approve' }).click();
      const dialog = page.getByRole('dialog', { name: /Approve this change|really approve/ });
      await dialog.getByRole('button', { name: 'Approve' }).click();
      await dialog.waitFor({ state: 'hidden' });
    },

    async carryOut(line, title) {
      const card = await slack.propose(line, title);
      await slack.approve(card, 'Sam Okafor');
      await card.getByText('Done and proven').waitFor();
      return card;
    },

    async thread(card) {
      await card.getByRole('button', { name: /repl(y|ies)/ }).click();
      return page.getByRole('complementary', { name: /Thread/ });
    },

    async shot(name) {
      // Away from the messages, whose tools would lie over them.
      await page.mouse.move(20, 300);
      for (const scheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: scheme });
        await picture(`${name}-${scheme}`);
      }
      await page.emulateMedia({ colorScheme: 'light' });
    },

    async failed(name) {
      await picture(`failed-${name.replace(/[^a-z0-9]+/gi, '-').slice(0, 60)}`);
    },

    close: () => context.close(),
  };
  return slack;
}
