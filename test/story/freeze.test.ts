/** A freeze and its override, and why a routing is as it is, as people in a channel see them. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/object.ts';
import { OWN_NAMESPACE } from '../../src/sandbox/cluster.ts';
import { openBrowser } from '../browser.ts';
import { type LocalWorld, startLocalWorld } from '../local-world.ts';
import { openSlack, type SlackPage } from './page.ts';

let world: LocalWorld;
let browser: Browser;
let slack: SlackPage;

beforeAll(async () => {
  [world, browser] = await Promise.all([startLocalWorld({ replicas: 2, load: 4 }), openBrowser()]);
  slack = await openSlack(browser, world.slack.url);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await world?.close();
});

const freezes = () => world.cluster.kubernetes.list('MeshFreeze', OWN_NAMESPACE);
const reviews = () =>
  world.cluster.kubernetes.list('VirtualService', 'default').find(({ metadata }) => metadata.name === 'reviews')!;

describe('a freeze, in the browser', { timeout: 90_000 }, () => {
  it('is told in the channel, with its end by the clock of whoever asked', async () => {
    await slack.become('Riko Tanaka');
    await slack.type('/mesh freeze namespace default until tomorrow 9:00 --tz Europe/Berlin --reason "release night"');
    const told = slack.message('froze namespace default');
    await told.waitFor();
    expect(await told.innerText()).toMatch(/until tomorrow 9:00 \(Europe\/Berlin\)[\s\S]*release night/);
    expect(freezes()).toMatchObject([{ spec: { namespace: 'default', reason: 'release night' } }]);
  });

  it('refuses a change, and says how to go on', async () => {
    await slack.type('/mesh shift reviews v3 50');
    const card = slack.message('It is frozen');
    await card.waitFor();
    const text = await card.innerText();
    expect(text).toContain('Namespace default is frozen until');
    expect(text).toContain('unfreeze freeze-');
    await slack.shot('freeze-refused');
  });

  it('is told by status and by pending', async () => {
    await slack.type('/mesh status reviews');
    await slack.answer('namespace default is frozen').waitFor();
    await slack.type('/mesh pending');
    await slack.answer(/No change is pending[\s\S]*release night/).waitFor();
    await slack.shot('freeze-status');
  });

  it('is lifted, and the change goes its way', async () => {
    await slack.type('/mesh unfreeze namespace default');
    await slack.message('lifted the freeze of namespace default').waitFor();
    expect(freezes()).toEqual([]);
    await slack.type('/mesh shift reviews v3 50');
    const card = slack.message('Send 50 % of reviews to v3');
    await card.getByRole('button', { name: 'Approve' }).waitFor();
    await slack.become('Sam Okafor');
    await slack.approve(card);
    await card.getByText('Done and proven').waitFor({ timeout: 60_000 });
    await slack.shot('freeze-lifted');
  });
});

describe('why, in the browser', { timeout: 90_000 }, () => {
  it('lays each route to the change or the hand that made it, with the receipt', async () => {
    await slack.type('/mesh why reviews');
    const answer = slack.answer('Why requests to reviews go where they go');
    await answer.waitFor();
    const text = await answer.innerText();
    expect(text).toMatch(/All other requests go 50 % to reviews v1, 50 % to reviews v3\. That is shift-\w+ \(/);
    expect(text).toMatch(/end-user = jason go to reviews v2\. That was probably set by/);
    expect(text).toContain('open its thread');
    await slack.shot('why');
  });

  it('names who changed it since', async () => {
    const live = reviews();
    const spec = JSON.parse(
      JSON.stringify(live.spec).replace('"weight":50', '"weight":20').replace('"weight":50', '"weight":80'),
    );
    world.cluster.kubernetes.apply({ ...live, spec } as KubeObject);
    await expect
      .poll(
        async () => {
          await slack.type('/mesh why reviews');
          const answer = slack.answer('20 % to reviews v1');
          return answer.innerText({ timeout: 3_000 }).catch(() => '');
        },
        { timeout: 30_000, interval: 1_000 },
      )
      .toMatch(/set by sandbox[\s\S]*after shift-\w+/);
    await slack.shot('why-edited');
    expect(slack.faults).toEqual([]);
  });
});
