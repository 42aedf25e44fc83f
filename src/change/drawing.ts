/** Brings the chat to what a change's messages should be now: each posted once, edited until the chat has taken it. */
import { ChatError, type MessageKey, type Place, type Posted } from '../ports.ts';
import { type Attempt, isFinal, kept, postOnce, unknown } from '../post-once.ts';
import type { View } from '../view.ts';
import { advance, type Context, isMine } from './context.ts';
import { hashOf } from './digest.ts';
import { untold } from './due.ts';
import type { MeshChange, MessageRecord } from './meshchange.ts';
import { type Message, messagesOf } from './messages.ts';
import { isEnd, statusOf } from './phases.ts';
import { plain, sentence, spans } from './phrases.ts';
import { lastPosted, liveRecord, slotName } from './slots.ts';
import { transition } from './transition.ts';

/** Tries at other places after the chat refused or lost a message. */
const SUCCESSORS = 3;
/** From the last try to the next, where none was taken. ms. */
const REVIVES = 300_000;
/** After that, nobody wonders any more why their click did nothing: the card tells what became of it. ms. */
const WORTH_TELLING = 600_000;

/** What this process remembers of a change's messages between two steps. All times in epoch ms. */
export interface Easel {
  /** By slot, of messages that are not known to be in the chat. */
  attempts: Map<string, Attempt>;
  drawn: Map<string, number>;
  /** Hash of what the chat was last shown, but for what is measured. */
  steady: Map<string, string>;
}

export function newEasel(): Easel {
  return { attempts: new Map(), drawn: new Map(), steady: new Map() };
}

/** One look at everything to be shown. Resolves to ms until the next, undefined: all is drawn. Throws ChatError. */
export async function draw(context: Context, name: string, easel: Easel): Promise<number | undefined> {
  let wait: number | undefined;
  for (const slot of ['card', 'receipt'] as const) {
    const change = context.book.latest(name);
    if (!change || !isMine(context, change)) return undefined;
    const message = messagesOf(change).find(each => each.slot === slot);
    const next = message && (await bring(context, change, message, easel));
    if (next !== undefined) wait = Math.min(wait ?? next, next);
  }
  // Last, so that a word to one person never keeps a card from everybody.
  await whisper(context, name);
  return wait;
}

/** ms to wait; undefined: the chat has it. */
async function bring(
  context: Context,
  change: MeshChange,
  message: Message,
  easel: Easel,
): Promise<number | undefined> {
  const { clock } = context;
  const name = change.metadata.name;
  const live = liveRecord(statusOf(change).messages, message.slot);
  if (live?.record.gone) {
    await redraw(context, change, message);
    return message.slot === 'card' ? revive(context, change, live) : undefined;
  }
  // A receipt of unknown outcome is looked for below the card that there was, not below one that came after it.
  if (!live)
    return begin(context, name, message.slot, 1, message.slot === 'receipt' ? message.place : undefined, easel);
  const key: MessageKey = { change: name, slot: live.name };
  const place = live.record.place ?? message.place;
  if (live.record.ts === undefined || live.record.channel === undefined) {
    return post(context, change, message, place, key, easel);
  }
  const hash = drawingHash(message.view);
  const { phase, again } = statusOf(change);
  const isShown = live.record.phase === phase && (live.record.again || !again);
  if (live.record.drawn === hash && isShown) return undefined;
  const since = clock.now() - (easel.drawn.get(live.name) ?? Number.NEGATIVE_INFINITY);
  const steady = steadyHash(change, message.slot);
  const isSteady = isShown && steady !== undefined && steady === easel.steady.get(live.name);
  const pause = isSteady ? context.timing.measured : context.timing.redraw;
  if (since < pause) return pause - since;
  const posted: Posted = { channel: live.record.channel, ts: live.record.ts };
  easel.drawn.set(live.name, clock.now());
  const error = live.record.drawn === hash ? undefined : await edit(context, posted, message.view, key);
  if (error) {
    context.log.warn({ change_id: name, slot: live.name, err: error }, 'message cannot be edited');
    const thread = change.spec.origin.thread ?? posted.ts;
    return succeed(context, name, message, live.number, { channel: posted.channel, thread }, easel);
  }
  if (steady !== undefined) easel.steady.set(live.name, steady);
  await remember(context, change, live.name, { ...live.record, ...drawnAs(change, hash) }, true);
  return 0;
}

