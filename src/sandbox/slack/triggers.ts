/** trigger_ids: each lets the app open one modal, within three seconds of what the person did. */
import { secret } from './ids.ts';

const TRIGGER_LIFETIME = 3000;

export interface Triggers {
  /** For what this person just did; `modal` is the view it was done in, if any. */
  issue(user: string, modal?: string): string;
  /** Looks at it without using it up. A string is Slack's error code. */
  check(id: string): { user: string; modal?: string } | string;
  use(id: string): void;
}

interface Trigger {
  user: string;
  modal?: string;
  at: number;
  used: boolean;
}

export function newTriggers(now: () => number): Triggers {
  const known = new Map<string, Trigger>();
  return {
    issue(user, modal) {
      // Old ones are still told apart from unknown ones for a while.
      if (known.size > 5000) for (const [id, old] of known) if (now() - old.at > 60_000) known.delete(id);
      const id = `${Math.floor(now())}.${Number.parseInt(secret(5), 16)}.${secret(16)}`;
      known.set(id, { user, ...(modal ? { modal } : {}), at: now(), used: false });
      return id;
    },
    check(id) {
      const trigger = known.get(id);
      if (!trigger) return 'invalid_trigger_id';
      if (trigger.used) return 'exchanged_trigger_id';
      if (now() - trigger.at >= TRIGGER_LIFETIME) return 'expired_trigger_id';
      return trigger;
    },
    use(id) {
      const trigger = known.get(id);
      if (trigger) trigger.used = true;
    },
  };
}
