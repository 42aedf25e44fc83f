/** The chat: where messages are put, and who people are. */
import type { View } from '../view.ts';

export interface Place {
  channel: string;
  /** Timestamp of the thread's first message. */
  thread?: string;
}

export interface Posted {
  channel: string;
  /** Slack's `ts`: the message's id. */
  ts: string;
}

export interface Person {
  id: string;
  team: string;
  name: string;
  isBot: boolean;
  /** Single- or multi-channel guest, or somebody from another company (Slack Connect). */
  isGuest: boolean;
  isDeleted: boolean;
  /** IANA time zone, where the chat tells it. */
  tz?: string;
}

/** What a message belongs to, kept in its metadata so that a post of unknown outcome can be found again. */
export interface MessageKey {
  change: string;
  /** 'card', 'receipt', … : at most one message of each per change. */
  slot: string;
}

/** Why the chat did not do it. 'unknown' means it may have been taken: look for it before trying again. */
export class ChatError extends Error {
  override name = 'ChatError';
  readonly kind: 'limited' | 'unknown' | 'gone' | 'refused';
  readonly retryAfter: number | undefined;
  constructor(kind: ChatError['kind'], message: string, options?: { cause?: unknown; retryAfter?: number }) {
    super(message, options);
    this.kind = kind;
    this.retryAfter = options?.retryAfter;
  }
}

/** Throws ChatError. */
export interface Chat {
  /** Exactly one request to the chat; never tries again by itself. */
  post(place: Place, view: View, key: MessageKey): Promise<Posted>;
  /** The message posted under `key` since `since` (epoch ms), if the chat has it. */
  find(place: Place, key: MessageKey, since: number): Promise<Posted | undefined>;
  /** 'gone' when the message was deleted or may no longer be edited. */
  update(posted: Posted, view: View, key: MessageKey): Promise<void>;
  /** Tells one person only. Best effort: it is not kept by the chat. */
  whisper(place: Place, person: string, view: View): Promise<void>;
  /** Asks the chat now, not a cache. undefined: there is no such person. */
  person(id: string): Promise<Person | undefined>;
  /** Where a person can open a message; undefined: it is gone. May be left out. */
  permalink?(posted: Posted): Promise<string | undefined>;
  /** Members of a user group, asked now. Throws where it cannot be read: callers refuse. */
  groupMembers(group: string): Promise<string[]>;
}
