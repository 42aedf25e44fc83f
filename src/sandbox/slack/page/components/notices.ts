/** Sentences of the page itself for this person: what could not be done, and why. */
import type { VNode } from 'preact';
import { html } from '../html.ts';
import { Icon } from '../icons.ts';
import { usePage } from '../page-context.ts';

export function Notices({ channel, thread }: { channel: string; thread?: string | undefined }): VNode | null {
  const page = usePage();
  const notices = page.state.notices.filter(notice => notice.channel === channel && notice.thread === thread);
  return html`<div class="notices" role="alert">${notices.map(
    notice => html`<div class="notice" key=${notice.id}>
      <span class="notice-sign"><${Icon} name="info" size=${18} /></span>
      <div><div class="notice-head"><b>Slackbot</b> <span class="badge">APP</span> <span class="notice-who"><${Icon} name="eye" size=${13} /> Only visible to you</span></div>
      <div class="notice-text">${notice.text}</div></div>
      <button type="button" class="icon-button notice-close" aria-label="Dismiss" onClick=${() => page.tell({ type: 'dismiss-notice', id: notice.id })}><${Icon} name="close" size=${16} /></button>
    </div>`,
  )}</div>`;
}
