/** What a new route is called: by which requests it takes, so that the name stays true when its destination changes. */
import type { JsonObject } from '../../../object.ts';
import { matchWords } from '../../route/words.ts';
import type { Place } from '../place/places.ts';

const LONGEST = 50;

/** `end-user-jason`, with `-2`, `-3` … where another route has the name. */
export function freeRouteName(all: Place[], match: JsonObject[]): string {
  const wanted =
    (matchWords({ match: match.slice(0, 1) }) ?? '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, LONGEST)
      .replace(/^-+|-+$/g, '') || 'route';
  const taken = new Set(all.flatMap(({ name, effective }) => [name, effective.name]));
  let name = wanted;
  for (let count = 2; taken.has(name); count += 1) name = `${wanted}-${count}`;
  return name;
}
