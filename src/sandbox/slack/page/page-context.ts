/** What every component can reach: the state, a way to tell it something, and a way to tell the server something. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { PageAction, PageReply } from '../page-protocol.ts';
import { emptyState, type Happening, type PageState, type Tab } from './state.ts';

/** A PageAction without its `user`, left out of each member of the union. */
type Unsigned<T> = T extends unknown ? Omit<T, 'user'> : never;

export interface Page {
  state: PageState;
  tell(event: Happening): void;
  send(action: Unsigned<PageAction>): Promise<PageReply>;
  /** Shows a sentence over the message box of that channel or thread. */
  notify(text: string, channel: string, thread?: string): void;
  go(place: { channel: string; thread?: string; tab?: Tab }): void;
  /** Another person takes this window. */
  become(user: string): void;
}

export const PageContext = createContext<Page>({
  state: emptyState({}),
  tell: () => {},
  send: async () => ({ ok: false, error: 'The page has not started.' }),
  notify: () => {},
  go: () => {},
  become: () => {},
});

export function usePage(): Page {
  return useContext(PageContext);
}
