/** Keeps a click before it is acknowledged: one compare-and-swap from the cached change. The reconciler judges it later. */
import { type Click, type Clock, ClusterError } from '../ports.ts';
import { isBeginning, readButton } from './button.ts';
import { isSafe } from './due.ts';
import type { Decision, MeshChange } from './meshchange.ts';
import { isEnd, statusOf } from './phases.ts';
import { isRefusal } from './refusal.ts';
import { lastPosted, liveRecord } from './slots.ts';
import type { ChangeStore } from './store.ts';
import { transition } from './transition.ts';

/** Conflicts in a row after which the store is said to be too busy. */
const TRIES = 12;
/** Clicks that wait to be judged; more than that is a flood. */
const WAITING_MOST = 50;
/** Of one person: nobody has more to say before the first is judged. */
const WAITING_OF_ONE = 5;

/** Looks at a card that the chat shows already, and whose record is on its way to the store: a moment, as a rule. */
const LOOKS_AT_YOUNG = 10;
/**
 * ms between two of them where the watch tells nothing. All of them together are well within the 3 s that the chat waits
 * for an acknowledgement.
 */
const LOOK = 100;

/**
 * Resolves once the click is in the store; a second delivery of the same click changes nothing. A string tells the
 * clicker why it was not taken. Throws ClusterError when it could not be stored.
 */
export async function recordClick(store: ChangeStore, clicked: Click, clock: Clock): Promise<string | undefined> {
  const now = clock.now();
  for (let looks = 1; ; looks++) {
    const outcome = await record(store, clicked, now);
    if (outcome?.why !== 'young' || looks === LOOKS_AT_YOUNG) return outcome?.says;
    await grown(store, clicked, clock);
  }
}

/** Resolves when the watch tells that the card's record is there; after a moment all the same. */
async function grown(store: ChangeStore, clicked: Click, clock: Clock): Promise<void> {
  const { change } = readButton(clicked.change);
  const told = new AbortController();
  const unwatch = store.watch(heard => {
    if (heard.metadata.name === change && !isYoung(heard)) told.abort('told');
  });
  await clock.sleep(LOOK, told.signal);
  unwatch();
}

interface Refused {
  why: ClickRefusal;
  says: string;
}

function refused(why: ClickRefusal, change: MeshChange | undefined): Refused {
  return { why, says: SENTENCES[why](change) };
}

async function record(store: ChangeStore, clicked: Click, now: number): Promise<Refused | undefined> {
  const { change: named, seen } = readButton(clicked.change);
  const click: Seen = { ...clicked, change: named, ...(seen !== undefined && { seen }) };
  let change = store.cached(click.change);
  let fresh = false;
  for (let tries = 0; tries < TRIES; tries++) {
    const refusal = change ? refusalOf(change, click) : 'unknown';
    // What refuses may only be a cache that lags: a card can be clicked before the watch has told of it.
    if (refusal && fresh) return refused(refusal, change);
    if (!refusal && change) {
      if (statusOf(change).decisions.some(decision => decision.id === click.delivery)) return undefined;
      const outcome = transition(change, { type: 'clicked', decision: decisionOf(change, click, now) }, now);
      if (isRefusal(outcome)) return refused('ended', change);
      try {
        await store.saveStatus(outcome);
        return undefined;
      } catch (error) {
        if (!(error instanceof ClusterError && error.kind === 'conflict')) throw error;
      }
    }
    change = await store.read(click.change);
    fresh = true;
  }
  throw new ClusterError('conflict', `change ${click.change} moved ${TRIES} times while a click was stored`);
}

/** A click with the beginning of the digest of the plan that the button was drawn for. */
type Seen = Click & { seen?: string };

type ClickRefusal = 'unknown' | 'young' | 'elsewhere' | 'old' | 'ended' | 'flooded' | 'reason';

function refusalOf(change: MeshChange, click: Seen): ClickRefusal | undefined {
  const status = statusOf(change);
  if (isYoung(change)) return 'young';
  const card = lastPosted(status.messages, 'card')?.record;
  if (!card || card.channel !== click.posted.channel) return 'elsewhere';
  if (card.ts !== click.posted.ts) return 'old';
  if (status.decisions.some(decision => decision.id === click.delivery)) return undefined;
  if (isEnd(status.phase)) return 'ended';
  if (click.kind === 'reject' && !click.reason?.trim()) return 'reason';
  // What leads back to what was never waits behind what does not.
  const waiting = status.decisions.filter(({ verdict, kind }) => !verdict && isSafe(kind) === isSafe(click.kind));
  // One person's clicks must not keep another's out.
  if (waiting.filter(({ user }) => user === click.clicker.user).length >= WAITING_OF_ONE) return 'flooded';
  if (waiting.length >= WAITING_MOST) return 'flooded';
  return undefined;
}

/** Whether its newest card is perhaps in the chat, and not yet known to be. */
function isYoung(change: MeshChange): boolean {
  const newest = liveRecord(statusOf(change).messages, 'card')?.record;
  return newest !== undefined && !newest.ts && !newest.gone;
}

const SENTENCES: Record<ClickRefusal, (change: MeshChange | undefined) => string> = {
  unknown: () => 'This change is not known here (any more): give the command again.',
  young: () => 'This card is still being put up: click once more.',
  elsewhere: () => 'This button is not on the card of that change: use the card that meshbot posted.',
  old: () => 'There is a newer card for this change: use that one.',
  ended: change => `Too late: this change is ${change ? statusOf(change).phase.toLowerCase() : 'over'} already.`,
  flooded: () => 'Too many clicks are waiting on this change: try again in a minute.',
  reason: () => 'A rejection needs a reason: say in a few words why not.',
};

function decisionOf(change: MeshChange, click: Seen, now: number): Decision {
  const digest = digestSeen(change, click.seen);
  return {
    id: click.delivery,
    kind: click.kind,
    team: click.clicker.team,
    user: click.clicker.user,
    at: now,
    ...(digest !== undefined && { digest }),
    ...(click.reason !== undefined && { reason: click.reason.trim().slice(0, 500) }),
    ...(click.choice !== undefined && { choice: click.choice }),
  };
}

/**
 * The button says it best: a click may be on its way while the card is redrawn. It only says which plan was looked at;
 * whether that is the one that stands, and whether the clicker may, is judged later.
 */
function digestSeen(change: MeshChange, seen: string | undefined): string | undefined {
  const { plan, messages } = statusOf(change);
  if (seen === undefined) return lastPosted(messages, 'card')?.record.digest;
  return plan && isBeginning(seen, plan.digest) ? plan.digest : seen;
}
