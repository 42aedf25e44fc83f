/** What the page's browser tests share: a browser, the gallery's server, and a fresh page for each test. */
import { mkdirSync } from 'node:fs';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { PageAction } from '../../../src/sandbox/slack/page-protocol.ts';
import { openBrowser } from '../../browser.ts';
import { type FakeServer, startFakeServer } from './fake-server.ts';

export interface Stage {
  page: Page;
  server: FakeServer;
  /** Errors and warnings of the browser's console. Each test must end without any. */
  trouble: string[];
  open(query: string): Promise<unknown>;
  button(name: string): Locator;
  /** The message box of the channel. */
  composer(): Locator;
  /** The last action of that type, once the page has sent at least `count` of them. */
  sent<T extends PageAction['type']>(type: T, count?: number): Promise<Extract<PageAction, { type: T }>>;
  /** Keeps what the page looks like, as build output. */
  keep(name: string): Promise<unknown>;
}

/** Registers the hooks; the stage's `page` and `server` are there once a test runs. */
export function setStage(): Stage {
  let browser: Browser;
  const stage = {
    trouble: [],
    open: (query: string) => stage.page.goto(`${stage.server.url}?${query}`),
    button: (name: string) => stage.page.getByRole('button', { name, exact: true }),
    composer: () => stage.page.getByRole('textbox', { name: /^Message / }),
    keep: (name: string) => stage.page.screenshot({ path: `build/pictures/${name}.png` }),
    async sent(type: PageAction['type'], count = 1) {
      const those = () => stage.server.actions.filter(action => action.type === type);
      await expect.poll(() => those().length, { timeout: 10_000 }).toBeGreaterThanOrEqual(count);
      return those().at(-1);
    },
  } as unknown as Stage;

  beforeAll(async () => {
    mkdirSync('build/pictures', { recursive: true });
    [browser, stage.server] = await Promise.all([openBrowser(), startFakeServer()]);
  });
  afterAll(async () => {
    await browser?.close();
    await stage.server?.close();
  });
  beforeEach(async () => {
    stage.trouble = [];
    stage.server.actions.length = 0;
    stage.page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
    stage.page.setDefaultTimeout(10_000);
    stage.page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') stage.trouble.push(message.text());
    });
    stage.page.on('pageerror', error => stage.trouble.push(String(error.stack)));
  });
  afterEach(async () => {
    await stage.page.close();
    expect(stage.trouble).toEqual([]);
  });
  return stage;
}
