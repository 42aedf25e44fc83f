/** A shift in steps: half of the reviews to v3, and all of them after a while, by one approval. */
import { expect } from 'vitest';
import { scenario } from '../story.ts';

export default scenario({ id: 'steps', title: 'A shift in steps, by one approval' }, async ({ talk, shop }) => {
  const before = await shop.spec('VirtualService', 'reviews');
  const { card, undo } = await talk.change('/mesh shift reviews v3 50,100 --every 5s');
  expect(card).toContain('50 %');
  expect(card).toContain('100 %');
  await shop.showsOnly('red');
  await shop.showsOnly('black', 'jason');

  await talk.change(undo);
  await shop.showsOnly('none');
  expect(await shop.spec('VirtualService', 'reviews')).toEqual(before);
});
