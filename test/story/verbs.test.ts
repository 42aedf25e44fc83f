/** Each verb as people meet it, in the browser: asked, approved, proven, answered. */
import { describe, expect, it } from 'vitest';
import { starsOf } from '../verbs/told.ts';
import { setStage } from './stage.ts';

const stage = setStage({ load: 8 });

/** With its receipt beside it. */
async function carriedOut(line: string, title: string): Promise<void> {
  const { slack } = stage;
  const thread = await slack.thread(await slack.carryOut(`/mesh ${line}`, title));
  await thread.getByText('Proven:').first().waitFor();
}

describe('every verb, in the browser', { timeout: 240_000 }, () => {
  it('route: some requests go to a version, all others stay', async () => {
    await carriedOut('route reviews v3 --user mary', 'Route reviews where end-user = mary to v3');
    expect(await starsOf(stage.world, 3, 'mary')).toEqual(['red']);
    expect(await starsOf(stage.world, 3, 'jason')).toEqual(['black']);
    expect(await starsOf(stage.world, 3, 'nobody')).toEqual(['none']);
    await stage.slack.shot('route');
  });

  it('mirror: copies go to a version, answers stay', async () => {
    await carriedOut('mirror reviews v2 100', 'Send copies of 100 % of reviews to v2');
    expect(await starsOf(stage.world, 3, 'nobody')).toEqual(['none']);
    await stage.slack.shot('mirror');
  });

  it('trace: one request and its way', async () => {
    await stage.slack.ask('/mesh trace productpage', /reviews/);
    await stage.slack.shot('trace');
  });

  it('curl: one request and its answer', async () => {
    await stage.slack.ask('/mesh curl productpage/productpage', /Status\s+200/);
    await stage.slack.shot('curl');
  });

  it('history and pending: what was done, what waits', async () => {
    await stage.slack.ask('/mesh history reviews', 'Send copies of 100 % of reviews to v2');
    await stage.slack.ask('/mesh pending', /Nothing waits|No change/);
    await stage.slack.shot('history');
  });

  it('help: what a verb takes', async () => {
    await stage.slack.ask('/mesh help route', /--user/);
    await stage.slack.shot('help');
  });
});
