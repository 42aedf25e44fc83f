import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { storiesIn } from './all.ts';
import { type Outcome, record } from './outcomes.ts';
import { shopIn } from './shop.ts';
import { whyNotIn } from './story.ts';
import { type Talk, talkIn } from './talk.ts';
import { chosenWorld } from './world/chosen.ts';
import type { World } from './world/world.ts';

const forty = await storiesIn('stories');
const scenarios = [...forty, ...(await storiesIn('more'))].map(({ scenario }) => scenario);

describe('the scenarios', () => {
  it('are forty, each in a file that is called by its number', () => {
    expect(forty.map(({ scenario }) => scenario.id)).toEqual(Array.from({ length: 40 }, (_, index) => `S${index + 1}`));
    for (const { file, scenario } of forty) {
      expect(file).toMatch(new RegExp(`^s${scenario.id.slice(1).padStart(2, '0')}-[a-z0-9-]+\\.ts$`));
    }
  });
});

/** A real mesh shares its machine with these tests: what one telling misses for want of time, the next may not. */
const retry = chosenWorld === 'mesh' ? 1 : 0;

describe(`in the ${chosenWorld} world`, { timeout: 240_000, retry }, () => {
  const outcomes: Outcome[] = [];
  let world: World;
  let talk: Talk;
  beforeAll(async () => {
    const { openWorld } = await import('./world/chosen.ts');
    world = await openWorld();
    talk = talkIn(world.slack);
  }, 120_000);
  afterAll(async () => {
    await world?.close();
    record(chosenWorld, scenarios, outcomes);
  });
  beforeEach(() => shopIn(world).reset(), 120_000);

  for (const each of scenarios) {
    if (each.kind === 'not yet' || whyNotIn(chosenWorld, each) !== undefined) continue;
    it(`${each.id}: ${each.title}`, async () => {
      try {
        await each.story({ world, talk, shop: shopIn(world) });
        outcomes.unshift({ id: each.id, state: 'works' });
      } catch (error) {
        outcomes.push({ id: each.id, state: 'fails', why: String(error).split('\n')[0]! });
        throw error;
      }
    });
  }
});
