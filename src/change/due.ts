/** What is to be done for a change now, and when to look again. Pure: every replica comes to the same answer. */
import type { Decision, MeshChange } from './meshchange.ts';
import { endsAt, hasWritten, isEnd, statusOf, wasApplied } from './phases.ts';
import { liveRecord, type Slot } from './slots.ts';

export type Work =
  | 'judge'
  | 'expire'
  | 'plan'
  | 'claim'
  | 'apply'
  | 'progress'
  | 'mark-undone'
  | 'prove'
  | 'end'
  | 'revert'
  | 'look-again';

export interface Due {
  work?: Work;
  /** Epoch ms at which there may be work, or became so, without anything having happened. */
  at?: number;
}

/** The next step that moves the change on. `original` is the change that this one takes back. */
export function dueOf(change: MeshChange, original: MeshChange | undefined, now: number): Due {
  const status = statusOf(change);
  if (status.decisions.some(decision => !decision.verdict)) return { work: 'judge' };
  switch (status.phase) {
    case 'Requested':
    case 'Stale':
      return { work: 'plan' };
    case 'Choosing':
    case 'Planned': {
      const until = status.expiresAt ?? 0;
      // A click made in the last moment is stored before this is, so the moment after is soon enough.
      return now > until ? { work: 'expire', at: until } : { at: until + 1 };
    }
    case 'Approved':
      return { work: 'claim' };
    case 'Applying':
      return { work: 'apply' };
    case 'Progressing':
      return { work: 'progress' };
    case 'Reverting':
      return { work: 'revert' };
    case 'Applied': {
      if (marksUndone(change, original)) return { work: 'mark-undone' };
      const until = endsAt(status);
      return until !== undefined && now >= until ? { work: 'end', at: until } : { work: 'prove' };
    }
    case 'Lasting': {
      if (marksUndone(change, original)) return { work: 'mark-undone' };
      const until = endsAt(status) ?? 0;
      if (now >= until) return { work: 'end', at: until };
      const again = secondLook(change, now);
      return again.work ? again : { at: Math.min(until, again.at ?? until) };
    }
    default:
      return marksUndone(change, original) ? { work: 'mark-undone' } : secondLook(change, now);
  }
}

/** Whether the change that this one takes back is still to be told so. */
function marksUndone(change: MeshChange, original: MeshChange | undefined): boolean {
  if (!original || !wasApplied(change)) return false;
  const { phase, undoneBy } = statusOf(original);
  if (undoneBy !== undefined || !hasWritten(original)) return false;
  return phase === 'Applied' || phase === 'Lasting' || phase === 'Verified' || phase === 'Failed';
}

/** ms after the proof: self-healing controllers answer within seconds, those that poll within some tens of them. */
const AGAIN = 60_000;
/** ms after which a second look says nothing of this write any more: meshbot was away. */
const TOO_LATE = 900_000;

/** Whether what was written is still so: once, a minute after the proof, by whoever holds the change by then. */
function secondLook(change: MeshChange, now: number): Due {
  const { phase, receipt, again, undoneBy, history } = statusOf(change);
  const stands = phase === 'Verified' || phase === 'Lasting' || (phase === 'Failed' && wasApplied(change));
  const since = history.findLast(entry => entry.phase === phase)?.at;
  if (!stands || !receipt || again || undoneBy !== undefined || since === undefined) return {};
  const at = since + AGAIN;
  if (now > at + TOO_LATE) return {};
  return now >= at ? { work: 'look-again', at } : { at };
}

/** Decisions that were refused and whose makers do not know yet. */
export function untold(change: MeshChange): Decision[] {
  return statusOf(change).decisions.filter(decision => decision.verdict === 'refused' && !decision.told);
}

/** Whether the chat plainly lags behind: a message is missing, or shows another phase or plan. */
export function drawingDue(change: MeshChange): 'missing' | 'old' | undefined {
  const card = lag(change, 'card');
  return card ?? (hasReceipt(change) ? lag(change, 'receipt') : undefined);
}

/** Whether it is on its way back, or somebody asked for that: it must not wait behind other work. */
export function goesBack(change: MeshChange): boolean {
  const { phase, decisions } = statusOf(change);
  return phase === 'Reverting' || decisions.some(({ kind, verdict }) => !verdict && isSafe(kind));
}

/** Clicks in the safe direction: back to what was, or no further. */
export function isSafe(kind: Decision['kind']): boolean {
  return kind === 'abort' || kind === 'revert' || kind === 'pause';
}

/** Nothing will ever be done for it again, unless it is undone. */
export function isSettled(change: MeshChange, original: MeshChange | undefined, now: number): boolean {
  if (!isEnd(statusOf(change).phase)) return false;
  const { work, at } = dueOf(change, original, now);
  return !work && at === undefined && untold(change).length === 0 && !drawingDue(change);
}

/** Something was written for good, was taken back again, or could not be. */
export function hasReceipt(change: MeshChange): boolean {
  const { phase, written } = statusOf(change);
  const isLeft = (phase === 'Failed' || phase === 'Undone') && written.length > 0;
  return wasApplied(change) || phase === 'Reverted' || isLeft;
}

function lag(change: MeshChange, slot: Slot): 'missing' | 'old' | undefined {
  const status = statusOf(change);
  const live = liveRecord(status.messages, slot)?.record;
  // A slot that was given up stays so.
  if (live?.gone) return undefined;
  if (!live?.ts) return 'missing';
  return live.phase === status.phase && (live.again || !status.again) ? undefined : 'old';
}
