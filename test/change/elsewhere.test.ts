import { afterEach, expect, it } from 'vitest';
import { RANDOM, RIKO } from '../../src/sandbox/slack/people.ts';
import { type LocalWorld, startLocalWorld } from '../local-world.ts';

let world: LocalWorld | undefined;
afterEach(() => world?.close());

it('tells somebody who asked where meshbot is no member how to get a card that others can see', async () => {
  world = await startLocalWorld();
  const riko = world.slack.as(RIKO);
  await riko.say(RANDOM.id, '/mesh shift reviews v3 50');
  const card = await world.slack.until(() =>
    riko
      .messages(riko.directMessages())
      .find(message => JSON.stringify(message.blocks ?? []).includes('/invite @meshbot')),
  );
  expect(card.text).toContain('Send 50 % of reviews to v3');
  expect(world.slack.messages(RANDOM.id).filter(message => message.user !== RIKO.id)).toEqual([]);
}, 30_000);
