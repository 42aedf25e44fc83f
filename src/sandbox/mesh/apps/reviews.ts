/** The reviews service: v1 shows no stars, v2 black ones, v3 red ones; only the last two ask for ratings. */
import type { App, AppContext } from './app.ts';
import { json, pathOf, work } from './app.ts';
import { REVIEWS } from './books.ts';

const COLORS: Record<string, string> = { v2: 'black', v3: 'red' };

/** How long each version waits for ratings, ms: as the Bookinfo sample does. */
const PATIENCE: Record<string, number> = { v2: 10_000, v3: 2_500 };

export const reviews: App = async (request, context) => {
  const path = pathOf(request);
  if (path === '/health') return json(200, { status: 'Reviews is healthy' });
  const id = /^\/reviews\/(\d+)$/.exec(path)?.[1];
  if (id === undefined) return json(404, { error: 'please give a numeric product id' });
  await work(context, 2, 8);
  const { version, pod } = context.self;
  const color = COLORS[version];
  const stars = color === undefined ? undefined : await starsOf(id, context, context.passedOn(request));
  return json(200, {
    id,
    podname: pod,
    clustername: 'local',
    reviews: REVIEWS.map(review => {
      if (color === undefined) return review;
      if (!stars) return { ...review, rating: { error: 'Ratings service is currently unavailable' } };
      return { ...review, rating: { stars: stars[review.reviewer] ?? 0, color } };
    }),
  });
};

async function starsOf(
  id: string,
  context: AppContext,
  headers: Record<string, string>,
): Promise<Record<string, number> | undefined> {
  const heard = await context.get('ratings', 9080, `/ratings/${id}`, headers, PATIENCE[context.self.version] ?? 10_000);
  if (heard.status !== 200) return undefined;
  try {
    return (JSON.parse(heard.body) as { ratings?: Record<string, number> }).ratings;
  } catch {
    return undefined;
  }
}
