/** The channels and apps at the left. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { PageChannel } from '../../page-protocol.ts';
import { recall } from '../drafts.ts';
import { html } from '../html.ts';
import { Icon } from '../icons.ts';
import { usePage } from '../page-context.ts';
import { channelName, unread, userOf } from '../selectors.ts';
import { Avatar } from './avatar.ts';

export function Sidebar({ onPick }: { onPick(): void }): VNode {
  const { state } = usePage();
  const channels = state.channels.filter(channel => channel.kind !== 'im' && !channel.archived);
  const apps = state.channels.filter(channel => channel.kind === 'im');
  return html`<nav class="sidebar" aria-label="Channels and apps">
    <div class="sidebar-head">
      <h1>${state.workspace}</h1>
    </div>
    <div class="sidebar-scroll">
      <${Section} title="Channels">${channels.map(channel => html`<${Entry} key=${channel.id} channel=${channel} onPick=${onPick} />`)}</${Section}>
      <${Section} title="Apps">${apps.map(channel => html`<${Entry} key=${channel.id} channel=${channel} onPick=${onPick} />`)}</${Section}>
    </div>
  </nav>`;
}

function Section({ title, children }: { title: string; children?: VNode[] }): VNode {
  const [open, setOpen] = useState(true);
  return html`<section class="sidebar-section">
    <button type="button" class="sidebar-title" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      <${Icon} name=${open ? 'down' : 'right'} size=${14} />${title}</button>
    ${open ? html`<ul role="list">${children}</ul>` : null}
  </section>`;
}

function Entry({ channel, onPick }: { channel: PageChannel; onPick(): void }): VNode {
  const page = usePage();
  const { state } = page;
  const name = channelName(state, channel.id);
  const { any, count } = unread(state, channel);
  const here = state.channel === channel.id;
  const draft = !here && recall(`draft/${state.me.id}/${channel.id}`) !== undefined;
  const sign =
    channel.kind === 'im'
      ? html`<${Avatar} user=${userOf(state, state.app.botUser)} size=${20} />`
      : html`<${Icon} name=${channel.kind === 'private' ? 'lock' : 'hash'} size=${16} />`;
  const label = `${name}${channel.kind === 'private' ? ' (private)' : ''}${count > 0 ? `, ${count} unread` : any ? ', unread' : ''}`;
  return html`<li><a href=${`?channel=${channel.id}`} class=${`entry ${here ? 'here' : ''} ${any ? 'unread' : ''}`} data-channel=${channel.id}
    aria-current=${here ? 'page' : undefined} aria-label=${label}
    onClick=${(event: MouseEvent) => {
      if (event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      page.go({ channel: channel.id });
      onPick();
    }}>
    <span class="entry-sign">${sign}</span><span class="entry-name">${name}</span>
    ${draft ? html`<span class="entry-draft" title="Draft">✎</span>` : null}
    ${count > 0 ? html`<span class="entry-count" aria-hidden="true">${count}</span>` : null}
  </a></li>`;
}
