/** The words that conditions and requests are made of: few, so that they meet often, and near one another, so that they miss. */
import type { JsonObject } from '../../../src/object.ts';
import type { Draw } from '../random.ts';

export const PATHS = [
  '/',
  '/reviews',
  '/reviews/',
  '/reviews/1',
  '/reviews/12/more',
  '/reviewsmore',
  '/Reviews/1',
  '/api',
  '/api/v1/reviews',
  '/static/a.png',
  '/a b'.replace(' ', '%20'),
];
export const QUERIES = ['', '', '', '?v=2', '?v=22', '?flag', '?v=1&flag=yes', '?user=jason&v=2'];
export const METHODS = ['GET', 'GET', 'GET', 'POST', 'PUT', 'DELETE'];
/** Header → values that it is drawn from. */
export const HEADERS: Record<string, string[]> = {
  'end-user': ['jason', 'Jason', 'mary', 'jasonx', ''],
  'x-canary': ['always', 'never', '1'],
  cookie: ['user=jason', 'a=b; user=jason; c=d', 'user=jasonx'],
};

const REGEXES: Record<string, string[]> = {
  path: [
    '.*',
    '/reviews.*',
    '/reviews/[0-9]+',
    '/(reviews|api)(/.*)?',
    '^/reviews',
    '/reviews/\\d+/more',
    '(?i)/reviews/1',
    '/[a-z]+',
  ],
  'end-user': ['.*', 'j.*', 'jas+on', '^$', '(?i)jason'],
  'x-canary': ['(always|never)', '[0-9]+', '.+'],
  cookie: ['^(.*?;)?(user=jason)(;.*)?$', '.*user=jason.*', 'user=jason'],
  v: ['[0-9]+', '2', '.*'],
  authority: ['.*', 'reviews.*', '.*example\\.com(:[0-9]+)?', '[^.]+'],
};

export function pathMatch(draw: Draw): JsonObject {
  const word = draw.pick(PATHS);
  if (draw.often(45)) return { prefix: word };
  if (draw.often(55)) return { exact: word };
  return { regex: draw.pick(REGEXES.path!) };
}

export function valueMatch(draw: Draw, name: string, values: string[]): JsonObject {
  const value = draw.pick(values) || 'jason';
  if (draw.often(15)) return {};
  if (draw.often(45)) return { exact: value };
  if (draw.often(45)) return { prefix: value.slice(0, draw.int(1, value.length)) };
  return { regex: draw.pick(REGEXES[name] ?? REGEXES.authority!) };
}

/** Header name → condition, of the kind that a match wants. */
export function headerMatches(draw: Draw): JsonObject {
  const names = draw.some(Object.keys(HEADERS), 1, 2);
  return Object.fromEntries(
    names.map(name => [draw.often(10) ? name.toUpperCase() : name, valueMatch(draw, name, HEADERS[name]!)]),
  );
}

export function queryMatches(draw: Draw): JsonObject {
  const wanted = (name: string) => (draw.often(25) ? { exact: '' } : valueMatch(draw, name, ['2', '1', 'yes']));
  return Object.fromEntries(
    draw.some(['v', 'flag'], 1, 2).map(name => [name, name === 'v' ? valueMatch(draw, 'v', ['2', '1']) : wanted(name)]),
  );
}
