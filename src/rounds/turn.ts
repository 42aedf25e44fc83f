/**
 * Brings one slot's post to the chat: claimed by compare-and-swap, its intent kept before it is posted, looked for by
 * its metadata before it is posted again. Killed anywhere, another replica goes on from what is kept.
 */
import type { ChatError, MessageKey } from '../ports.ts';
import { postOnce } from '../post-once.ts';
import type { HealthSchedule, HealthTurn } from '../records/health-schedule.ts';
import { dueSlot, LATEST } from './due.ts';
import { beating, type Hand, letGo, save, type TurnContext } from './keeping.ts';

/** A turn that stood still for so long, by the clock of whoever looks, is taken over. ms. */
const STANDS_STILL = 15_000;
/** At most one post of each schedule and slot. */
function keyOf({ metadata }: HealthSchedule, slot: number): MessageKey {
  return { change: metadata.name, slot: `health@${slot}` };
}

/** One step. Resolves to ms until the next, undefined: when time or somebody moves it. Throws ClusterError, ChatError. */
export async function step(context: TurnContext, name: string, hand: Hand): Promise<number | undefined> {
  const { clock, holder } = context;
  const schedule = context.store.cached(name);
  if (!schedule) return undefined;
  const turn = schedule.status?.turn;
  if (!turn) {
    letGo(hand);
    const due = dueSlot(schedule, clock.now());
    if (!due) return undefined;
    return save(context, schedule, { slot: due.slot, turn: { ...due, holder, beat: 0 } }, hand);
  }
  if (turn.holder !== holder) {
    letGo(hand);
    const wait = STANDS_STILL - stoodStill(schedule, hand, clock.now());
    return wait > 0 ? wait : save(context, schedule, { turn: { ...turn, holder, beat: turn.beat + 1 } }, hand);
  }
  return turn.posting
    ? post(context, schedule, { ...turn, posting: turn.posting }, hand)
    : prepare(context, schedule, turn, hand);
}

function stoodStill(schedule: HealthSchedule, hand: Hand, now: number): number {
  const version = schedule.metadata.resourceVersion;
  if (hand.seen?.version !== version) hand.seen = { version, since: now };
  return now - hand.seen!.since;
}

/** Looks at the mesh and keeps what is about to be posted. `since`: of an earlier try. */
async function prepare(
  context: TurnContext,
  schedule: HealthSchedule,
  turn: HealthTurn,
  hand: Hand,
  since = context.clock.now(),
): Promise<number> {
  if (context.clock.now() - turn.slot > LATEST) return giveUp(context, schedule, 'it could not be sent in time', hand);
  const { view, memory } = await beating(context, schedule, context.look(schedule, turn));
  const latest = context.store.cached(schedule.metadata.name);
  if (latest?.status?.turn?.holder !== context.holder) return 0;
  const next = { ...latest.status.turn, beat: latest.status.turn.beat + 1, posting: { since, memory } };
  return save(context, latest, { turn: next }, hand, view);
}

async function post(
  context: TurnContext,
  schedule: HealthSchedule,
  turn: HealthTurn & Required<Pick<HealthTurn, 'posting'>>,
  hand: Hand,
): Promise<number> {
  const { since } = turn.posting;
  const place = { channel: schedule.spec.channel };
  const { view } = hand;
  const outcome = await postOnce(context, { key: keyOf(schedule, turn.slot), place, view, since }, hand.attempt);
  switch (outcome.kind) {
    case 'wait':
      return outcome.ms;
    case 'confirm':
      if (context.clock.now() - turn.slot > LATEST)
        return giveUp(context, schedule, 'it could not be sent in time', hand);
      // Only the holder of the claim can write this; what an earlier holder saw of the mesh is old by now.
      return view
        ? save(context, schedule, { turn: { ...turn, beat: turn.beat + 1 } }, hand, view)
        : prepare(context, schedule, turn, hand, since);
    case 'posted':
      return posted(context, schedule, turn, outcome.posted, hand);
    case 'impossible': {
      const { error, unknown } = outcome;
      if (unknown) return giveUp(context, schedule, `whether it is there cannot be known: ${error.message}`, hand);
      // Once, not at each slot that follows.
      if (schedule.status?.message === undefined) await tell(context, schedule, error);
      return giveUp(context, schedule, `Slack did not take it: ${error.message}`, hand);
    }
  }
}

function posted(
  context: TurnContext,
  schedule: HealthSchedule,
  turn: HealthTurn & Required<Pick<HealthTurn, 'posting'>>,
  { channel, ts }: { channel: string; ts: string },
  hand: Hand,
): Promise<number> {
  const { since, memory } = turn.posting;
  return save(context, schedule, { last: { slot: turn.slot, at: since, channel, ts, memory } }, hand);
}

function giveUp(context: TurnContext, schedule: HealthSchedule, why: string, hand: Hand): Promise<number> {
  context.log.warn(
    { schedule: schedule.metadata.name, slot: schedule.status?.slot, why },
    'a health post was given up',
  );
  return save(context, schedule, { message: why }, hand);
}

/** Whoever scheduled it is told that the channel does not take it. Best effort. */
async function tell({ chat, log }: TurnContext, { spec, metadata }: HealthSchedule, error: ChatError): Promise<void> {
  const text = `The health post ${metadata.name} was not taken: ${error.message} Invite meshbot to its channel, or stop it.`;
  try {
    await chat.whisper({ channel: spec.channel }, spec.by.user, { text, parts: [{ kind: 'text', text }] });
  } catch (failed) {
    log.warn({ schedule: metadata.name, err: failed }, 'could not tell a person');
  }
}
