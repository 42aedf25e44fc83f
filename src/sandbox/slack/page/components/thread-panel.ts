/** The thread at the right: its first message, the replies, and a message box of its own. */
import type { VNode } from 'preact';
import { html } from '../html.ts';
import { Icon } from '../icons.ts';
import { usePage } from '../page-context.ts';
import { channelName, channelOf, threadReplies, threadRoot } from '../selectors.ts';
import { Composer } from './composer.ts';
import { MessageList } from './message-list.ts';

export function ThreadPanel({ channel, thread }: { channel: string; thread: string }): VNode {
  const page = usePage();
  const { state } = page;
  const root = threadRoot(state, channel, thread);
  const replies = threadReplies(state, channel, thread);
  const count = replies.filter(reply => reply.ephemeralTo === undefined).length;
  const kind = channelOf(state, channel)?.kind;
  const name = channelName(state, channel);
  const divider =
    count === 0
      ? null
      : html`<div class="replies-divider"><span>${count} ${count === 1 ? 'reply' : 'replies'}</span></div>`;
  return html`<aside class="thread" aria-label="Thread">
    <header class="thread-header">
      <h2>Thread</h2>
      <button type="button" class="thread-where" onClick=${() => page.tell({ type: 'close-thread' })}>${kind === 'im' ? name : `# ${name}`}</button>
      <button type="button" class="icon-button" aria-label="Close thread" onClick=${() => page.tell({ type: 'close-thread' })}><${Icon} name="close" size=${20} /></button>
    </header>
    ${
      root
        ? html`<${MessageList} key=${thread} name="Messages in this thread" messages=${[root, ...replies]} inThread afterFirst=${divider} />`
        : html`<div class="messages"><p class="thread-gone">This thread is not here.</p></div>`
    }
    <${Composer} key=${`${channel}/${thread}`} channel=${channel} thread=${thread} />
  </aside>`;
}