/** No successor was taken: what people still see is kept true as long as the chat lets it be edited. */
async function redraw(context: Context, change: MeshChange, { slot, view }: Message): Promise<void> {
  const seen = lastPosted(statusOf(change).messages, slot);
  const hash = drawingHash(view);
  if (seen?.record.ts === undefined || seen.record.channel === undefined || seen.record.drawn === hash) return;
  const { channel, ts } = seen.record;
  const key = { change: change.metadata.name, slot: seen.name };
  if (await edit(context, { channel, ts }, view, key)) return;
  await remember(context, change, seen.name, { ...seen.record, ...drawnAs(change, hash) }, true);
}

/** Why the chat does not let it be edited any more; undefined: it is edited. Throws ChatError to be tried again. */
async function edit({ chat }: Context, posted: Posted, view: View, key: MessageKey): Promise<ChatError | undefined> {
  try {
    await chat.update(posted, view, key);
    return undefined;
  } catch (error) {
    if (isFinal(error)) return error;
    throw error;
  }
}

/** Whatever goes on needs a card with its buttons, to be stopped by: where none is taken, it is tried again now and then. */
async function revive(
  context: Context,
  change: MeshChange,
  { name: slot, record }: { name: string; record: MessageRecord },
): Promise<number | undefined> {
  if (isEnd(statusOf(change).phase)) return undefined;
  const since = context.clock.now();
  const wait = record.since + REVIVES - since;
  if (wait > 0) return wait;
  await advance(context, change.metadata.name, now =>
    statusOf(now).messages[slot]?.gone ? { type: 'drawn', messages: { [slot]: { since } } } : undefined,
  );
  return 0;
}

/** Makes the record of a message that nobody has tried to post. */
async function begin(
  context: Context,
  name: string,
  slot: Message['slot'],
  number: number,
  place: Place | undefined,
  easel: Easel,
): Promise<number | undefined> {
  const slotted = slotName(slot, number);
  const record: MessageRecord = { since: context.clock.now(), ...(place && { place }) };
  const saved = await advance(context, name, change => {
    const messages = statusOf(change).messages;
    const before = messages[slotName(slot, number - 1)];
    if (messages[slotted]) return undefined;
    const gone = number > 1 && before ? { [slotName(slot, number - 1)]: { ...before, gone: true } } : {};
    return { type: 'drawn', messages: { ...gone, [slotted]: record } };
  });
  if (!saved) return 0;
  easel.attempts.set(slotted, kept(record.since));
  return 0;
}

async function post(
  context: Context,
  change: MeshChange,
  message: Message,
  place: Place,
  key: MessageKey,
  easel: Easel,
): Promise<number | undefined> {
  const { clock, log } = context;
  const { name } = change.metadata;
  const { slot } = key;
  const record = statusOf(change).messages[slot];
  if (!record) return 0;
  const attempt = easel.attempts.get(slot) ?? unknown();
  easel.attempts.set(slot, attempt);
  const outcome = await postOnce(context, { key, place, view: message.view, since: record.since }, attempt);
  switch (outcome.kind) {
    case 'wait':
      return outcome.ms;
    case 'confirm': {
      const asked = clock.now();
      // A look at the claim that cannot be stale: only its holder can write this.
      if (!(await advance(context, name, { type: 'beat' }))) return undefined;
      easel.attempts.set(slot, kept(asked));
      return 0;
    }
    case 'posted': {
      const { posted, found } = outcome;
      easel.attempts.delete(slot);
      // The first edit of a receipt may come at once: by then the mesh may have the route.
      if (!found && message.slot !== 'receipt') easel.drawn.set(slot, clock.now());
      const shown = found ? {} : drawnAs(change, drawingHash(message.view));
      await remember(context, change, slot, { ...record, ...posted, ...shown }, false);
      return 0;
    }
    case 'impossible': {
      const { error, unknown: unseen } = outcome;
      log.warn({ change_id: name, slot, err: error, unseen }, 'message was not taken');
      const number = liveRecord(statusOf(change).messages, message.slot)?.number ?? 1;
      const direct = { channel: change.spec.requester.user };
      const follows = message.slot === 'receipt' && message.place.thread !== place.thread;
      return succeed(context, name, message, number, follows ? message.place : direct, easel);
    }
  }
}

