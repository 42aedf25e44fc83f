import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Outcome, record } from './outcomes.ts';
import { shopIn } from './shop.ts';
import type { Scenario } from './story.ts';
import { type Talk, talkIn } from './talk.ts';
import { chosenWorld } from './world/chosen.ts';
import type { World } from './world/world.ts';

const FOLDER = join(import.meta.dirname, 'stories');
const files = readdirSync(FOLDER);
const scenarios = await Promise.all(
  files.map(async file => ((await import(join(FOLDER, file))) as { default: Scenario }).default),
);
scenarios.sort((a, b) => number(a) - number(b));

function number({ id }: Scenario): number {
  return Number(id.slice(1));
}

describe('the scenarios', () => {
  it('are forty, each in a file that is called by its number', () => {
    expect(scenarios.map(({ id }) => id)).toEqual(Array.from({ length: 40 }, (_, index) => `S${index + 1}`));
    for (const [index, { id }] of scenarios.entries()) {
      expect([...files].sort()[index]).toMatch(new RegExp(`^s${id.slice(1).padStart(2, '0')}-[a-z0-9-]+\\.ts$`));
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
    if (each.kind === 'not yet') continue;
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
