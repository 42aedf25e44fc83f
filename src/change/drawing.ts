/** Brings the chat to what a change's messages should be now: each posted once, edited until the chat has taken it. */
import { ChatError, type MessageKey, type Place, type Posted } from '../ports.ts';
import type { View } from '../view.ts';
import { advance, type Context, isMine } from './context.ts';
import { hashOf } from './digest.ts';
import { untold } from './due.ts';
import type { MeshChange, MessageRecord } from './meshchange.ts';
import { type Message, messagesOf } from './messages.ts';
import { statusOf } from './phases.ts';
import { plain, sentence, spans } from './phrases.ts';
import { liveRecord, slotName } from './slots.ts';
import { transition } from './transition.ts';

/** A post directly follows a write of its own record, by no more ms than this: nobody else is about to post it. */
const FRESH = 3_000;
/** A post of unknown outcome is looked for only after the chat had this long to take it. ms. */
const SETTLES = 3_000;
/** The chat's clock may differ from ours by as much. ms. */
const CLOCKS = 300_000;
/** Tries at other places after the chat refused or lost a message. */
const SUCCESSORS = 3;
/** After that, nobody wonders any more why their click did nothing: the card tells what became of it. ms. */
const WORTH_TELLING = 600_000;

/** What this process remembers of a change's messages between two steps. All times in epoch ms. */
export interface Easel {
  /** Slots whose record this process made and that nobody can have posted yet. */
  unposted: Set<string>;
  /** When this process last wrote the change while it was its own. */
  confirmed: number;
  drawn: Map<string, number>;
  /** Hash of what the chat was last shown, but for what is measured. */
  steady: Map<string, string>;
}

export function newEasel(): Easel {
  return { unposted: new Set(), confirmed: Number.NEGATIVE_INFINITY, drawn: new Map(), steady: new Map() };
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
  if (live?.record.gone) return undefined;
  if (!live) return begin(context, name, message.slot, 1, undefined, easel);
  const key: MessageKey = { change: name, slot: live.name };
  const place = live.record.place ?? message.place;
  if (live.record.ts === undefined || live.record.channel === undefined) {
    return post(context, change, { ...message, place }, key, easel);
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
  try {
    if (live.record.drawn !== hash) await context.chat.update(posted, message.view, key);
  } catch (error) {
    if (!(error instanceof ChatError) || (error.kind !== 'gone' && error.kind !== 'refused')) throw error;
    context.log.warn({ change_id: name, slot: live.name, err: error }, 'message cannot be edited');
    const thread = change.spec.origin.thread ?? posted.ts;
    return succeed(context, name, message, live.number, { channel: posted.channel, thread }, easel);
  }
  if (steady !== undefined) easel.steady.set(live.name, steady);
  await remember(context, change, live.name, { ...live.record, ...drawnAs(change, hash) }, true);
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
  easel.unposted.add(slotted);
  easel.confirmed = context.clock.now();
  return 0;
}

async function post(
  context: Context,
  change: MeshChange,
  message: Message,
  key: MessageKey,
  easel: Easel,
): Promise<number | undefined> {
  const { chat, clock } = context;
  const record = statusOf(change).messages[key.slot];
  if (!record) return 0;
  if (!easel.unposted.has(key.slot)) {
    const tried = clock.now() - Math.max(easel.drawn.get(key.slot) ?? 0, record.since);
    if (tried < SETTLES) return SETTLES - tried;
    const found = await look(context, message.place, key, record.since);
    if (found === 'refused') {
      const number = liveRecord(statusOf(change).messages, message.slot)?.number ?? 1;
      return succeed(context, change.metadata.name, message, number, { channel: change.spec.requester.user }, easel);
    }
    if (found) {
      await remember(context, change, key.slot, { ...record, ...found }, false);
      return 0;
    }
  }
  if (clock.now() - easel.confirmed >= FRESH) {
    // A look at the claim that cannot be stale: only its holder can write this.
    if (!(await advance(context, change.metadata.name, { type: 'beat' }))) return undefined;
    easel.confirmed = clock.now();
    easel.unposted.add(key.slot);
    return 0;
  }
  easel.unposted.delete(key.slot);
  easel.drawn.set(key.slot, clock.now());
  try {
    const posted = await chat.post(message.place, message.view, key);
    await remember(
      context,
      change,
      key.slot,
      { ...record, ...posted, ...drawnAs(change, drawingHash(message.view)) },
      false,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    // Only these say that it was surely not taken.
    if (error.kind === 'limited') easel.unposted.add(key.slot);
    if (error.kind !== 'refused' && error.kind !== 'gone') throw error;
    context.log.warn({ change_id: change.metadata.name, slot: key.slot, err: error }, 'message was not taken');
    const number = liveRecord(statusOf(change).messages, message.slot)?.number ?? 1;
    return succeed(context, change.metadata.name, message, number, { channel: change.spec.requester.user }, easel);
  }
}

/** 'refused' where the chat does not let us look: whether the message is there will never be known. */
async function look(
  { chat }: Context,
  place: Place,
  key: MessageKey,
  since: number,
): Promise<Posted | 'refused' | undefined> {
  try {
    return await chat.find(place, key, since - CLOCKS);
  } catch (error) {
    if (error instanceof ChatError && (error.kind === 'refused' || error.kind === 'gone')) return 'refused';
    throw error;
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