/** Goes on with another message where this one can no longer be had; at last, with none. */
async function succeed(
  context: Context,
  name: string,
  message: Message,
  number: number,
  place: Place,
  easel: Easel,
): Promise<number | undefined> {
  if (number < SUCCESSORS) return begin(context, name, message.slot, number + 1, place, easel);
  const slot = slotName(message.slot, number);
  await advance(context, name, change => {
    const record = statusOf(change).messages[slot];
    return record && !record.gone ? { type: 'drawn', messages: { [slot]: { ...record, gone: true } } } : undefined;
  });
  context.log.error({ change_id: name, slot }, 'message was given up');
  return 0;
}

/** Short: it only tells one drawing of a message from the next. */
function drawingHash(view: View): string {
  return hashOf(view).slice(0, 16);
}

/** A chart that appears is news, its next point is not; nor are the words of a verdict that stands. */
function steadyHash(change: MeshChange, slot: Message['slot']): string | undefined {
  const { status } = change;
  if (!status?.progress) return undefined;
  const { judged, measured } = status.progress;
  const progress = { ...status.progress, judged: { ...judged, says: '' }, measured: measured.slice(0, 2) };
  const steady = messagesOf({ ...change, status: { ...status, progress } }).find(each => each.slot === slot);
  return steady && hashOf([judged.verdict, status.phase, steady.view]).slice(0, 16);
}

function drawnAs(change: MeshChange, hash: string): Pick<MessageRecord, 'drawn' | 'phase' | 'digest' | 'again'> {
  const { phase, plan, again } = statusOf(change);
  return { drawn: hash, phase, ...(again && { again: true }), ...(plan && { digest: plan.digest }) };
}

/** Where a message is, is a fact whoever holds the change; what it shows is said only by the holder. */
async function remember(
  context: Context,
  change: MeshChange,
  slot: string,
  record: MessageRecord,
  holderOnly: boolean,
): Promise<void> {
  await context.book.revise(change.metadata.name, now => {
    const known = statusOf(now).messages[slot];
    if (holderOnly ? !isMine(context, now) : known?.ts !== undefined) return undefined;
    return transition(now, { type: 'drawn', messages: { [slot]: record } }, context.clock.now());
  });
}

/** Tells those whose click was not counted; once, unless the chat or this process fails in between. */
async function whisper(context: Context, name: string): Promise<void> {
  const change = context.book.latest(name);
  if (!change || !isMine(context, change)) return;
  const card = liveRecord(statusOf(change).messages, 'card')?.record;
  const { channel, thread } = change.spec.origin;
  for (const decision of untold(change)) {
    const why = decision.why ?? 'Your click was not counted.';
    const place: Place = { channel: card?.channel ?? channel, ...(thread !== undefined && { thread }) };
    const title = statusOf(change).plan?.title ?? `/mesh ${change.spec.text}`;
    const view = { text: plain(why), parts: [{ kind: 'text' as const, text: [{ bold: title }, ': ', ...spans(why)] }] };
    try {
      await context.chat.whisper(place, decision.user, view);
    } catch (error) {
      const passing = error instanceof ChatError && (error.kind === 'limited' || error.kind === 'unknown');
      if (passing && context.clock.now() - decision.at < WORTH_TELLING) throw error;
      context.log.warn({ change_id: name, err: error, why: sentence(plain(why)) }, 'could not tell a person');
    }
    await advance(context, name, { type: 'told', decision: decision.id });
  }
}
