/** The details service: what is printed on the back of the book. */
import type { App } from './app.ts';
import { json, pathOf, work } from './app.ts';
import { DETAILS } from './books.ts';

export const details: App = async (request, context) => {
  const path = pathOf(request);
  if (path === '/health') return json(200, { status: 'Details is healthy' });
  const id = /^\/details\/(\d+)$/.exec(path)?.[1];
  if (id === undefined) return json(404, { error: 'please give a numeric product id' });
  await work(context, 1, 4);
  return json(200, { id: Number(id), ...DETAILS });
};
