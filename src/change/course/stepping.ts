/** One look at a change that goes by steps: stop, go back, go on, or hold. */

import { Overlay } from '../../istio/overlay.ts';
import { whyFails } from '../../istio/route/broken.ts';
import { type ObjectRef, refKey, refOf } from '../../object.ts';
import { advance, type Context } from '../context.ts';
import { digestOf } from '../digest.ts';
import { freezesUnheard, frozenSince } from '../freezing.ts';
import { markedObject } from '../marking.ts';
import type { Measured, WrittenObject } from '../meshchange.ts';
import { isReverting, type Progressing, type SteppedPlan } from '../phases.ts';
import { objectName, sentence } from '../phrases.ts';
import { type Judgement, judgeGates } from './gates.ts';
import { PATIENCE, shareOf } from './held.ts';
import { revert } from './reverting.ts';
import { measuredIn, seenOf } from './seen.ts';
import { isOurs, mayBeLeft, objectAt, stepWrites } from './step-writes.ts';
import { touchedBy } from './theirs.ts';
import { isUnjudged } from './transitions.ts';
import { tryWrite } from './trying.ts';
import type { Wanted } from './writing.ts';

/** ms between two looks at the mesh; new readings of the metrics are looked at when they come. */
const LOOK = 1_000;

interface Look {
  judged: Judgement;
  measured?: Measured;
}

/** ms until the next look. Throws ClusterError where the outcome of a write is not known yet: it is asked again. */
export async function progress(context: Context, change: Progressing): Promise<number> {
  const { name } = change.metadata;
  const { plan, progress } = change.status;
  const touched = await touchedBy(context, change);
  if (touched !== undefined) {
    await stop(context, change, touched);
    return 0;
  }
  const { host, version } = plan.rollout.counted;
  const judging = plan.rollout.gates.length > 0;
  const first = progress.past[0]?.began ?? progress.began;
  const reading = context.readings.look(name, { host, version, since: progress.began, first, judged: judging });
  const now = context.clock.now();
  const isOver = now >= progress.due;
  const isNextDue = isOver && progress.step + 1 < plan.rollout.steps.length;
  const measured = judgeGates(plan.rollout.gates, seenOf(reading, version, now));
  const dead = isOver && (isNextDue || judging) ? deadEnd(context, change) : undefined;
  const judged = heldByFreeze(context, plan, dead && measured.verdict !== 'breach' ? dead : measured, isNextDue);
  const seen = { judged, ...measuredIn(reading, plan) };
  if (judged.verdict === 'breach') {
    const broke = judged === dead ? 'could not be left' : 'broke its gate';
    await goBack(context, change, `Step ${shareOf(plan, progress.step)} ${broke}: ${judged.says}`, { seen });
    return 0;
  }
  // A click that nobody could judge yet may be meant to stop just that.
  const open = change.status.decisions.some(({ verdict }) => !verdict);
  if (!progress.paused && !open && now >= progress.due) {
    if (judged.verdict === 'pass') return goOn(context, change, judged);
    // A freeze may last longer than anybody waits for a measure.
    if (judged.verdict === 'inconclusive' && now >= (progress.unjudgedSince ?? now) + PATIENCE) {
      const hours = PATIENCE / 3_600_000;
      await goBack(
        context,
        change,
        `Step ${shareOf(plan, progress.step)} could not be judged for ${hours} h: ${judged.says}`,
      );
      return 0;
    }
  }
  await keep(context, change, seen);
  const left = progress.due - now;
  return !progress.paused && left > 0 ? Math.min(LOOK, left) : LOOK;
}

/**
 * By the mesh's objects no pod could answer what comes next, whatever was measured until now. Without gates nobody asked
 * that anything goes back by itself: then it waits, as for a judgement.
 */
function deadEnd(context: Context, { status: { plan, progress } }: Progressing): Judgement | undefined {
  const { rollout, writes } = plan;
  const step = Math.min(progress.step + 1, rollout.steps.length - 1);
  const next = writes.flatMap(({ ref }) => objectAt(plan, ref, step) ?? []);
  const world = new Overlay(
    context.cluster.world().world,
    next.map(after => ({ ref: refOf(after), after })),
  );
  const routes = next.filter(({ kind }) => kind === 'VirtualService');
  const says = whyFails(world, routes, rollout.counted);
  return says === undefined ? undefined : { verdict: rollout.gates.length > 0 ? 'breach' : 'inconclusive', says };
}

