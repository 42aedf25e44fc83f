/** Keeping a click: one write from the cached change, the same click once, and an answer where it is not taken. */
import { describe, expect, it } from 'vitest';
import { approveButton } from '../../src/change/button.ts';
import { recordClick } from '../../src/change/decide.ts';
import { digestOf } from '../../src/change/digest.ts';
import type { ChangeStatus, MeshChange } from '../../src/change/meshchange.ts';
import { statusOf } from '../../src/change/phases.ts';
import type { ChangeStore } from '../../src/change/store.ts';
import { type Click, type Clock, ClusterError } from '../../src/ports.ts';
import { planOf, routed, serviceRef } from './world/plans.ts';

const NOW = 1_000;
const clock: Clock = { now: () => NOW, sleep: async () => {} };
const made = planOf('Send 50 % of a to v3', ['a'], [{ ref: serviceRef('a'), after: routed('a', 50) }], 50);
const PLAN = { ...made, revision: 1, digest: digestOf(made), at: 1 };

function change(status: Partial<ChangeStatus> = {}): MeshChange {
  return {
    apiVersion: 'meshbot.dev/v1alpha1',
    kind: 'MeshChange',
    metadata: { name: 'shift-1', resourceVersion: '1' },
    spec: {
      verb: 'set',
      arguments: {},
      text: 'set',
      requester: { team: 'T', user: 'UASK' },
      origin: { channel: 'C1' },
    },
    status: {
      phase: 'Planned',
      plan: PLAN,
      expiresAt: 60_000,
      decisions: [],
      approvals: [],
      written: [],
      history: [{ phase: 'Planned', at: 1 }],
      messages: { card: { since: 1, channel: 'C1', ts: '1.1', digest: PLAN.digest } },
      ...status,
    },
  };
}

/** A store whose cache may lag behind it. */
function storeOf(stored: MeshChange | undefined, cached = stored) {
  const calls = { read: 0, save: 0 };
  let current = stored;
  const store = {
    cached: () => cached,
    read: async () => {
      calls.read++;
      return current;
    },
    watch: () => () => {},
    saveStatus: async (next: MeshChange) => {
      calls.save++;
      if (next.metadata.resourceVersion !== current?.metadata.resourceVersion)
        throw new ClusterError('conflict', 'moved');
      const resourceVersion = String(Number(next.metadata.resourceVersion) + 1);
      current = { ...next, metadata: { ...next.metadata, resourceVersion } };
      return current;
    },
  } as unknown as ChangeStore;
  return { store, calls, decisions: () => statusOf(current!).decisions };
}

const click = (more: Partial<Click> = {}): Click => ({
  delivery: 'd1',
  kind: 'approve',
  change: approveButton('shift-1', PLAN.digest),
  clicker: { team: 'T', user: 'UBEN' },
  posted: { channel: 'C1', ts: '1.1' },
  ...more,
});

