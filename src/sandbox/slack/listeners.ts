/** What changed in the local Slack, told to whoever shows it: the page's event streams and the waits of tests. */
import type { StoredMessage, StoredView } from './stored.ts';

export type Change =
  | { type: 'message'; message: StoredMessage }
  | { type: 'modal'; view: StoredView }
  | { type: 'modal-closed'; view: StoredView }
  | { type: 'modal-errors'; view: StoredView; errors: Record<string, string> }
  | { type: 'home'; view: StoredView }
  | { type: 'connected'; connected: boolean };

export interface Changes {
  tell(change: Change): void;
  /** Returns what ends it. */
  listen(listener: (change: Change) => void): () => void;
}

export function newChanges(): Changes {
  const listeners = new Set<(change: Change) => void>();
  return {
    tell(change) {
      for (const listener of [...listeners]) listener(change);
    },
    listen(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
