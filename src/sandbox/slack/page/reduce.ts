/** How the page's state moves on with each event. Pure. */
import type { PageEvent, PageMessage, PageModal } from '../page-protocol.ts';
import { emptyState, type Happening, messageKey, type PageState } from './state.ts';

export function reduce(state: PageState, event: Happening): PageState {
  switch (event.type) {
    case 'state':
      return whole(state, event);
    case 'message':
      return withMessage(state, event.message);
    case 'modal':
      return { ...state, modals: withModal(state.modals, event.modal) };
    case 'modal-closed':
      return {
        ...state,
        modals: state.modals.filter(modal => modal.viewId !== event.viewId),
        modalErrors: without(state.modalErrors, event.viewId),
      };
    case 'modal-errors':
      return { ...state, modalErrors: { ...state.modalErrors, [event.viewId]: event.errors } };
    case 'clear-modal-errors':
      return { ...state, modalErrors: without(state.modalErrors, event.viewId) };
    case 'home':
      return { ...state, home: event.view };
    case 'connected':
      return { ...state, app: { ...state.app, connected: event.connected } };
    case 'online':
      return { ...state, online: event.online };
    case 'open':
      return open(state, event);
    case 'close-thread':
      return { ...state, thread: undefined };
    case 'seen':
      return seen(state);
    case 'dismiss':
      return { ...state, dismissed: { ...state.dismissed, [event.key]: true } };
    case 'notice':
      return { ...state, notices: [...state.notices.slice(-4), event.notice] };
    case 'dismiss-notice':
      return { ...state, notices: state.notices.filter(notice => notice.id !== event.id) };
    case 'clear-notices':
      return {
        ...state,
        notices: state.notices.filter(one => one.channel !== event.channel || one.thread !== event.thread),
      };
    case 'forget':
      return { ...emptyState(event.lastRead), online: state.online, channel: state.channel, tab: state.tab };
  }
}

function whole(state: PageState, event: Extract<PageEvent, { type: 'state' }>): PageState {
  const messages: PageState['messages'] = {};
  for (const message of event.messages) {
    const list = messages[message.channel] ?? [];
    list.push(message);
    messages[message.channel] = list;
  }
  for (const list of Object.values(messages)) list.sort(byTime);
  const lastRead = { ...state.lastRead };
  // A channel that was never opened in this browser starts as read: nobody wants a wall of old news.
  for (const channel of event.channels) lastRead[channel.id] ??= messages[channel.id]?.at(-1)?.ts ?? '0';
  const known = event.channels.some(channel => channel.id === state.channel);
  return {
    ...state,
    ready: true,
    online: true,
    workspace: event.workspace ?? state.workspace,
    me: event.me,
    users: Object.fromEntries([...event.users, event.me].map(user => [user.id, user])),
    people: event.users,
    groups: event.groups,
    channels: event.channels,
    messages,
    commands: event.commands,
    app: event.app,
    home: event.home,
    modals: event.modals,
    modalErrors: {},
    lastRead,
    channel: known ? state.channel : (event.channels.find(one => !one.archived)?.id ?? event.channels[0]?.id ?? ''),
    thread: known ? state.thread : undefined,
  };
}

function byTime(a: PageMessage, b: PageMessage): number {
  return Number(a.ts) - Number(b.ts);
}

function withMessage(state: PageState, message: PageMessage): PageState {
  const list = state.messages[message.channel] ?? [];
  const key = messageKey(message);
  const at = list.findIndex(other => messageKey(other) === key);
  const next = at < 0 ? [...list, message].sort(byTime) : list.with(at, message);
  const messages = { ...state.messages, [message.channel]: next };
  if (message.user !== state.me.id || message.threadTs !== undefined) return { ...state, messages };
  // Who writes in a channel has seen it.
  const { [message.channel]: _line, ...newAfter } = state.newAfter;
  return { ...state, messages, newAfter, lastRead: { ...state.lastRead, [message.channel]: message.ts } };
}

function withModal(modals: PageModal[], modal: PageModal): PageModal[] {
  const at = modals.findIndex(other => other.viewId === modal.viewId);
  return at < 0 ? [...modals, modal] : modals.with(at, modal);
}

function open(state: PageState, event: Extract<Happening, { type: 'open' }>): PageState {
  const moved = event.channel !== state.channel;
  const from = state.lastRead[event.channel] ?? '0';
  const hasNew = (state.messages[event.channel] ?? []).some(
    message => Number(message.ts) > Number(from) && message.user !== state.me.id,
  );
  const { [event.channel]: _line, ...lines } = state.newAfter;
  const newAfter = moved ? (hasNew ? { ...lines, [event.channel]: from } : lines) : state.newAfter;
  return seen({
    ...state,
    channel: event.channel,
    thread: event.thread,
    tab: event.tab ?? 'messages',
    newAfter,
  });
}

function seen(state: PageState): PageState {
  const last = state.messages[state.channel]?.at(-1)?.ts;
  if (last === undefined || state.tab !== 'messages' || state.lastRead[state.channel] === last) return state;
  return { ...state, lastRead: { ...state.lastRead, [state.channel]: last } };
}

function without<T>(record: Record<string, T>, key: string): Record<string, T> {
  const { [key]: _gone, ...rest } = record;
  return rest;
}
