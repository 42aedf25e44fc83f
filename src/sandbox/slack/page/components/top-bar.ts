/** The bar over everything: the drawer's button, search, theme, and who sits at this window. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { html } from '../html.ts';
import { Icon } from '../icons.ts';
import { usePage } from '../page-context.ts';
import { setTheme, themeNow } from '../theme.ts';
import { PersonSwitcher } from './person-switcher.ts';

export function TopBar({ onMenu, onSearch }: { onMenu(): void; onSearch(): void }): VNode {
  const { state } = usePage();
  const [theme, show] = useState(themeNow());
  const other = theme === 'dark' ? 'light' : 'dark';
  return html`<header class="top-bar">
    <button type="button" class="top-button menu-button" aria-label="Channels" onClick=${onMenu}><${Icon} name="menu" size=${20} /></button>
    <button type="button" class="top-search" aria-label="Go to a channel" aria-keyshortcuts="Control+K Meta+K" onClick=${onSearch}>
      <${Icon} name="search" size=${15} /><span>Search ${state.workspace}</span></button>
    <span class="top-end">
      <button type="button" class="top-button" aria-label=${`Switch to ${other} theme`} title=${`Switch to ${other} theme`}
        onClick=${() => {
          setTheme(other);
          show(other);
        }}><${Icon} name=${other === 'dark' ? 'moon' : 'sun'} /></button>
      <${PersonSwitcher} />
    </span>
  </header>`;
}
