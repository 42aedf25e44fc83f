/** The head of a channel: its name, topic and members, and its tabs. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { PageChannel } from '../../page-protocol.ts';
import { html } from '../html.ts';
import { Icon } from '../icons.ts';
import { usePage } from '../page-context.ts';
import { channelName, nameOf, userOf } from '../selectors.ts';
import type { Tab } from '../state.ts';
import { parseInline } from '../text/mrkdwn.ts';
import { Avatar } from './avatar.ts';
import { Dialog } from './dialog.ts';
import { Inlines } from './inline.ts';

export function ChannelHeader({ channel }: { channel: PageChannel }): VNode {
  const page = usePage();
  const { state } = page;
  const [listing, setListing] = useState(false);
  const name = channelName(state, channel.id);
  const isApp = channel.kind === 'im';
  const tabs: [Tab, string][] = isApp
    ? [
        ['home', 'Home'],
        ['messages', 'Messages'],
      ]
    : [
        ['messages', 'Messages'],
        ['files', 'Files'],
      ];
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
    const other = tabs.find(([tab]) => tab !== state.tab);
    if (!other) return;
    page.go({ channel: channel.id, tab: other[0] });
    const list = event.currentTarget as HTMLElement;
    requestAnimationFrame(() => list.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
  };
  return html`<header class="channel-header">
    <div class="channel-line">
      <h2 class="channel-name">${
        isApp
          ? html`<${Avatar} user=${userOf(state, state.app.botUser)} size=${26} />`
          : html`<${Icon} name=${channel.kind === 'private' ? 'lock' : 'hash'} size=${18} />`
      }<span>${name}</span>${isApp ? html`<span class="badge">APP</span><span class=${`presence ${state.app.connected ? 'on' : ''}`} title=${state.app.connected ? 'Connected' : 'Not connected'}></span>` : null}</h2>
      <span class="channel-topic"><${Inlines} nodes=${parseInline(channel.topic)} /></span>
      ${
        isApp
          ? null
          : html`<button type="button" class="members" aria-label=${`${channel.members.length} members`} onClick=${() => setListing(true)}>
              <span class="thread-faces">${channel.members.slice(0, 3).map(id => html`<${Avatar} user=${userOf(state, id)} size=${24} />`)}</span>${channel.members.length}</button>`
      }
    </div>
    <div class="tabs" role="tablist" aria-label=${`${name} tabs`} onKeyDown=${press}>${tabs.map(
      ([
        tab,
        label,
      ]) => html`<button type="button" role="tab" aria-selected=${state.tab === tab} tabindex=${state.tab === tab ? 0 : -1}
        class="tab" onClick=${() => page.go({ channel: channel.id, tab })}>${
          tab === 'home' ? null : html`<${Icon} name=${tab === 'files' ? 'file' : 'chat'} size=${15} />`
        }${label}</button>`,
    )}</div>
    ${listing ? html`<${Members} channel=${channel} onClose=${() => setListing(false)} />` : null}
  </header>`;
}

function Members({ channel, onClose }: { channel: PageChannel; onClose(): void }): VNode {
  const { state } = usePage();
  return html`<${Dialog} class="dialog-small" title=${`Members of #${channel.name}`} onClose=${onClose}>
    ${channel.topic ? html`<p class="members-topic"><${Inlines} nodes=${parseInline(channel.topic)} /></p>` : null}
    <ul class="member-list" role="list">${channel.members.map(id => {
      const user = userOf(state, id);
      return html`<li><${Avatar} user=${user} size=${36} /><span><b>${nameOf(user)}</b>
        ${user.isBot ? html` <span class="badge">APP</span>` : null}${user.isGuest ? html` <span class="badge guest">GUEST</span>` : null}
        ${user.id === state.me.id ? html` <small>(you)</small>` : null}<small class="member-title">${user.title}</small></span></li>`;
    })}</ul>
  </${Dialog}>`;
}
