/** Ctrl/⌘ K: jump to a channel by a few letters of its name. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { html } from '../html.ts';
import { Icon } from '../icons.ts';
import { usePage } from '../page-context.ts';
import { channelName, unread } from '../selectors.ts';
import { Dialog } from './dialog.ts';

export function Switcher({ onClose }: { onClose(): void }): VNode {
  const page = usePage();
  const { state } = page;
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const found = state.channels
    .filter(
      channel =>
        !channel.archived &&
        channelName(state, channel.id).toLowerCase().includes(query.toLowerCase().replace(/^#/, '')),
    )
    .toSorted((a, b) => Number(unread(state, b).any) - Number(unread(state, a).any));
  const active = Math.min(at, found.length - 1);
  const pick = (id: string) => {
    onClose();
    page.go({ channel: id });
  };
  const press = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const chosen = found[active];
    if (step !== 0) setAt((active + step + found.length) % Math.max(1, found.length));
    else if (event.key === 'Enter' && chosen) pick(chosen.id);
    else return;
    event.preventDefault();
  };
  return html`<${Dialog} class="switcher" title="Go to a channel" onClose=${onClose}>
    <div class="menu-search"><${Icon} name="search" size=${16} />
      <input type="text" role="combobox" aria-expanded="true" aria-controls="switcher-list" aria-label="Channel name" placeholder="Where to?" data-autofocus
        aria-activedescendant=${active < 0 ? undefined : `switcher-${active}`} value=${query} onKeyDown=${press}
        onInput=${(event: Event) => {
          setQuery((event.target as HTMLInputElement).value);
          setAt(0);
        }} /></div>
    <div role="listbox" id="switcher-list" aria-label="Channels" class="menu-list">${found.map(
      (
        channel,
        index,
      ) => html`<div role="option" id=${`switcher-${index}`} class="menu-option" aria-selected=${index === active} data-active=${index === active}
        onMouseMove=${() => setAt(index)} onClick=${() => pick(channel.id)}>
        <${Icon} name=${channel.kind === 'im' ? 'chat' : channel.kind === 'private' ? 'lock' : 'hash'} size=${16} />
        <span class="menu-label">${channelName(state, channel.id)}${channel.topic ? html`<small>${channel.topic}</small>` : null}</span></div>`,
    )}${found.length === 0 ? html`<div class="menu-empty">No channel is called that.</div>` : null}</div>
  </${Dialog}>`;
}
