/** The whole window: bar, rail, sidebar, channel, thread; on a phone the sidebar is a drawer and the thread a sheet. */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { html } from '../html.ts';
import { usePage } from '../page-context.ts';
import { ChannelView } from './channel-view.ts';
import { Modals } from './modal.ts';
import { Rail } from './rail.ts';
import { Sidebar } from './sidebar.ts';
import { Switcher } from './switcher.ts';
import { ThreadPanel } from './thread-panel.ts';
import { TopBar } from './top-bar.ts';

export function Shell(): VNode {
  const page = usePage();
  const { state } = page;
  const [drawer, setDrawer] = useState(false);
  const [searching, setSearching] = useState(false);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setSearching(true);
      } else if (
        event.key === 'Escape' &&
        !event.defaultPrevented &&
        !document.querySelector('dialog[open], :popover-open')
      ) {
        setDrawer(false);
      }
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);

  if (!state.ready) {
    return html`<div class="starting" role="status"><span class="starting-bar"></span>${state.online ? 'Loading…' : 'Connecting…'}</div>`;
  }
  return html`<div class=${`shell ${drawer ? 'drawer-open' : ''} ${state.thread ? 'with-thread' : ''}`}>
    <${TopBar} onMenu=${() => setDrawer(!drawer)} onSearch=${() => setSearching(true)} />
    ${state.online ? null : html`<div class="offline" role="status">You are offline. Trying to reconnect…</div>`}
    <${Rail} />
    <div class="window">
      <${Sidebar} onPick=${() => setDrawer(false)} />
      <button type="button" class="drawer-shade" aria-label="Close channels" tabindex="-1" onClick=${() => setDrawer(false)}></button>
      <${ChannelView} />
      ${state.thread === undefined ? null : html`<${ThreadPanel} channel=${state.channel} thread=${state.thread} />`}
    </div>
    <${Modals} />
    ${searching ? html`<${Switcher} onClose=${() => setSearching(false)} />` : null}
  </div>`;
}
