/** S26: half of the reviews to v3, then all of them, then back. */
import { expect } from 'vitest';
import { scenario } from '../story.ts';

const V1 = 'outbound|9080|v1|reviews.default.svc.cluster.local';
const V3 = 'outbound|9080|v3|reviews.default.svc.cluster.local';

export default scenario({ id: 'S26', title: 'Reviews half to v3, then all of them' }, async ({ world, talk, shop }) => {
  const before = await shop.spec('VirtualService', 'reviews');

  const half = await talk.change('/mesh shift reviews v3 50');
  expect(half.card).toContain('Send 50 % of reviews');
  expect(half.card).toContain('end-user = jason');
  expect(half.receipt).toContain('Proven: consistent with 50 % to v1, 50 % to v3');
  expect(half.receipt).toMatch(/(\d+) of \1 proxies hold the new route/);
  const pages = await shop.stars(60);
  // Fewer than 12 or more than 48 of 60 come of 50 % once in a million times.
  expect(pages.red).toBeGreaterThan(12);
  expect(pages.red).toBeLessThan(48);
  expect((pages.none ?? 0) + (pages.red ?? 0)).toBe(60);
  await shop.showsOnly('black', 'jason');
  for (const app of ['productpage', 'details', 'ratings', 'curl']) {
    const held = await world.shares(app, 'reviews:9080');
    if (held) expect(held).toEqual({ [V1]: 50, [V3]: 50 });
  }

  const all = await talk.change('/mesh shift reviews v3 100');
  expect(all.receipt).toContain('Proven: consistent with 100 % to v3');
  await shop.showsOnly('red');
  expect(await shop.traced('reviews')).toEqual(['v3']);

  const undone = await talk.change('/mesh undo');
  expect(undone.receipt).toContain('Proven: consistent with 50 % to v1, 50 % to v3');
  const again = await talk.change('/mesh undo');
  expect(again.receipt).toContain('Proven');
  await shop.showsOnly('none');
  expect(await shop.spec('VirtualService', 'reviews')).toEqual(before);
});