describe('a click', () => {
  it('is kept by one write and no read', async () => {
    const { store, calls, decisions } = storeOf(change());
    expect(await recordClick(store, click(), clock)).toBeUndefined();
    expect(calls).toEqual({ read: 0, save: 1 });
    expect(decisions()).toEqual([{ id: 'd1', kind: 'approve', team: 'T', user: 'UBEN', at: NOW, digest: PLAN.digest }]);
  });

  it('that is delivered again is kept once', async () => {
    const { store, decisions } = storeOf(change(), change());
    await recordClick(store, click(), clock);
    expect(await recordClick(store, click(), clock)).toBeUndefined();
    expect(decisions()).toHaveLength(1);
  });

  it('is kept beside another that came first', async () => {
    const { store, decisions } = storeOf(change(), change());
    await recordClick(store, click({ delivery: 'd1' }), clock);
    await recordClick(store, click({ delivery: 'd2', clicker: { team: 'T', user: 'UCAT' } }), clock);
    expect(decisions().map(({ id }) => id)).toEqual(['d1', 'd2']);
  });

  it('names the plan that its button was drawn for, not the one that stands now', async () => {
    const { store, decisions } = storeOf(change());
    await recordClick(store, click({ change: approveButton('shift-1', 'another-plan-of-before') }), clock);
    expect(decisions()[0]!.digest).toBe('another-plan-of-');
  });

  it.each(['', PLAN.digest.slice(0, 1)])('that carries only %j of a digest is for no plan', async seen => {
    const { store, decisions } = storeOf(change());
    await recordClick(store, click({ change: `shift-1_${seen}` }), clock);
    expect(decisions()[0]!.digest).toBe(seen);
  });

  it('is trusted over a cache that lags', async () => {
    const { store, decisions } = storeOf(change(), undefined);
    expect(await recordClick(store, click(), clock)).toBeUndefined();
    expect(decisions()).toHaveLength(1);
  });

  it('on a card whose record is still on its way is kept once that is there', async () => {
    const { store, decisions } = storeOf(change());
    let looks = 0;
    const young = change({ messages: { card: { since: 1, channel: 'C1' } } });
    const read = store.read.bind(store);
    const lagging: ChangeStore = {
      ...store,
      cached: () => young,
      read: async name => (looks++ < 3 ? young : read(name)),
    };
    expect(await recordClick(lagging, click(), clock)).toBeUndefined();
    expect(decisions()).toHaveLength(1);
  });

  it('on a card whose record is still on its way is kept as soon as the watch tells of that', async () => {
    const young = change({ messages: { card: { since: 1, channel: 'C1' } } });
    const grown = change();
    let stored = young;
    const listeners = new Set<(heard: MeshChange) => void>();
    const { store, decisions } = storeOf(grown);
    const watched: ChangeStore = {
      ...store,
      cached: () => stored,
      read: async () => stored,
      watch(listener) {
        listeners.add(listener);
        listener(stored);
        return () => listeners.delete(listener);
      },
    };
    let looks = 0;
    const slow: Clock = {
      now: () => NOW,
      sleep(_, signal) {
        looks += 1;
        const woken = new Promise<void>(resolve => signal?.addEventListener('abort', () => resolve()));
        // Of another change, and of this one before its card is known: no reason to look.
        const other = { ...grown, metadata: { ...grown.metadata, name: 'shift-2' } };
        for (const heard of [other, young]) for (const tell of [...listeners]) tell(heard);
        expect(signal?.aborted).toBe(false);
        stored = grown;
        for (const tell of [...listeners]) tell(grown);
        return woken;
      },
    };
    // The clock by itself never wakes it.
    expect(await recordClick(watched, click(), slow)).toBeUndefined();
    expect(decisions()).toHaveLength(1);
    expect(looks).toBe(1);
    expect(listeners.size).toBe(0);
  });

  it('on the card that everybody sees is kept where none of its successors was taken', async () => {
    const { store, decisions } = storeOf(
      change({
        messages: {
          card: { since: 1, channel: 'C1', ts: '1.1', digest: PLAN.digest, gone: true },
          'card#2': { since: 2, gone: true },
          'card#3': { since: 3, gone: true },
        },
      }),
    );
    expect(await recordClick(store, click(), clock)).toBeUndefined();
    expect(decisions()).toHaveLength(1);
  });

  it('of a person who sees an end is not kept', async () => {
    const { store, calls } = storeOf(change({ phase: 'Rejected' }));
    expect(await recordClick(store, click(), clock)).toBe('Too late: this change is rejected already.');
    expect(calls.save).toBe(0);
  });

  it.each([
    ['on a change that is not known', storeOf(undefined), click(), /not known/],
    ['in another channel', storeOf(change()), click({ posted: { channel: 'C2', ts: '1.1' } }), /not on the card/],
    ['on another message', storeOf(change()), click({ posted: { channel: 'C1', ts: '9.9' } }), /newer card/],
    [
      'on a card that is being posted',
      storeOf(change({ messages: { card: { since: 1 } } })),
      click(),
      /click once more/,
    ],
    ['that rejects without a reason', storeOf(change()), click({ kind: 'reject', reason: ' ' }), /needs a reason/],
  ])('%s is refused with the next step', async (_, { store, calls }, given, why) => {
    expect(await recordClick(store, given, clock)).toMatch(why);
    expect(calls.save).toBe(0);
  });

  it('that could not be stored is an error, not a promise', async () => {
    const { store } = storeOf(change());
    store.saveStatus = () => Promise.reject(new ClusterError('unavailable', 'no answer'));
    await expect(recordClick(store, click(), clock)).rejects.toThrow(ClusterError);
  });

  it('in a flood is refused once enough of them wait', async () => {
    const waiting = (users: number, each: number) =>
      Array.from({ length: users * each }, (_, index) => ({
        ...{ id: `w${index}`, kind: 'approve' as const, team: 'T', at: 1 },
        user: `U${index % users}`,
      }));
    const { store } = storeOf(change({ decisions: waiting(10, 5) }));
    expect(await recordClick(store, click(), clock)).toMatch(/Too many clicks/);
    const one = storeOf(change({ decisions: waiting(1, 5) }));
    expect(await recordClick(one.store, click({ clicker: { team: 'T', user: 'U0' } }), clock)).toMatch(
      /Too many clicks/,
    );
    expect(await recordClick(one.store, click(), clock)).toBeUndefined();
  });

  it('that leads back to what was waits behind no flood of those that do not', async () => {
    const kept = Array.from({ length: 60 }, (_, index) => ({
      ...{ id: `w${index}`, kind: 'keep' as const, team: 'T', user: `U${index % 12}`, at: 1 },
    }));
    const { store } = storeOf(change({ phase: 'Lasting', decisions: kept }));
    const revert = click({ kind: 'revert', clicker: { team: 'T', user: 'U0' } });
    expect(await recordClick(store, { ...revert, kind: 'keep' }, clock)).toMatch(/Too many clicks/);
    expect(await recordClick(store, revert, clock)).toBeUndefined();
  });
});
