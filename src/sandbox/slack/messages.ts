/** The messages of all channels: posted, changed, deleted, found, and in which thread they are. */

import type { Timestamps } from './clock.ts';
import type { Changes } from './listeners.ts';
import type { StoredMessage } from './stored.ts';

type NewMessage = Omit<StoredMessage, 'ts' | 'reactions' | 'edited' | 'deleted'>;

export interface Messages {
  post(message: NewMessage): StoredMessage;
  /** Tells that a message, changed in place, is now different. */
  changed(message: StoredMessage): void;
  /** undefined: there is none, it is deleted, or only one person sees it. */
  find(channel: string, ts: string): StoredMessage | undefined;
  /** Only one person sees it. */
  findEphemeral(channel: string, ts: string): StoredMessage | undefined;
  delete(message: StoredMessage): void;
  /** Without what is deleted or only one person sees; oldest first. */
  inChannel(channel: string): StoredMessage[];
  /** The thread's replies, oldest first, without its first message. */
  replies(channel: string, ts: string): StoredMessage[];
  /** Everything, in order of posting, what is deleted or private included. */
  all(): StoredMessage[];
}

const key = (channel: string, ts: string) => `${channel}/${ts}`;

export function newMessages(clock: Timestamps, changes: Changes): Messages {
  const byKey = new Map<string, StoredMessage>();
  const byChannel = new Map<string, StoredMessage[]>();
  const threads = new Map<string, StoredMessage[]>();
  const listIn = (lists: Map<string, StoredMessage[]>, name: string) => {
    const list = lists.get(name) ?? [];
    lists.set(name, list);
    return list;
  };
  const shown = (message: StoredMessage) => !message.deleted && !message.ephemeralTo;
  /** A reply changes what its thread's first message says of the thread. */
  const tell = (message: StoredMessage) => {
    changes.tell({ type: 'message', message });
    const parent = message.threadTs && !message.ephemeralTo && byKey.get(key(message.channel, message.threadTs));
    if (parent) changes.tell({ type: 'message', message: parent });
  };

  return {
    post(fresh) {
      const message: StoredMessage = { ...fresh, ts: clock.next(), reactions: new Map() };
      byKey.set(key(message.channel, message.ts), message);
      listIn(byChannel, message.channel).push(message);
      if (message.threadTs) listIn(threads, key(message.channel, message.threadTs)).push(message);
      tell(message);
      return message;
    },
    changed: message => changes.tell({ type: 'message', message }),
    find(channel, ts) {
      const message = byKey.get(key(channel, ts));
      return message && shown(message) ? message : undefined;
    },
    findEphemeral(channel, ts) {
      const message = byKey.get(key(channel, ts));
      return message?.ephemeralTo && !message.deleted ? message : undefined;
    },
    delete(message) {
      message.deleted = true;
      tell(message);
    },
    inChannel: channel => (byChannel.get(channel) ?? []).filter(shown),
    replies: (channel, ts) => (threads.get(key(channel, ts)) ?? []).filter(shown),
    all: () => [...byKey.values()],
  };
}
