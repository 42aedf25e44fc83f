/** All schedules, each brought forward on its own: what hangs in one channel keeps no other waiting. */
import { Lane } from '../change/lane.ts';
import type { Random } from '../ports.ts';
import { newHand, type TurnContext } from './keeping.ts';
import { step } from './turn.ts';

/** ms of the longest wait after failures. */
const LONGEST = 60_000;

export interface Rounds {
  /** Time went on: looks whether anything is due. */
  tick(): void;
  /** Starts no further step; resolves when those that run are over. */
  stop(): Promise<void>;
}

export function startRounds(context: TurnContext & { random: Random }): Rounds {
  const { store, clock, random, log } = context;
  const lanes = new Map<string, Lane>();

  const laneOf = (name: string): Lane => {
    const known = lanes.get(name);
    if (known) return known;
    const hand = newHand();
    const lane = new Lane({
      clock,
      random,
      longest: LONGEST,
      step: () => step(context, name, hand),
      failed: (error, wait) => log.warn({ schedule: name, err: error, wait }, 'a health post is tried again'),
    });
    lanes.set(name, lane);
    return lane;
  };

  const unwatch = store.watch(({ metadata }) => laneOf(metadata.name).kick());
  return {
    tick() {
      const names = new Set(store.list().map(({ metadata }) => metadata.name));
      for (const name of names) laneOf(name).kick();
      for (const [name, lane] of lanes) {
        if (names.has(name)) continue;
        lanes.delete(name);
        void lane.stop();
      }
    },
    async stop() {
      unwatch();
      await Promise.all([...lanes.values()].map(lane => lane.stop()));
    },
  };
}
