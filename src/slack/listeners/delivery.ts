/** An id for each thing somebody did: the same however often Slack delivers it, and telling nothing of what it is made of. */
import { createHash } from 'node:crypto';

/** `kind` and `parts` together are what is unique to it: a trigger_id, or channel and ts of a message. */
export function deliveryId(kind: string, ...parts: string[]): string {
  const hash = createHash('sha256').update(JSON.stringify([kind, ...parts]));
  return `${kind}-${hash.digest('hex').slice(0, 24)}`;
}

/** Remembers the last keys, so that a second delivery of a question is not answered twice. */
export interface Recent {
  /** True the first time. */
  fresh(key: string): boolean;
}

export function newRecent(most = 2000): Recent {
  const seen = new Set<string>();
  return {
    fresh(key) {
      if (seen.has(key)) return false;
      seen.add(key);
      if (seen.size > most) for (const old of [...seen].slice(0, most / 2)) seen.delete(old);
      return true;
    },
  };
}
