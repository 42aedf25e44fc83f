/** What a person sees of a change's traffic, its proof and what became of it: light, dark and on a phone. */
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { setStage } from './stage.ts';

const stage = setStage({ load: 6 });

const card = () => stage.slack.message('Send 50 % of reviews to v3');
const thread = () => stage.slack.page.getByRole('complementary', { name: /Thread/ });

/** Whether a picture that the page shows has come, and was drawn. */
async function isDrawn(image: Locator): Promise<boolean> {
  await image.scrollIntoViewIfNeeded();
  return image.evaluate((element: HTMLImageElement) => element.decode().then(() => element.naturalWidth > 300));
}

describe('the card and the receipt of a change', { timeout: 240_000 }, () => {
  it('shows on the card how many requests per second move, as a sentence, a table and a chart', async () => {
    const { slack, world } = stage;
    const busy = () => world.measured('sum(rate(istio_requests_total{destination_app="reviews"}[2m]))');
    await expect.poll(busy, { timeout: 60_000 }).toBeGreaterThan(0.5);
    await slack.propose('/mesh shift reviews v3 50', 'Send 50 % of reviews to v3');
    const text = await stage.slack.read(card());
    expect(text).toMatch(/[\d.]+ of [\d.]+ requests\/s move v1 → v3; end-user = jason stays on v2\./);
    expect(text).toMatch(/Measured over 2 min: v1 [\d.]+\/s/);
    expect(text).toMatch(/50 %, [\d.]+\/s/);
    await slack.shot('receipt-1-card');
  });

  it('shows in the thread which proxies hold it, and one trace as a picture with all of it in words', async () => {
    const { slack } = stage;
    await slack.approve(card(), 'Sam Okafor');
    await card().getByText('Done and proven').waitFor();
    await slack.thread(card());
    await thread()
      .getByText(/7 of 7 proxies hold the new route/)
      .waitFor();
    const picture = thread().locator('img.shown-image').first();
    await picture.waitFor();
    expect(await isDrawn(picture)).toBe(true);
    expect(await picture.getAttribute('alt')).toMatch(
      /hops\. .*productpage\.default v1: .*reviews\.default v[13]: [\d.]+ ms from/,
    );
    await slack.shot('receipt-2-proven');
  });

  it('adds after a minute whether it stays, and requests, errors and latency before and after', async () => {
    await thread()
      .getByText(/Everything is still as it was written/)
      .waitFor({ timeout: 150_000 });
    const compared = thread().getByRole('img', { name: /Requests per second: v1 [\d.]+\/s → [\d.]+\/s/ });
    await compared.waitFor();
    expect(await isDrawn(compared)).toBe(true);
    await stage.slack.shot('receipt-3-after-a-minute');
  });

  it('draws who calls a service, which requests go where, and which versions answer', async () => {
    const { slack } = stage;
    await slack.type('/mesh status reviews');
    const drawn = slack.page.getByRole('img', { name: /Called by productpage-v1 .* end-user = jason: 100 % to v2/ });
    await drawn.waitFor();
    expect(await isDrawn(drawn)).toBe(true);
    await slack.shot('receipt-4-status');
  });

  it('can be read on a phone', async () => {
    const { page, shot } = stage.slack;
    await page.setViewportSize({ width: 360, height: 780 });
    const picture = page.locator('img.shown-image').first();
    const box = await picture.boundingBox();
    expect(box!.width).toBeLessThanOrEqual(360);
    await shot('receipt-5-phone');
    for (const [index, image] of (await page.locator('img.shown-image').all()).entries()) {
      await image.scrollIntoViewIfNeeded();
      await shot(`receipt-6-phone-picture-${index}`);
    }
  });
});
