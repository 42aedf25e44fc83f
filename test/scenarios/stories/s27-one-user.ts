/** S27: one user is sent to v2, and nobody else moves. */
import { expect } from 'vitest';
import { scenario } from '../story.ts';

export default scenario({ id: 'S27', title: 'One user to v2, nobody else moves' }, async ({ talk, shop }) => {
  await shop.showsOnly('none', 'mina');
  const { card, receipt, undo } = await talk.change('/mesh route reviews v2 --header end-user=mina');
  expect(card).toContain('Route reviews where end-user = mina to v2');
  expect(receipt).toContain('Proven: consistent with 100 % to v2');
  expect(receipt).toContain('without end-user: consistent with 100 % to v1');
  await shop.showsOnly('black', 'mina');
  expect(await shop.traced('reviews', 'mina')).toEqual(['v2']);
  expect(await shop.traced('reviews')).toEqual(['v1']);
  expect(await shop.stars(20)).toEqual({ none: 20 });
  expect(await shop.stars(10, 'riko')).toEqual({ none: 10 });
  expect(await shop.stars(10, 'jason')).toEqual({ black: 10 });

  await talk.change(undo);
  await shop.showsOnly('none', 'mina');
});
