/**
 * Brings one message to a chat that does not promise to take it once. The intent is kept before anything is posted; a
 * post of unknown outcome is looked for by its key before it is tried again. Slack has no idempotency keys:
 * https://docs.slack.dev/reference/methods/chat.postMessage
 */
import { type Chat, ChatError, type Clock, type MessageKey, type Place, type Posted } from './ports.ts';
import type { View } from './view.ts';

/** A post directly follows a write of its own intent, by no more ms than this: nobody else is about to post it. */
const FRESH = 3_000;
/** A post of unknown outcome is looked for only after the chat had this long to take it. ms. */
const SETTLES = 3_000;
/** The clocks of the chat and of other replicas may differ from ours by as much. ms. */
const CLOCKS = 3_600_000;

/** What one process knows of one message between two steps. Times in epoch ms by its own clock. */
export interface Attempt {
  /** This process kept the intent, and nobody can have posted it since. */
  unposted: boolean;
  /** When it was last surely this process's to post. */
  confirmed: number;
  tried: number;
  /** Since when it is known here as one that may have been posted. */
  known?: number;
}

export interface Intent {
  key: MessageKey;
  place: Place;
  /** undefined: not known here; an earlier try is looked for all the same. */
  view: View | undefined;
  /** Epoch ms at which it was first kept, perhaps by another replica's clock. */
  since: number;
}

export type Outcome =
  | { kind: 'wait'; ms: number }
  /** Write the intent once more, as only its owner can; then begin with `kept` and come again. */
  | { kind: 'confirm' }
  /** `found`: by an earlier try, perhaps of another replica and with an older view. */
  | { kind: 'posted'; posted: Posted; found: boolean }
  /** The chat does not take it; or, `unknown`, does not let us look whether it did. */
  | { kind: 'impossible'; error: ChatError; unknown: boolean };

/** Nothing was kept by this process. */
export function unknown(): Attempt {
  return { unposted: false, confirmed: Number.NEGATIVE_INFINITY, tried: Number.NEGATIVE_INFINITY };
}

/** The intent was written; `at`: when that was asked for, for the answer may come late. */
export function kept(at: number): Attempt {
  return { unposted: true, confirmed: at, tried: Number.NEGATIVE_INFINITY };
}

/** One step, remembered in `attempt`. Throws ChatError where the next step may fare better. */
export async function postOnce(
  { chat, clock }: { chat: Chat; clock: Clock },
  { key, place, view, since }: Intent,
  attempt: Attempt,
): Promise<Outcome> {
  if (!attempt.unposted || !view) {
    attempt.known ??= clock.now();
    // A `since` that lies in the future is of another clock.
    const from = Math.max(attempt.tried, since > clock.now() ? attempt.known : since);
    const settled = clock.now() - from;
    if (settled < SETTLES) return { kind: 'wait', ms: SETTLES - settled };
    try {
      const posted = await chat.find(place, key, since - CLOCKS);
      return posted ? { kind: 'posted', posted, found: true } : { kind: 'confirm' };
    } catch (error) {
      if (isFinal(error)) return { kind: 'impossible', error, unknown: true };
      throw error;
    }
  }
  if (clock.now() - attempt.confirmed >= FRESH) return { kind: 'confirm' };
  attempt.unposted = false;
  attempt.tried = clock.now();
  try {
    return { kind: 'posted', posted: await chat.post(place, view, key), found: false };
  } catch (error) {
    // Only these say that it was surely not taken.
    if (error instanceof ChatError && error.kind === 'limited') attempt.unposted = true;
    if (isFinal(error)) return { kind: 'impossible', error, unknown: false };
    throw error;
  }
}

/** To try again would bring nothing: the chat does not take it, or has it no more. */
export function isFinal(error: unknown): error is ChatError {
  return error instanceof ChatError && (error.kind === 'refused' || error.kind === 'gone');
}
