/** S33: all requests to reviews are copied to v2, whose answers nobody sees. */
import { expect } from 'vitest';
import { scenario } from '../story.ts';

export default scenario({ id: 'S33', title: 'All requests to reviews copied to v2' }, async ({ talk, shop }) => {
  const before = await shop.received('reviews', 'v2');
  const { card, receipt, undo } = await talk.change('/mesh mirror reviews v2 100');
  expect(card).toContain('Send copies of 100 % of reviews to v2');
  expect(receipt).toContain('Proven: consistent with 100 % to v1');
  expect(receipt).toMatch(/v2 got copies of (\d+) of \1 requests/);
  expect(await shop.received('reviews', 'v2')).toBeGreaterThan(before);
  expect(await shop.stars(20)).toEqual({ none: 20 });

  await talk.change(undo);
  const after = await shop.settled('reviews', 'v2');
  expect(await shop.stars(20)).toEqual({ none: 20 });
  expect(await shop.settled('reviews', 'v2')).toBe(after);
});
