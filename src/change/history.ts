/** What a status remembers: phases as they came, decisions as they were judged, and how much of it is kept. */
import type { ChangeStatus, Decision, HistoryEntry, Phase } from './meshchange.ts';
import type { Refusal } from './refusal.ts';

const HISTORY_FIRST = 10;
const HISTORY_MOST = 60;
/** Clicks kept. What counted is always kept. */
const DECISIONS_MOST = 100;

/** The status in its new phase, which history remembers. The message is `why`, or none. */
export function enter(
  status: ChangeStatus,
  phase: Phase,
  now: number,
  told: { by?: string; why?: string } = {},
): ChangeStatus {
  const { message: _message, ...rest } = status;
  const entry: HistoryEntry = { phase, at: now, ...told };
  const message = told.why === undefined ? {} : { message: told.why };
  return { ...rest, ...message, phase, history: [...status.history, entry] };
}

/** Why it failed, also once it was undone. */
export function whyFailed({ history, message }: ChangeStatus): string | undefined {
  return history.findLast(({ phase }) => phase === 'Failed')?.why ?? message;
}

/** Approvals stay on record when their plan no longer holds, but bind nothing any more. */
export function voided(status: ChangeStatus): ChangeStatus {
  return { ...status, approvals: status.approvals.map(approval => ({ ...approval, void: true })) };
}

/** The verdict on one decision; a decision is judged once. */
export function judged(
  status: ChangeStatus,
  id: string,
  verdict: Pick<Decision, 'verdict' | 'why'>,
): ChangeStatus | Refusal {
  const decision = status.decisions.find(each => each.id === id);
  if (!decision) return { refused: `there is no decision ${id}` };
  if (decision.verdict) return { refused: `decision ${id} is judged` };
  return { ...status, decisions: status.decisions.map(each => (each.id === id ? { ...each, ...verdict } : each)) };
}

/** Keeps the status small. Approvals, what counted, and what is not yet judged and told are never dropped. */
export function bounded(status: ChangeStatus): ChangeStatus {
  let { history, decisions } = status;
  if (history.length > HISTORY_MOST) {
    history = [...history.slice(0, HISTORY_FIRST), ...history.slice(HISTORY_FIRST - HISTORY_MOST)];
  }
  let spare = decisions.length - DECISIONS_MOST;
  if (spare > 0) {
    decisions = decisions.filter(({ kind, verdict, told }) => {
      const passed = verdict === 'counted' && (kind === 'pause' || kind === 'resume');
      const done = passed || (verdict === 'refused' && told);
      return !(done && spare-- > 0);
    });
  }
  return { ...status, history, decisions };
}
