/** "You are: Riko Tanaka ▾": who sits at this window. */
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from '../html.ts';
import { Icon } from '../icons.ts';
import { usePage } from '../page-context.ts';
import { nameOf } from '../selectors.ts';
import { Avatar } from './avatar.ts';
import { Popover } from './popover.ts';

export function PersonSwitcher(): VNode {
  const page = usePage();
  const { me, people } = page.state;
  const anchor = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (open) list.current?.querySelector<HTMLElement>('[aria-checked="true"], button')?.focus();
  }, [open]);
  const persons = people.filter(user => !user.isBot);
  const press = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const all = [...(list.current?.querySelectorAll('button') ?? [])];
    all[(all.indexOf(document.activeElement as HTMLButtonElement) + step + all.length) % all.length]?.focus();
  };
  return html`<span class="person-switcher">
    <button type="button" ref=${anchor} class="person-button" aria-haspopup="menu" aria-expanded=${open}
      aria-label=${`You are: ${nameOf(me)}`} onClick=${() => setOpen(!open)}>
      <${Avatar} user=${me} size=${22} /><span class="person-you">You are:</span> <b>${nameOf(me)}</b><${Icon} name="down" size=${14} /></button>
    ${
      open
        ? html`<${Popover} anchor=${anchor} align="end" onClose=${() => setOpen(false)} class="menu people-menu">
            <div class="people-head">Switch to another person<small>Ctrl- or ⌘-click opens a second window</small></div>
            <div role="menu" aria-label="People" ref=${list} onKeyDown=${press}>${persons.map(
              user => html`<button type="button" role="menuitemradio" class="person" aria-checked=${user.id === me.id} key=${user.id} data-user=${user.id}
                aria-label=${`${nameOf(user)}${user.title ? `, ${user.title}` : ''}`}
                onClick=${(event: MouseEvent) => {
                  setOpen(false);
                  if (event.metaKey || event.ctrlKey)
                    window.open(`?user=${user.id}&channel=${page.state.channel}`, '_blank');
                  else if (user.id !== me.id) page.become(user.id);
                }}>
                <${Avatar} user=${user} size=${32} />
                <span><b>${nameOf(user)}</b>${user.isGuest ? html` <span class="badge guest">GUEST</span>` : null}<small>${user.title}</small></span>
                ${user.id === me.id ? html`<${Icon} name="check" size=${16} />` : null}
              </button>`,
            )}</div>
          </${Popover}>`
        : null
    }
  </span>`;
}
