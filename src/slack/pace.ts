/** Edits of one message, at least so many ms apart. While one waits, a newer one takes its place. */
import type { Clock } from '../ports.ts';

export interface Pace {
  /**
   * Does `work` once `key` has had its rest. Resolves when this or a newer edit of the same message was done, and
   * rejects with what that one threw.
   */
  run(key: string, work: () => Promise<void>): Promise<void>;
}

interface Lane {
  /** Epoch ms of the last edit's end. */
  last: number;
  /** What runs next, and those who wait for it. */
  next?: { work: () => Promise<void>; done: Promise<void> };
  running?: Promise<void>;
}

/** Lanes that have rested longer than this are forgotten. */
const FORGET = 60_000;

/** `gap`: ms between two edits of one message. Slack advises no more than one edit in two or three seconds. */
export function newPace(clock: Clock, gap: number): Pace {
  const lanes = new Map<string, Lane>();

  const tidy = (): void => {
    if (lanes.size < 1000) return;
    for (const [key, lane] of lanes) {
      if (!lane.next && !lane.running && clock.now() - lane.last > FORGET) lanes.delete(key);
    }
  };

  const turn = async (lane: Lane): Promise<void> => {
    await lane.running?.catch(() => {});
    const rest = lane.last + gap - clock.now();
    if (rest > 0) await clock.sleep(rest);
    const work = lane.next?.work;
    delete lane.next;
    if (!work) return;
    lane.running = work().finally(() => {
      lane.last = clock.now();
      delete lane.running;
    });
    await lane.running;
  };

  return {
    run(key, work) {
      tidy();
      const lane = lanes.get(key) ?? { last: Number.NEGATIVE_INFINITY };
      lanes.set(key, lane);
      if (lane.next) {
        lane.next.work = work;
        return lane.next.done;
      }
      const next = { work, done: Promise.resolve() };
      lane.next = next;
      next.done = turn(lane);
      return next.done;
    },
  };
}
