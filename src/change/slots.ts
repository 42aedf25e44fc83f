/** Names of a change's messages: `card`, and `card#2` for its successor when the first can no longer be edited. */
import type { MessageRecord } from './meshchange.ts';

export type Slot = 'card' | 'receipt';

/** The newest message of a slot, with the name it is kept under; undefined when none was tried yet. */
export function liveRecord(
  messages: Record<string, MessageRecord>,
  slot: Slot,
): { name: string; number: number; record: MessageRecord } | undefined {
  let found: { name: string; number: number; record: MessageRecord } | undefined;
  for (const [name, record] of Object.entries(messages)) {
    const [base, suffix] = name.split('#');
    const number = suffix === undefined ? 1 : Number(suffix);
    if (base === slot && number > (found?.number ?? 0)) found = { name, number, record };
  }
  return found;
}

/** The newest message of a slot that the chat ever took: what people see and click where its successors were not taken. */
export function lastPosted(
  messages: Record<string, MessageRecord>,
  slot: Slot,
): { name: string; number: number; record: MessageRecord } | undefined {
  const posted = Object.entries(messages).filter(([, record]) => record.ts !== undefined);
  return liveRecord(Object.fromEntries(posted), slot);
}

export function slotName(slot: Slot, number: number): string {
  return number === 1 ? slot : `${slot}#${number}`;
}
