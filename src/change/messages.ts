/** The messages that a change should have in the chat now: its card, and its receipt once something was written. Pure. */
import type { Place } from '../ports.ts';
import type { View } from '../view.ts';
import { cardOf } from './card.ts';
import { cutShort, sinceThen } from './course/back-view.ts';
import type { MeshChange } from './meshchange.ts';
import { statusOf } from './phases.ts';
import { receiptOf } from './receipt-view.ts';
import { liveRecord, type Slot } from './slots.ts';

export interface Message {
  slot: Slot;
  place: Place;
  view: View;
}

/** Depends on the change alone, never on the hour, so that every replica draws the same. */
export function messagesOf(change: MeshChange): Message[] {
  const { channel, thread } = change.spec.origin;
  const origin: Place = thread === undefined ? { channel } : { channel, thread };
  const messages: Message[] = [{ slot: 'card', place: origin, view: cardOf(change) }];
  const card = liveRecord(statusOf(change).messages, 'card')?.record;
  const written = receiptOf(change);
  const receipt = cutShort(change) ?? (written && { ...written, parts: [...written.parts, ...sinceThen(change)] });
  if (!receipt || !card) return messages;
  if (card.ts !== undefined && card.channel !== undefined) {
    const root = card.place?.thread ?? (card.place ? card.ts : (thread ?? card.ts));
    messages.push({ slot: 'receipt', place: { channel: card.channel, thread: root }, view: receipt });
  }
  // The receipt answers the card, so it waits until the chat has that; where it never will, it stands by itself.
  else if (card.gone) messages.push({ slot: 'receipt', place: origin, view: receipt });
  return messages;
}
