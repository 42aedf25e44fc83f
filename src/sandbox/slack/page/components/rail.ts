/** The narrow strip at the far left: the workspace, its places, and the theme. */
import type { VNode } from 'preact';
import { html } from '../html.ts';
import { Icon, type IconName } from '../icons.ts';
import { usePage } from '../page-context.ts';
import { unread, userOf } from '../selectors.ts';
import { Avatar, initials } from './avatar.ts';

export function Rail(): VNode {
  const page = usePage();
  const { state } = page;
  const im = state.channels.find(channel => channel.kind === 'im');
  const channel = state.channels.find(one => one.kind !== 'im' && !one.archived);
  const inApp = im !== undefined && state.channel === im.id;
  const waiting = im ? unread(state, im).count : 0;
  const place = (icon: IconName, name: string, on: boolean, act: () => void, count = 0) =>
    html`<button type="button" class=${`rail-place ${on ? 'on' : ''}`} aria-pressed=${on} onClick=${act}>
      <span class="rail-icon"><${Icon} name=${icon} size=${20} />${count > 0 ? html`<b>${count}</b>` : null}</span>${name}</button>`;
  return html`<nav class="rail" aria-label="Workspace">
    <span class="workspace" title=${state.workspace}>${initials(state.workspace).slice(0, 1)}</span>
    ${place('home', 'Home', !inApp, () => channel && page.go({ channel: inApp ? channel.id : state.channel }))}
    ${im ? place('chat', 'DMs', inApp && state.tab === 'messages', () => page.go({ channel: im.id }), waiting) : null}
    ${im ? place('slash', 'Apps', inApp && state.tab === 'home', () => page.go({ channel: im.id, tab: 'home' })) : null}
    <span class="rail-gap"></span>
    <span class="rail-me" title=${state.me.realName}><${Avatar} user=${userOf(state, state.me.id)} size=${36} /><i></i></span>
  </nav>`;
}
