/** What a story is told on: the whole of meshbot on this machine, and its Slack in a browser. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { openBrowser } from '../browser.ts';
import { type LocalWorld, startLocalWorld } from '../local-world.ts';
import { openSlack, type SlackPage } from './page.ts';

export interface Stage {
  world: LocalWorld;
  browser: Browser;
  slack: SlackPage;
}

/** Registers the hooks; all of it is there once a test runs. The page must throw nothing until the end. */
export function setStage(options: { replicas?: number; load?: number }): Stage {
  const stage = {} as Stage;
  beforeAll(async () => {
    [stage.world, stage.browser] = await Promise.all([startLocalWorld(options), openBrowser()]);
    stage.slack = await openSlack(stage.browser, stage.world.slack.url);
  }, 120_000);
  beforeEach(({ task, onTestFailed }) => onTestFailed(() => stage.slack.failed(task.name)));
  afterAll(async () => {
    await stage.browser?.close();
    await stage.world?.close();
    expect(stage.slack.faults).toEqual([]);
  });
  return stage;
}
