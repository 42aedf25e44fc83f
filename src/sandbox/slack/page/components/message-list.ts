/** Messages under each other, with day dividers and the line where the new ones begin; stays at the bottom. */
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { PageMessage } from '../../page-protocol.ts';
import { html } from '../html.ts';
import { usePage } from '../page-context.ts';
import { continues } from '../selectors.ts';
import { messageKey } from '../state.ts';
import { dayDivider, sameDay, timeOf } from '../text/dates.ts';
import { Message } from './message.ts';

interface MessageListProps {
  name: string;
  messages: PageMessage[];
  inThread: boolean;
  /** The line "New" stands before the first message after this ts. */
  newAfter?: string | undefined;
  /** Above the first message. */
  top?: VNode | null;
  /** After the first message: the count of replies. */
  afterFirst?: VNode | null;
}

/** Nearer to the bottom than this (px) the list follows new messages. */
const stickiness = 80;

export function MessageList({ name, messages, inThread, newAfter, top, afterFirst }: MessageListProps): VNode {
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const sticky = useRef(true);
  const me = usePage().state.me.id;
  const last = messages.at(-1);
  const mine = last !== undefined && (last.user === me || last.ephemeralTo === me) ? messageKey(last) : undefined;
  const seen = useRef(mine);

  useLayoutEffect(() => {
    const own = box.current;
    const line = own?.querySelector('.new-line');
    const wanted = window.location.hash.startsWith('#m')
      ? own?.querySelector(`[data-ts="${CSS.escape(window.location.hash.slice(2))}"]`)
      : null;
    if (wanted) {
      wanted.scrollIntoView({ block: 'center' });
      wanted.classList.add('pointed');
    } else if (line) line.scrollIntoView({ block: 'center' });
    else if (own) own.scrollTop = own.scrollHeight;
  }, []);
  useEffect(() => {
    const own = box.current;
    const inner = list.current;
    if (!own || !inner) return;
    const follow = () => {
      if (sticky.current) own.scrollTop = own.scrollHeight;
    };
    let top = own.scrollTop;
    const scrolled = () => {
      const near = own.scrollHeight - own.scrollTop - own.clientHeight < stickiness;
      // Content that grows also leaves the bottom; only a person scrolls up.
      if (near) sticky.current = true;
      else if (own.scrollTop < top) sticky.current = false;
      top = own.scrollTop;
    };
    sticky.current = own.scrollHeight - own.scrollTop - own.clientHeight < stickiness;
    const watcher = new ResizeObserver(follow);
    watcher.observe(inner);
    watcher.observe(own);
    own.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      watcher.disconnect();
      own.removeEventListener('scroll', scrolled);
    };
  }, []);

  // Who has just said something, or is told something alone, waits to see it.
  useLayoutEffect(() => {
    const own = box.current;
    if (mine === undefined || mine === seen.current || !own) return;
    seen.current = mine;
    sticky.current = true;
    own.scrollTop = own.scrollHeight;
  }, [mine]);

  const now = new Date();
  const firstNew = newAfter === undefined ? undefined : messages.find(message => Number(message.ts) > Number(newAfter));
  const rows = messages.flatMap((message, index) => {
    const before = messages[index - 1];
    const at = timeOf(message.ts);
    const newDay = !inThread && (!before || !sameDay(timeOf(before.ts), at));
    const isNew = message === firstNew;
    const separated = newDay || isNew || (index === 1 && afterFirst);
    return [
      newDay || isNew
        ? html`<li role="presentation" class=${`day ${isNew ? 'new-line' : ''}`} key=${`day-${message.ts}`}>
            ${newDay ? html`<span class="day-label">${dayDivider(at, now)}</span>` : null}
            ${isNew ? html`<span class="new-label">New</span>` : null}</li>`
        : null,
      html`<${Message} key=${messageKey(message)} message=${message} inThread=${inThread} compact=${!separated && continues(before, message)} />`,
      index === 0 && afterFirst ? html`<li role="presentation" key="after-first">${afterFirst}</li>` : null,
    ];
  });
  return html`<div class="messages" ref=${box} tabindex="-1" role="log" aria-live="polite" aria-relevant="additions" aria-label=${name}>
    <div class="messages-push"></div>
    ${top}
    <ol class="message-list" role="list" ref=${list} aria-label=${name}>${rows}</ol>
  </div>`;
}
