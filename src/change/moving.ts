/** One step of one change: take it on when nobody else works on it, then do what is due. */
import { apply, claim } from './applying.ts';
import { compare } from './comparing.ts';
import { advance, type Context, isMine } from './context.ts';
import { end } from './course/lasting.ts';
import { revert } from './course/reverting.ts';
import { progress } from './course/stepping.ts';
import { type Due, drawingDue, dueOf, untold, type Work } from './due.ts';
import { freezesUnheard } from './freezing.ts';
import { judge } from './judging.ts';
import { lookAgain } from './looking-again.ts';
import type { MeshChange } from './meshchange.ts';
import {
  isApplied,
  isApplying,
  isApproved,
  isPlanned,
  isProgressing,
  isReverting,
  isTimed,
  statusOf,
} from './phases.ts';
import { hold, plan } from './planning.ts';
import { prove } from './proving.ts';
import { isRefusal } from './refusal.ts';
import { transition } from './transition.ts';
import { judgeBeside } from './undecided.ts';

/** What others wait longer, beyond the claim period, before they take over a change that only waits to be redrawn. ms. */
const REDRAW_GRACE = 30_000;

/** ms. */
const STUCK = 1_000;

/** Called when this replica takes a change on; `card`: it also made the record of its card. */
export type Taken = (card: boolean) => void;

/** ms until the next step is worth it; undefined: when something happens. Throws ClusterError, ChatError. */
export async function move(context: Context, name: string, taken: Taken): Promise<number | undefined> {
  const change = context.book.latest(name);
  if (!change) return undefined;
  const now = context.clock.now();
  const due = dueOf(change, originalOf(context, change), now);
  if (!isMine(context, change)) return wait(context, change, due, taken);
  if (due.work) {
    const left = await work(context, change, due.work);
    if (left !== undefined) return left;
    // What did not move it, for whatever reason, is not tried again at once.
    return context.book.latest(name) === change ? STUCK : 0;
  }
  if (!isPlanned(change)) return due.at === undefined ? undefined : due.at - now;
  await compare(context, change);
  return Math.min(context.timing.compare, (due.at ?? now + context.timing.compare) - now);
}

export function originalOf(context: Context, change: MeshChange): MeshChange | undefined {
  return change.spec.undoes === undefined ? undefined : context.book.latest(change.spec.undoes);
}

/** Somebody else's, or nobody's. */
async function wait(context: Context, change: MeshChange, due: Due, taken: Taken): Promise<number | undefined> {
  const { clock, timing, book } = context;
  const lag = untold(change).length > 0 ? 'old' : drawingDue(change);
  if (!due.work && !lag) return due.at === undefined ? undefined : due.at - clock.now() + timing.claim;
  const { claim: held } = statusOf(change);
  if (held && held.holder !== '') {
    const patience = due.work || lag === 'missing' ? timing.claim : timing.claim + REDRAW_GRACE;
    const left = patience - book.stoodStill(change.metadata.name);
    // What falls due by the hour alone has stood still for long already: its holder comes first. What only is to be
    // drawn, or said, waits for no hour.
    const grace = due.work && due.at !== undefined ? due.at + timing.claim - clock.now() : 0;
    if (Math.max(left, grace) > 0) return Math.max(left, grace);
    context.log.info({ change_id: change.metadata.name, from: held.holder }, 'change taken over');
    context.observer?.takeover?.();
  }
  await take(context, change, taken);
  return 0;
}

async function take(context: Context, change: MeshChange, taken: Taken): Promise<void> {
  let card = false;
  const seen = change.status?.claim;
  const saved = await context.book.revise(change.metadata.name, now => {
    const held = now.status?.claim;
    if (held?.holder !== seen?.holder || held?.term !== seen?.term || held?.beat !== seen?.beat) return undefined;
    // It did not stand still after all: this replica heard late of what the holder does.
    if (held?.holder && now.metadata.resourceVersion !== change.metadata.resourceVersion) return undefined;
    const at = context.clock.now();
    const claimed = transition(now, { type: 'claimed', holder: context.holder }, at);
    card = Object.keys(statusOf(now).messages).length === 0;
    if (isRefusal(claimed) || !card) return claimed;
    return transition(claimed, { type: 'drawn', messages: { card: { since: at } } }, at);
  });
  if (saved) taken(card);
}

/** Does what is due. ms to wait before the next, where there is something to wait for. */
async function work(context: Context, change: MeshChange, due: Work): Promise<number | undefined> {
  switch (due) {
    case 'judge':
      if (isProgressing(change) || isTimed(change)) return judgeBeside(context, change);
      await judge(context, change);
      return undefined;
    case 'expire':
      await advance(context, change.metadata.name, now =>
        // A click that was stored meanwhile, and in time, comes first.
        dueOf(now, undefined, context.clock.now()).work === 'expire'
          ? { type: 'expired', why: 'Nobody approved it in time' }
          : undefined,
      );
      return undefined;
    case 'plan':
      return plan(context, change);
    case 'claim':
      if (!isApproved(change)) return undefined;
      if (freezesUnheard(context) !== undefined) return holdForFreezes(context, change);
      await claim(context, change);
      return undefined;
    case 'apply':
      if (!isApplying(change)) return undefined;
      // What is written in part goes on, or back, whatever is frozen.
      if (change.status.written.length === 0 && freezesUnheard(context) !== undefined) {
        return holdForFreezes(context, change);
      }
      await apply(context, change);
      return undefined;
    case 'progress':
      return isProgressing(change) ? progress(context, change) : undefined;
    case 'revert':
      if (isReverting(change)) await revert(context, change);
      return undefined;
    case 'end':
      if (isTimed(change)) await end(context, change);
      return undefined;
    case 'look-again':
      await lookAgain(context, change);
      return undefined;
    case 'mark-undone':
      await markUndone(context, change);
      return undefined;
    case 'prove':
      if (isApplied(change)) await prove(context, change);
      return undefined;
  }
}

/** ms until it is looked at again. A replica that heard of them may take it over meanwhile. */
async function holdForFreezes(context: Context, change: MeshChange): Promise<number> {
  await hold(context, change, freezesUnheard(context) ?? '');
  return 5_000;
}

/** Says on the change that this one takes back that it is undone. Saying it twice is saying it once. */
async function markUndone(context: Context, change: MeshChange): Promise<void> {
  if (change.spec.undoes === undefined) return;
  await context.book.revise(change.spec.undoes, original =>
    transition(original, { type: 'undone', by: change.metadata.name }, context.clock.now()),
  );
}
