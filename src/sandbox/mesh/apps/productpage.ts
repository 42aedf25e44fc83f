/** The product page: asks for details and reviews and shows them; keeps who is signed in, in a cookie. */
import type { Answer, Headers, Inbound } from '../proxy/messages.ts';
import { answer } from '../proxy/messages.ts';
import type { App, AppContext } from './app.ts';
import { json, pathOf, work } from './app.ts';
import { BOOK } from './books.ts';
import { asset } from './page/assets.ts';
import type { Review, Shown } from './page/page.ts';
import { page } from './page/page.ts';

/** ms the page waits for one answer. It asks for reviews twice, as the Bookinfo sample does. */
const PATIENCE = 3_000;

export const productpage: App = async (request, context) => {
  const path = pathOf(request);
  if (path === '/health') return answer(200, 'Product page is healthy');
  if (path.startsWith('/static/')) return asset(path.slice('/static/'.length));
  if (path === '/login') return signedIn(request);
  if (path === '/logout') return backToPage('session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax');
  if (path === '/api/v1/products') return json(200, [BOOK]);
  const part = /^\/api\/v1\/products\/(\d+)(?:\/(reviews|ratings))?$/.exec(path);
  if (part) return passedThrough(request, context, part[2] ?? 'details', part[1]!);
  if (path !== '/productpage' && path !== '/') return answer(404, 'The product page has no such page.\n');
  await work(context, 2, 6);
  return whole(request, context);
};

async function whole(request: Inbound, context: AppContext): Promise<Answer> {
  const { user, headers } = identity(request, context);
  const [details, reviews] = await Promise.all([
    context.get('details', 9080, `/details/${BOOK.id}`, headers, PATIENCE),
    twice(() => context.get('reviews', 9080, `/reviews/${BOOK.id}`, headers, PATIENCE)),
  ]);
  const told = read<{ podname?: string; reviews?: Review[] }>(reviews);
  const facts = read<Record<string, string | number>>(details);
  const shown: Shown = {
    pod: context.self.pod,
    ...(user === undefined ? {} : { user }),
    details: facts ? { facts } : { failed: details.status },
    reviews: told?.reviews ? { reviews: told.reviews, pod: told.podname ?? '' } : { failed: reviews.status },
  };
  return answer(200, page(shown), '-', { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
}

async function passedThrough(request: Inbound, context: AppContext, service: string, id: string): Promise<Answer> {
  const { headers } = identity(request, context);
  const heard = await context.get(service, 9080, `/${service}/${id}`, headers, PATIENCE);
  if (heard.status === 200) return { ...heard, headers: { 'content-type': 'application/json' } };
  return json(heard.status || 500, { error: `Sorry, product ${service} are currently unavailable for this book.` });
}

async function twice(ask: () => Promise<Answer>): Promise<Answer> {
  const heard = await ask();
  return heard.status === 200 ? heard : ask();
}

/** Whoever is signed in, else whom the request itself names: so that one can ask as somebody with curl. */
function identity(request: Inbound, context: AppContext): { user?: string; headers: Headers } {
  const user = userIn(request.headers.cookie ?? '');
  const headers = context.passedOn(request);
  return user === undefined ? { headers } : { user, headers: { ...headers, 'end-user': user } };
}

const NAME = /^[A-Za-z0-9._-]{1,40}$/;

function userIn(cookie: string): string | undefined {
  const value = /(?:^|;\s*)session=([^;]*)/.exec(cookie)?.[1];
  return value !== undefined && NAME.test(value) ? value : undefined;
}

function signedIn(request: Inbound): Answer {
  const name = new URLSearchParams(request.body).get('username')?.trim() ?? '';
  if (!NAME.test(name)) {
    return answer(400, 'A user name has 1 to 40 letters, digits, dots, dashes or underscores.\n');
  }
  return backToPage(`session=${name}; Path=/; HttpOnly; SameSite=Lax`);
}

function backToPage(cookie: string): Answer {
  return answer(303, '', '-', { location: '/productpage', 'set-cookie': cookie });
}

function read<T>(heard: Answer): T | undefined {
  if (heard.status !== 200) return undefined;
  try {
    return JSON.parse(heard.body) as T;
  } catch {
    return undefined;
  }
}
