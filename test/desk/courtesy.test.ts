import { expect, it } from 'vitest';
import { Courtesy } from '../../src/desk/courtesy.ts';
import type { Clock } from '../../src/ports.ts';

/** Time passes only when it is told to. */
function stoppedClock() {
  const sleepers = new Set<{ until: number; wake(): void }>();
  let time = 0;
  const clock: Clock = {
    now: () => time,
    sleep: (ms, signal) =>
      new Promise(resolve => {
        const sleeper = { until: time + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => resolve());
      }),
  };
  const pass = async (ms: number): Promise<void> => {
    // Whoever is about to sleep falls asleep first, and whoever wakes goes on.
    await new Promise(setImmediate);
    time += ms;
    for (const { until, wake } of sleepers) if (until <= time) wake();
    await new Promise(setImmediate);
  };
  return { clock, pass };
}

it('lets work begin at once while nobody waits', async () => {
  await new Courtesy(stoppedClock().clock).after();
});

it('lets work begin soon after the last who waits has an answer', async () => {
  const { clock, pass } = stoppedClock();
  const courtesy = new Courtesy(clock);
  const begun: string[] = [];
  const answers = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const people = answers.map(({ promise }) => courtesy.first(() => promise));
  void courtesy.after().then(() => begun.push('work'));
  void courtesy.after().then(() => begun.push('more work'));
  answers[0]!.resolve();
  await people[0];
  await pass(100);
  expect(begun).toEqual([]);
  answers[1]!.resolve();
  await people[1];
  await pass(50);
  expect(begun).toEqual(['work', 'more work']);
});

it('keeps work waiting when the next of a burst of people comes right after an answer', async () => {
  const { clock, pass } = stoppedClock();
  const courtesy = new Courtesy(clock);
  let begun = false;
  const answers = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const first = courtesy.first(() => answers[0]!.promise);
  void courtesy.after().then(() => {
    begun = true;
  });
  answers[0]!.resolve();
  await first;
  const second = courtesy.first(() => answers[1]!.promise);
  await pass(50);
  expect(begun).toBe(false);
  answers[1]!.resolve();
  await second;
  await pass(50);
  expect(begun).toBe(true);
});

it('lets work begin after a moment however many wait, and go on for as long', async () => {
  const { clock, pass } = stoppedClock();
  const courtesy = new Courtesy(clock);
  void courtesy.first(() => new Promise(() => {}));
  const work = courtesy.after();
  await pass(500);
  await work;
  await pass(400);
  await courtesy.after();
  await pass(100);
  let begun = false;
  void courtesy.after().then(() => {
    begun = true;
  });
  await pass(0);
  expect(begun).toBe(false);
});

it('counts those whose work failed as answered', async () => {
  const courtesy = new Courtesy(stoppedClock().clock);
  await expect(courtesy.first(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await courtesy.after();
});
