/** The page's wire to its server: one stream of events in, actions out. Opens the stream again whenever it breaks. */
import type { PageAction, PageEvent, PageReply } from '../page-protocol.ts';

export interface Connection {
  /** Never rejects: what goes wrong on the way is a reply for the person. */
  send(action: PageAction): Promise<PageReply>;
  close(): void;
}

const firstWait = 500;
const longestWait = 8000;

/** `user` undefined: the server chooses who sits here. `onOnline` is told of every change. */
export function connect(
  user: string | undefined,
  onEvent: (event: PageEvent) => void,
  onOnline: (online: boolean) => void,
): Connection {
  let source: EventSource | undefined;
  let wait = firstWait;
  let timer: number | undefined;
  let closed = false;
  let opened = false;
  let named = user;

  const open = () => {
    source = new EventSource(`/page/events${named === undefined ? '' : `?user=${encodeURIComponent(named)}`}`);
    source.onopen = () => {
      opened = true;
      wait = firstWait;
      onOnline(true);
    };
    source.onmessage = message => onEvent(JSON.parse(message.data) as PageEvent);
    source.onerror = () => {
      // The server answered, and refused: it does not know this person. Sit down as whom it chooses.
      if (!opened && source?.readyState === EventSource.CLOSED) named = undefined;
      source?.close();
      if (closed) return;
      onOnline(false);
      timer = window.setTimeout(open, wait);
      wait = Math.min(wait * 2, longestWait);
    };
  };
  open();

  return {
    send,
    close() {
      closed = true;
      window.clearTimeout(timer);
      source?.close();
    },
  };
}

async function send(action: PageAction): Promise<PageReply> {
  try {
    const response = await fetch('/page/action', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(action),
    });
    const reply = (await response.json()) as PageReply;
    return typeof reply.ok === 'boolean'
      ? reply
      : { ok: false, error: 'The server gave an answer that makes no sense.' };
  } catch {
    return {
      ok: false,
      error: 'That could not be sent: the server does not answer. Try again once you are back online.',
    };
  }
}
