import { expect, test } from 'vitest';
import type { Clock } from '../../src/ports.ts';
import { newPace } from '../../src/slack/pace.ts';

/** A clock that moves only when somebody sleeps, and then as far as they sleep. */
function jumping(): Clock & { at: number } {
  const clock = {
    at: 0,
    now: () => clock.at,
    async sleep(ms: number) {
      await new Promise(resolve => setImmediate(resolve));
      clock.at += ms;
    },
  };
  return clock;
}

test('the first edit is done at once, and the next after its rest', async () => {
  const clock = jumping();
  const pace = newPace(clock, 2000);
  const done: [string, number][] = [];
  await pace.run('a', async () => void done.push(['one', clock.at]));
  await pace.run('a', async () => void done.push(['two', clock.at]));
  await pace.run('b', async () => void done.push(['other', clock.at]));
  expect(done).toEqual([
    ['one', 0],
    ['two', 2000],
    ['other', 2000],
  ]);
});

test('of those that wait only the newest is done, and all of them hear of it', async () => {
  const clock = jumping();
  const pace = newPace(clock, 2000);
  const done: number[] = [];
  await pace.run('a', async () => void done.push(0));
  await Promise.all([1, 2, 3, 4].map(n => pace.run('a', async () => void done.push(n))));
  expect(done).toEqual([0, 4]);
});

test('edits of one message never run side by side', async () => {
  const clock = jumping();
  const pace = newPace(clock, 0);
  let running = 0;
  let most = 0;
  const edit = async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise(resolve => setImmediate(resolve));
    running -= 1;
  };
  const all: Promise<void>[] = [];
  for (let n = 0; n < 10; n += 1) {
    all.push(pace.run('a', edit));
    await new Promise(resolve => setImmediate(resolve));
  }
  await Promise.all(all);
  expect(most).toBe(1);
});

test('an edit that fails tells those who wait for it, and the next one goes on', async () => {
  const pace = newPace(jumping(), 2000);
  await expect(
    pace.run('a', async () => {
      throw new Error('gone');
    }),
  ).rejects.toThrow('gone');
  await expect(pace.run('a', async () => {})).resolves.toBeUndefined();
});