/** A freeze that came after the approval holds the next step; a breach goes back all the same. */
function heldByFreeze(context: Context, plan: SteppedPlan, judged: Judgement, isNextDue: boolean): Judgement {
  if (!isNextDue || judged.verdict === 'breach') return judged;
  const why = freezesUnheard(context) ?? frozenSince(plan, context.freezes, context.policy(), context.clock.now());
  return why === undefined ? judged : { verdict: 'frozen', says: why };
}

async function goOn(context: Context, change: Progressing, judged: Judgement): Promise<number> {
  const { name } = change.metadata;
  const { plan, progress, written } = change.status;
  const step = progress.step + 1;
  if (step === plan.rollout.steps.length) {
    await advance(context, name, { type: 'completed', judged });
    return 0;
  }
  if (!isApproved(change)) {
    await stop(context, change, 'the stored plan is not the one that was approved');
    return 0;
  }
  const next = [...written];
  const done: ObjectRef[] = [];
  for (const { ref, after } of stepWrites(plan, step)) {
    const before = objectAt(plan, ref, progress.step);
    const at = next.findIndex(object => refKey(object.ref) === refKey(ref));
    const wanted: Wanted = {
      ref,
      left: before && (at < 0 ? before : markedObject(before, name)),
      version: next[at]?.resourceVersion ?? before?.metadata.resourceVersion ?? '',
      goal: after && markedObject(after, name),
      isGoal: found => isOurs(name, after, found),
      isLeft: found => mayBeLeft(plan, ref, progress.step).some(object => isOurs(name, object, found)),
    };
    const outcome = await tryWrite(context, change, wanted, `Step ${shareOf(plan, step)} is not written yet`);
    if (outcome.kind === 'theirs') {
      await stop(context, change, outcome.why, { done, written: next });
      return 0;
    }
    if (outcome.kind !== 'written') {
      const why = `Step ${shareOf(plan, step)} was not taken: ${objectName(ref)}: ${outcome.why}`;
      await goBack(context, change, why, { written: next });
      return 0;
    }
    if (at < 0) next.push(outcome.object);
    else next[at] = outcome.object;
    done.push(ref);
  }
  await advance(context, name, { type: 'stepped', step, written: next, judged });
  return 0;
}

/** Whether somebody approved just this plan, every step of it: who can write the store must not write the mesh by it. */
function isApproved({ status: { plan, approvals } }: Progressing): boolean {
  return digestOf(plan) === plan.digest && approvals.some(given => !given.void && given.digest === plan.digest);
}

/** At once, without another turn. */
async function goBack(
  context: Context,
  change: Progressing,
  why: string,
  more: { seen?: Look; written?: WrittenObject[] } = {},
): Promise<void> {
  context.log.warn({ change_id: change.metadata.name, why }, 'change goes back');
  const event = { type: 'reverting' as const, why: sentence(why), ...more };
  const saved = await advance(context, change.metadata.name, event);
  if (saved && isReverting(saved)) await revert(context, saved);
}

/** Somebody else's work is never written over: neither the next step nor the way back. */
async function stop(context: Context, change: Progressing, why: string, partly?: Partly): Promise<void> {
  const { plan, progress } = change.status;
  const { done, written } = partly ?? { done: [], written: change.status.written };
  const at = shareOf(plan, progress.step);
  const further = done.map(objectName).join(', ');
  const where = further === '' ? at : `${at}, ${further} at ${shareOf(plan, progress.step + 1)} already`;
  const message = `Stopped at ${where}: ${why}. It is left as it is now: look at it, then press Undo, or shift to what you want`;
  context.log.warn({ change_id: change.metadata.name, why }, 'change stopped');
  await advance(context, change.metadata.name, { type: 'failed', message, written });
}

/** Of the next step these objects are written. */
interface Partly {
  done: ObjectRef[];
  written: WrittenObject[];
}

/** Keeps what was seen every now and then, which also shows others that somebody is at it. */
async function keep(context: Context, change: Progressing, seen: Look): Promise<void> {
  const { judged } = seen;
  const { name } = change.metadata;
  const { progress, message } = change.status;
  const isDue = context.book.stoodStill(name) >= context.timing.claim / 2;
  const now = context.clock.now();
  const holds = now >= progress.due && judged.verdict !== 'pass';
  const counts = isUnjudged(progress, judged, now) === (progress.unjudgedSince !== undefined);
  if (!isDue && progress.judged.verdict === judged.verdict && progress.held === holds && counts && !message) return;
  await advance(context, name, { type: 'observed', ...seen });
}
