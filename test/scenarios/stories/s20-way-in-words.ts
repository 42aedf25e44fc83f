/** S20: how requests to reviews go, in words; without any rule they alternate between all versions. */
import { expect } from 'vitest';
import { scenario } from '../story.ts';

const REVIEWS = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: 'default', name: 'reviews' };

export default scenario({ id: 'S20', title: 'The way of requests, in words' }, async ({ world, talk, shop }) => {
  const ruled = await talk.ask('/mesh status reviews');
  expect(ruled).toContain('Requests where end-user = jason go to reviews v2.');
  expect(ruled).toContain('All other requests go to reviews v1.');
  for (const version of ['v1', 'v2', 'v3']) expect(ruled).toContain(`${version}: 1 of 1 Ready`);

  const way = await talk.ask('/mesh trace productpage');
  for (const hop of ['productpage', 'details', 'reviews']) expect(way).toContain(hop);

  await world.remove(REVIEWS);
  await shop.alternates();
  expect(await talk.ask('/mesh status reviews')).toContain('All requests go to reviews, any version.');
});
