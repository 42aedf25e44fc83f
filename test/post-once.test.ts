import { describe, expect, it } from 'vitest';
import { type Chat, ChatError, type Posted } from '../src/ports.ts';
import { type Attempt, kept, type Outcome, postOnce, unknown } from '../src/post-once.ts';

const KEY = { change: 'shift-reviews-1', slot: 'card' };
const PLACE = { channel: 'C1' };
const VIEW = { text: 'a card', parts: [] };
const START = 1_000_000;

/** A chat that has what it took, and does with the next post what it is told to. */
function newChat() {
  const there: Posted[] = [];
  const chat = {
    there,
    next: [] as ('limited' | 'refused' | 'unknown' | 'unknown, but taken')[],
    mayLook: true,
    async post() {
      const fate = chat.next.shift();
      if (fate === undefined || fate === 'unknown, but taken') there.push({ channel: 'C1', ts: `${there.length + 1}` });
      if (fate === undefined) return there.at(-1)!;
      throw new ChatError(fate === 'unknown, but taken' ? 'unknown' : fate, fate);
    },
    async find() {
      if (!chat.mayLook) throw new ChatError('refused', 'missing_scope');
      return there[0];
    },
  };
  return chat;
}

/** Goes on step by step as a reconciler does, waiting and confirming, until the message is there or cannot be. */
async function bring(chat: ReturnType<typeof newChat>, begin: Attempt, owner = () => true): Promise<Outcome | 'lost'> {
  let attempt = begin;
  let now = START;
  const clock = { now: () => now, sleep: async () => {} };
  for (;;) {
    try {
      const outcome = await postOnce(
        { chat: chat as unknown as Chat, clock },
        { key: KEY, place: PLACE, view: VIEW, since: START },
        attempt,
      );
      if (outcome.kind === 'wait') now += outcome.ms;
      else if (outcome.kind !== 'confirm') return outcome;
      else if (!owner()) return 'lost';
      else attempt = kept(now);
    } catch {
      now += 1_000;
    }
  }
}

describe('a message that is to be in the chat once', () => {
  it('is posted at once by the process that has just kept the intent', async () => {
    const chat = newChat();
    expect(await bring(chat, kept(START))).toMatchObject({ kind: 'posted', found: false });
    expect(chat.there).toHaveLength(1);
  });

  it('is looked for before anything else where another process may have posted it', async () => {
    const chat = newChat();
    chat.there.push({ channel: 'C1', ts: '1' });
    expect(await bring(chat, unknown())).toMatchObject({ kind: 'posted', found: true, posted: { ts: '1' } });
    expect(chat.there).toHaveLength(1);
  });

  it('is not posted again when the chat took it and did not say so', async () => {
    const chat = newChat();
    chat.next.push('unknown, but taken');
    expect(await bring(chat, kept(START))).toMatchObject({ kind: 'posted', found: true });
    expect(chat.there).toHaveLength(1);
  });

  it('is posted again when a try of unknown outcome is not to be found', async () => {
    const chat = newChat();
    chat.next.push('unknown', 'limited', 'unknown');
    expect(await bring(chat, kept(START))).toMatchObject({ kind: 'posted', found: false });
    expect(chat.there).toHaveLength(1);
  });

  it('is left alone by a process that cannot confirm any more that it is its own', async () => {
    const chat = newChat();
    expect(await bring(chat, unknown(), () => false)).toBe('lost');
    expect(await bring(chat, kept(START - 60_000), () => false)).toBe('lost');
    expect(chat.there).toEqual([]);
  });

  it('is given up with what the chat said, and whether it may be there all the same', async () => {
    const chat = newChat();
    chat.next.push('refused');
    expect(await bring(chat, kept(START))).toMatchObject({ kind: 'impossible', unknown: false });
    chat.mayLook = false;
    chat.next.push('unknown, but taken');
    expect(await bring(chat, kept(START))).toMatchObject({ kind: 'impossible', unknown: true });
  });

  it('waits for the chat to settle by its own clock where the intent was kept by one that is ahead', async () => {
    const chat = newChat();
    const attempt = unknown();
    let now = START;
    const step = () =>
      postOnce(
        { chat: chat as unknown as Chat, clock: { now: () => now, sleep: async () => {} } },
        { key: KEY, place: PLACE, view: VIEW, since: START + 120_000 },
        attempt,
      );
    expect(await step()).toEqual({ kind: 'wait', ms: 3_000 });
    now += 3_000;
    expect(await step()).toEqual({ kind: 'confirm' });
  });
});
