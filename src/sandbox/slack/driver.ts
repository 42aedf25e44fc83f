/** Lets a test be a person of the local Slack, without a browser: every deed goes the way the page's does. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../object.ts';
import { findElement } from './blocks/walk.ts';
import { act } from './deeds/act.ts';
import { actionOf, type InputValue, stateOf } from './driver-values.ts';
import type { Hub } from './hub.ts';
import { objectsIn, stringIn } from './json.ts';
import { messageForPage } from './message-shapes.ts';
import type { PageMessage, PageModal, PageReply } from './page-protocol.ts';
import { seesMessage } from './page-server.ts';
import { viewForApp } from './views.ts';

interface Someone {
  /** Resolves when the page would have its reply: for a command, once the app acknowledged it. */
  say(channel: string, text: string, threadTs?: string): Promise<PageReply>;
  /** `value`: the button's own unless given; of a menu, the value of the option chosen. */
  click(message: PageMessage, actionId: string, value?: InputValue): Promise<PageReply>;
  /** The same in a modal or the Home; `values` as for submit. */
  clickIn(
    viewId: string,
    actionId: string,
    value?: InputValue,
    values?: Record<string, InputValue>,
  ): Promise<PageReply>;
  /** `values` by action_id or block_id. */
  submit(viewId: string, values?: Record<string, InputValue>): Promise<PageReply>;
  close(viewId: string): Promise<PageReply>;
  openHome(): Promise<PageReply>;
  options(where: PageMessage | { viewId: string }, actionId: string, typed: string): Promise<PageReply>;
  react(message: PageMessage, name: string): Promise<PageReply>;
  /** All this person may see, threads included, oldest first; without what is deleted. */
  messages(channel?: string): PageMessage[];
  /** The first message and its replies. */
  thread(channel: string, ts: string): PageMessage[];
  /** What only this person sees. */
  ephemerals(channel?: string): PageMessage[];
  /** The lowest first. */
  modals(): PageModal[];
  /** The view as Slack gives it, with its `id`. */
  home(): JsonObject | undefined;
  /** The channel of direct messages with the app. */
  directMessages(): string;
}

export interface Driver {
  as(user: string | { id: string }): Someone;
  /** Everybody's messages of a channel, without what only one person sees. */
  messages(channel: string): PageMessage[];
  thread(channel: string, ts: string): PageMessage[];
  ephemerals(): PageMessage[];
  /**
   * Looks again at each change, until `look` gives something else than undefined, null or false. Throws after
   * `patience` ms (10 s unless given).
   */
  until<T>(look: () => T | undefined | null | false, patience?: number): Promise<T>;
}

export function newDriver(hub: Hub): Driver {
  const shown = () => hub.messages.all().filter(message => !message.deleted);
  const onPage = (message: ReturnType<typeof shown>[number]) => messageForPage(hub.messages, hub.files, message);
  const inThread = (channel: string, ts: string) => (message: PageMessage) =>
    message.channel === channel && (message.ts === ts || message.threadTs === ts);
  const open = () =>
    shown()
      .filter(message => !message.ephemeralTo)
      .map(onPage);

  return {
    as: who => someone(hub, typeof who === 'string' ? who : who.id),
    messages: channel => open().filter(message => message.channel === channel),
    thread: (channel, ts) => open().filter(inThread(channel, ts)),
    ephemerals: () =>
      shown()
        .filter(message => message.ephemeralTo)
        .map(onPage),
    async until(look, patience = 10_000) {
      const end = Date.now() + patience;
      for (;;) {
        const found = look();
        if (found !== undefined && found !== null && found !== false) return found;
        if (Date.now() > end) throw new Error(`It did not come within ${patience} ms: ${look.toString()}`);
        await nextChange(hub);
      }
    },
  };
}

/** At most 50 ms, as not all that is waited for is a change of Slack's. */
async function nextChange(hub: Hub): Promise<void> {
  const waiting = new AbortController();
  const end = hub.changes.listen(() => waiting.abort());
  await sleep(50, undefined, { signal: waiting.signal }).catch(() => undefined);
  end();
}

function someone(hub: Hub, user: string): Someone {
  const person = hub.world.person(user);
  if (!person) throw new Error(`Nobody in the local Slack has the id ${user}.`);
  const seen = () =>
    hub.messages
      .all()
      .filter(message => !message.deleted && seesMessage(hub, person, message))
      .map(message => messageForPage(hub.messages, hub.files, message));
  const blocksOf = (viewId: string) => objectsIn(hub.views.find(viewId)?.view.blocks);
  const element = (blocks: JsonObject[], actionId: string) => {
    const found = findElement(blocks, actionId);
    if (!found) throw new Error(`There is no element with the action_id ${actionId} here.`);
    return found;
  };
  const doIt = async (action: Parameters<typeof act>[1]) => act(hub, action);

  return {
    say: (channel, text, threadTs) => doIt({ type: 'say', user, channel, text, ...(threadTs ? { threadTs } : {}) }),
    click(message, actionId, value) {
      const found = element(message.blocks ?? [], actionId);
      const action = actionOf(found.block, found.element, value);
      const container = {
        type: 'message' as const,
        channel: message.channel,
        ts: message.ts,
        ...(message.threadTs ? { threadTs: message.threadTs } : {}),
        ...(message.ephemeralTo ? { ephemeral: true } : {}),
      };
      return doIt({
        type: 'act',
        user,
        container,
        action,
        state: stateOf(message.blocks ?? [], { [actionId]: value }),
      });
    },
    clickIn(viewId, actionId, value, values = {}) {
      const blocks = blocksOf(viewId);
      const found = element(blocks, actionId);
      const action = actionOf(found.block, found.element, value);
      const state = stateOf(blocks, { ...values, [actionId]: value });
      return doIt({ type: 'act', user, container: { type: 'view', viewId }, action, state });
    },
    submit: (viewId, values = {}) => doIt({ type: 'submit', user, viewId, state: stateOf(blocksOf(viewId), values) }),
    close: viewId => doIt({ type: 'close', user, viewId }),
    openHome: () => doIt({ type: 'open-home', user }),
    options(where, actionId, typed) {
      const inView = 'viewId' in where;
      const found = element(inView ? blocksOf(where.viewId) : (where.blocks ?? []), actionId);
      const container = inView
        ? { type: 'view' as const, viewId: where.viewId }
        : { type: 'message' as const, channel: where.channel, ts: where.ts };
      const blockId = stringIn(found.block, 'block_id') ?? '';
      return doIt({ type: 'options', user, container, blockId, actionId, value: typed });
    },
    react: (message, name) => doIt({ type: 'react', user, channel: message.channel, ts: message.ts, name }),
    messages: channel => seen().filter(message => channel === undefined || message.channel === channel),
    thread: (channel, ts) =>
      seen().filter(message => message.channel === channel && (message.ts === ts || message.threadTs === ts)),
    ephemerals: channel =>
      seen().filter(message => message.ephemeralTo && (channel === undefined || message.channel === channel)),
    modals: () => hub.views.stack(user).map(({ id, hash, view }) => ({ viewId: id, hash, view })),
    home() {
      const stored = hub.views.home(user);
      return stored && viewForApp(stored);
    },
    directMessages: () => hub.world.directMessages(user).id,
  };
}
