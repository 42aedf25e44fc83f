/** What a process works on a slot with: the ports, what it remembers between two steps, and how each step is kept. */
import { type Chat, type Clock, ClusterError, type Log, type RecordStore } from '../ports.ts';
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
  /** The view whose intent this process kept, and that nobody can have posted yet. */
  unposted?: View;
  /** When this process last wrote the turn while it was its own. */
  confirmed: number;
  /** When this process last tried to post. */
  tried: number;
}

export function newHand(): Hand {
  return { confirmed: Number.NEGATIVE_INFINITY, tried: Number.NEGATIVE_INFINITY };
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
  const { turn: _, message, ...kept } = schedule.status ?? { slot: 0 };
  // Why a post is missing is said until one is there.
  const still = message === undefined || next.last ? {} : { message };
  // When it was surely still ours: the answer may come late.
  const asked = clock.now();
  delete hand.unposted;
  try {
    await store.saveStatus({ ...schedule, status: { ...kept, ...still, ...next } });
    hand.confirmed = asked;
    if (view) hand.unposted = view;
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
