/** Starts the page: keeps the state, opens the wire, and follows the address (`?user=`, `?channel=`, `?thread=`). */
import { render, type VNode } from 'preact';
import { useEffect, useMemo, useReducer, useRef } from 'preact/hooks';
import { Shell } from './components/shell.ts';
import { type Connection, connect } from './connection.ts';
import { recallRead, rememberRead } from './drafts.ts';
import { html } from './html.ts';
import { type Page, PageContext } from './page-context.ts';
import { reduce } from './reduce.ts';
import { channelName, unread } from './selectors.ts';
import { emptyState, type PageState, type Tab } from './state.ts';
import { startTheme } from './theme.ts';

function addressed(): { user?: string; channel?: string; thread?: string; tab?: Tab } {
  const query = new URLSearchParams(window.location.search);
  const read = (name: string) => query.get(name) ?? undefined;
  const [user, channel, thread, tab] = [read('user'), read('channel'), read('thread'), read('tab')];
  return {
    ...(user === undefined ? {} : { user }),
    ...(channel === undefined ? {} : { channel }),
    ...(thread === undefined ? {} : { thread }),
    ...(tab === 'home' || tab === 'files' ? { tab } : {}),
  };
}

function address(state: PageState): string {
  const query = new URLSearchParams({ user: state.me.id, channel: state.channel });
  if (state.thread !== undefined) query.set('thread', state.thread);
  if (state.tab !== 'messages') query.set('tab', state.tab);
  return `?${query}`;
}

function begin(): PageState {
  const { user, channel, thread, tab } = addressed();
  return {
    ...emptyState(user === undefined ? {} : recallRead(user)),
    channel: channel ?? '',
    thread,
    tab: tab ?? 'messages',
  };
}

function App(): VNode {
  const [state, tell] = useReducer(reduce, undefined, begin);
  const connection = useRef<Connection | undefined>(undefined);
  const latest = useRef(state);
  latest.current = state;

  const sit = (user: string | undefined) => {
    connection.current?.close();
    connection.current = connect(user, tell, online => tell({ type: 'online', online }));
  };
  useEffect(() => {
    sit(addressed().user);
    const back = () => {
      const { channel, thread, tab } = addressed();
      if (channel) tell({ type: 'open', channel, ...(thread ? { thread } : {}), ...(tab ? { tab } : {}) });
    };
    window.addEventListener('popstate', back);
    return () => {
      window.removeEventListener('popstate', back);
      connection.current?.close();
    };
  }, []);

  // The address says where one is, so that a reload or a copied link leads there again.
  useEffect(() => {
    if (!state.ready) return;
    const next = address(state);
    if (next === window.location.search) return;
    const moved = new URLSearchParams(window.location.search).get('channel') !== state.channel;
    window.history[moved ? 'pushState' : 'replaceState'](null, '', next);
  }, [state.ready, state.me.id, state.channel, state.thread, state.tab]);
  useEffect(() => {
    if (state.ready) rememberRead(state.me.id, state.lastRead);
  }, [state.ready, state.me.id, state.lastRead]);
  useEffect(() => {
    const see = () => {
      if (document.visibilityState === 'visible') tell({ type: 'seen' });
    };
    see();
    document.addEventListener('visibilitychange', see);
    return () => document.removeEventListener('visibilitychange', see);
  }, [state.messages, state.channel, state.tab]);
  useEffect(() => {
    if (!state.ready) return;
    const waiting = state.channels.reduce((sum, channel) => sum + unread(state, channel).count, 0);
    document.title = `${waiting > 0 ? `(${waiting}) ` : ''}${channelName(state, state.channel)} – ${state.workspace}`;
  }, [state]);

  const notices = useRef(0);
  const actions = useMemo(
    (): Omit<Page, 'state'> => ({
      tell,
      send: action =>
        connection.current?.send({ ...action, user: latest.current.me.id }) ??
        Promise.resolve({ ok: false, error: 'The page is not connected yet.' }),
      notify(text, channel, thread) {
        const id = ++notices.current;
        tell({ type: 'notice', notice: { id, channel, text, ...(thread === undefined ? {} : { thread }) } });
      },
      go: place => tell({ type: 'open', ...place }),
      become(user) {
        tell({ type: 'forget', lastRead: recallRead(user) });
        sit(user);
      },
    }),
    [],
  );
  return html`<${PageContext.Provider} value=${{ state, ...actions }}><${Shell} /></${PageContext.Provider}>`;
}

startTheme();
const root = document.getElementById('app');
if (root) render(html`<${App} />`, root);
