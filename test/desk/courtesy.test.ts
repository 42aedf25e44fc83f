import { expect, it } from 'vitest';
import { Courtesy } from '../../src/desk/courtesy.ts';
import type { Clock } from '../../src/ports.ts';

/** Time passes only when it is told to. */
function stoppedClock() {
  const sleepers: (() => void)[] = [];
  const clock: Clock = {
    now: () => 0,
    sleep: (_, signal) =>
      new Promise(resolve => {
        sleepers.push(resolve);
        signal?.addEventListener('abort', () => resolve());
      }),
  };
  return { clock, pass: () => sleepers.splice(0).forEach(wake => void wake()) };
}

it('lets work begin at once while nobody waits', async () => {
  await new Courtesy(stoppedClock().clock).after();
});

it('lets work begin when the last who waits has an answer', async () => {
  const courtesy = new Courtesy(stoppedClock().clock);
  const done: string[] = [];
  const answers = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const people = answers.map(({ promise }, index) =>
    courtesy.first(() => promise).then(() => done.push(`person ${index}`)),
  );
  const work = courtesy.after().then(() => done.push('work'));
  answers[0]!.resolve();
  await people[0];
  await Promise.resolve();
  expect(done).toEqual(['person 0']);
  answers[1]!.resolve();
  await Promise.all([...people, work]);
  expect(done.indexOf('work')).toBeGreaterThan(0);
});

it('lets work begin after a moment however many wait', async () => {
  const { clock, pass } = stoppedClock();
  const courtesy = new Courtesy(clock);
  void courtesy.first(() => new Promise(() => {}));
  const work = courtesy.after();
  pass();
  await work;
});

it('counts those whose work failed as answered', async () => {
  const courtesy = new Courtesy(stoppedClock().clock);
  await expect(courtesy.first(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await courtesy.after();
});
