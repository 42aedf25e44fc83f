/** The ratings service: how many stars each reviewer gives. */
import type { App } from './app.ts';
import { json, pathOf, work } from './app.ts';
import { RATINGS } from './books.ts';

export const ratings: App = async (request, context) => {
  const path = pathOf(request);
  if (path === '/health') return json(200, { status: 'Ratings is healthy' });
  const id = /^\/ratings\/(\d+)$/.exec(path)?.[1];
  if (id === undefined) return json(404, { error: 'please give a numeric product id' });
  await work(context, 1, 3);
  return json(200, { id: Number(id), ratings: RATINGS });
};
