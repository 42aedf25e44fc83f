/** What a scenario is: a user's story over chat, the same in every world, or the reason why it cannot be told yet. */
import type { Shop } from './shop.ts';
import type { Talk } from './talk.ts';
import type { World } from './world/world.ts';

interface Row {
  /** S1 … S40. */
  id: string;
  title: string;
  /** Worlds in which it cannot be told yet, each with the reason: for the table; one clause. */
  notYetIn?: Partial<Record<World['name'], string>>;
}

export interface Stage {
  world: World;
  /** To type, approve and read. */
  talk: Talk;
  /** Bookinfo, as its users see it. */
  shop: Shop;
}

export type Scenario = Row & ({ kind: 'told'; story(stage: Stage): Promise<void> } | { kind: 'not yet'; why: string });

export function scenario(row: Row, story: (stage: Stage) => Promise<void>): Scenario {
  return { ...row, kind: 'told', story };
}

/** Why it cannot be told in that world yet; undefined: it can. */
export function whyNotIn(world: World['name'], scenario: Scenario): string | undefined {
  return scenario.kind === 'not yet' ? scenario.why : scenario.notYetIn?.[world];
}

/** `why`: for the table; one clause. */
export function notYet(row: Row, why: string): Scenario {
  return { ...row, kind: 'not yet', why };
}
