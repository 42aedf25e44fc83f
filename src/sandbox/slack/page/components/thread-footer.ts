/** Under a message that has replies: how many, by whom, and when the last came. */
import type { VNode } from 'preact';
import type { PageMessage } from '../../page-protocol.ts';
import { html } from '../html.ts';
import { Icon } from '../icons.ts';
import { usePage } from '../page-context.ts';
import { threadSummary, userOf } from '../selectors.ts';
import { ago, moment, timeOf } from '../text/dates.ts';
import { Avatar } from './avatar.ts';

export function ThreadFooter({ message }: { message: PageMessage }): VNode | null {
  const page = usePage();
  const summary = threadSummary(page.state, message);
  if (!summary) return null;
  const now = new Date();
  const latest = timeOf(summary.latest);
  const recent = now.getTime() - latest.getTime() < 86_400_000 ? ago(latest, now) : moment(latest, now);
  const replies = `${summary.count} ${summary.count === 1 ? 'reply' : 'replies'}`;
  return html`<button type="button" class="thread-footer" aria-label=${`${replies}, view thread`}
    onClick=${() => page.go({ channel: message.channel, thread: message.ts })}>
    <span class="thread-faces">${summary.users.map(id => html`<${Avatar} user=${userOf(page.state, id)} size=${24} />`)}</span>
    <span class="thread-count">${replies}</span>
    <span class="thread-latest">Last reply ${recent}</span>
    <span class="thread-view">View thread</span>
    <${Icon} name="right" size=${16} />
  </button>`;
}
