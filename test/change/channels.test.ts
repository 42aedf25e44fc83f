/** Order within a channel, and who waits when the chat says so. */
import { expect, it } from 'vitest';
import { Channels } from '../../src/change/channels.ts';
import { ChatError, type Clock } from '../../src/ports.ts';

/** Sleeps end when the test lets time pass. */
function manualClock(): Clock & { pass(ms: number): Promise<void> } {
  let now = 0;
  const sleepers: { at: number; wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: ms => new Promise(wake => sleepers.push({ at: now + ms, wake })),
    async pass(ms) {
      now += ms;
      for (const { at, wake } of sleepers) if (at <= now) wake();
      await new Promise(resolve => setImmediate(resolve));
    },
  };
}

const running = new AbortController().signal;

it('messages of one channel go in order, one at a time', async () => {
  const channels = new Channels(manualClock(), running);
  const seen: string[] = [];
  const send = (name: string) => async () => {
    seen.push(`${name} begins`);
    await new Promise(resolve => setImmediate(resolve));
    seen.push(`${name} ends`);
  };
  await Promise.all([channels.inLine('C1', send('a')), channels.inLine('C1', send('b'))]);
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

it('only the channel that the chat limits waits, for as long as it said', async () => {
  const clock = manualClock();
  const channels = new Channels(clock, running);
  const seen: string[] = [];
  const limited = () => Promise.reject(new ChatError('limited', 'ratelimited', { retryAfter: 3_000 }));
  await expect(channels.inLine('C1', limited)).rejects.toThrow(ChatError);
  const first = channels.inLine('C1', async () => seen.push('C1'));
  await channels.inLine('C2', async () => seen.push('C2'));
  await clock.pass(2_999);
  expect(seen).toEqual(['C2']);
  await clock.pass(1);
  await first;
  expect(seen).toEqual(['C2', 'C1']);
});

it('a message that fails holds up none behind it', async () => {
  const channels = new Channels(manualClock(), running);
  const failing = channels.inLine('C1', () => Promise.reject(new Error('lost')));
  const next = channels.inLine('C1', async () => 'sent');
  await expect(failing).rejects.toThrow('lost');
  expect(await next).toBe('sent');
});
