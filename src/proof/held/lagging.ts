/** The proxies that are not known to hold what was written, by what each holds instead. Pure. */
import type { Receipt } from '../../change/meshchange.ts';

type Proxies = NonNullable<Receipt['proxies']>;

export interface Group {
  count: number;
  /** Fewer than `count` where not all are named. */
  names: string[];
}

export interface Lagging {
  /** The route before. */
  old: Group;
  /** No route of it, though they are to have it. */
  missing: Group;
  /** Neither, but another route. */
  other: Group;
  /** They alone did not answer: they may hold anything. */
  silent: Group;
}

export function lagging({ behind, missing = 0, other, unanswered, names, why }: Proxies): Lagging {
  const left = [...names];
  const group = (count: number): Group => ({ count, names: left.splice(0, count) });
  return {
    old: group(behind - missing),
    missing: group(missing),
    other: group(other),
    // Where asking is refused, that they said nothing says nothing of them.
    silent: group(why === undefined ? unanswered : 0),
  };
}

/** Of how many it is asked whether they hold it: all that were asked but those that the route is not for. */
export function toHaveIt({ asked, without }: Proxies): number {
  return asked - without;
}

/** `a, b and 3 more`; '' where nobody is named. */
export function namedIn({ count, names }: Group): string {
  if (names.length === 0) return '';
  return `${names.join(', ')}${count > names.length ? ` and ${count - names.length} more` : ''}`;
}
