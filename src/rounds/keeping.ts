/** What a process works on a slot with: the ports, what it remembers between two steps, and how each step is kept. */
import { type Chat, type Clock, ClusterError, type Log, type RecordStore } from '../ports.ts';
import { type Attempt, kept, unknown } from '../post-once.ts';
import type { HealthSchedule, HealthScheduleStatus, HealthTurn } from '../records/health-schedule.ts';
import type { View } from '../view.ts';

/** Work that takes longer shows that it goes on. ms. */
const BEAT = 5_000;
/** Why a wait is cut short. */
const DONE = 'done';
/** Until the watch tells that a schedule was removed. ms. */
const GONE = 1_000;

/** What is posted, and what is remembered of it. */
export interface Round {
  view: View;
  /** JSON. */
  memory: string;
}

export interface TurnContext {
  store: RecordStore<HealthSchedule>;
  chat: Chat;
  clock: Clock;
  log: Log;
  /** This process. */
  holder: string;
  /** Looks at the mesh as it is now. Throws where it cannot be looked at. */
  look(schedule: HealthSchedule, turn: HealthTurn): Promise<Round>;
}

/** What this process remembers of one schedule between two steps. All times in epoch ms. */
export interface Hand {
  /** The version last seen, and since when. */
  seen?: { version: string | undefined; since: number };
  /** At the post of the slot that is being worked on. */
  attempt: Attempt;
  /** What is about to be posted, where this process looked. */
  view?: View;
}

export function newHand(): Hand {
  return { attempt: unknown() };
}

/** The turn may be somebody else's now, or over: of its post no more is known than when it was last tried. */
export function letGo(hand: Hand): void {
  hand.attempt = { ...unknown(), tried: hand.attempt.tried };
  delete hand.view;
}

/**
 * Writes what comes next; without `turn` the slot is done. Resolves to 0: look again. `view`: with it, what was written
 * is the intent to post it now.
 */
export async function save(
  { store, clock }: TurnContext,
  schedule: HealthSchedule,
  next: Partial<HealthScheduleStatus>,
  hand: Hand,
  view?: View,
): Promise<number> {
  const { turn: _, message, ...lasting } = schedule.status ?? { slot: 0 };
  // Why a post is missing is said until one is there.
  const still = message === undefined || next.last ? {} : { message };
  // When it was surely still ours: the answer may come late.
  const asked = clock.now();
  letGo(hand);
  try {
    await store.saveStatus({ ...schedule, status: { ...lasting, ...still, ...next } });
    if (view) {
      hand.attempt = kept(asked);
      hand.view = view;
    }
    return 0;
  } catch (error) {
    if (!(error instanceof ClusterError) || (error.kind !== 'conflict' && error.kind !== 'not-found')) throw error;
    // Somebody was first; what they made of it is read, for the watch may bring it late.
    return (await store.read(schedule.metadata.name)) ? 0 : GONE;
  }
}

/** Shows that the turn is not standing still while `work` goes on. */
export async function beating<T>(context: TurnContext, { metadata }: HealthSchedule, work: Promise<T>): Promise<T> {
  const { clock, store, holder } = context;
  const over = new AbortController();
  const done = () => over.abort(DONE);
  work.then(done, done);
  for (;;) {
    await clock.sleep(BEAT, over.signal);
    const now = store.cached(metadata.name);
    const turn = now?.status?.turn;
    if (over.signal.aborted || !now || turn?.holder !== holder) return work;
    // Where it cannot be written, the next beat may be.
    const next = { turn: { ...turn, beat: turn.beat + 1 } };
    await save(context, now, next, newHand()).catch(() => {});
  }
}
