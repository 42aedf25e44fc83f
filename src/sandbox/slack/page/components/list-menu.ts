/** A searchable list to choose from, in a popover: the inside of every menu. */
import type { RefObject, VNode } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { type MenuGroup, type MenuItem, matching } from '../elements/menu-source.ts';
import { html } from '../html.ts';
import { Icon, Spinner } from '../icons.ts';
import { Plain } from './inline.ts';
import { Popover } from './popover.ts';

interface ListMenuProps {
  anchor: RefObject<HTMLElement>;
  name: string;
  groups: MenuGroup[];
  /** Keys of what is chosen already. */
  chosen: string[];
  many?: boolean;
  /** Asks elsewhere what to offer for what was typed; without it the groups are searched here. */
  onQuery?(query: string): void;
  busy?: boolean;
  empty?: string;
  onChoose(item: MenuItem): void;
  onClose(): void;
}

export function ListMenu(props: ListMenuProps): VNode {
  const { anchor, name, chosen, onChoose, onClose, onQuery } = props;
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const groups = onQuery ? props.groups.filter(group => group.items.length > 0) : matching(props.groups, query);
  const items = groups.flatMap(group => group.items);
  const active = Math.min(at, items.length - 1);

  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    list.current?.querySelector('[data-active="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  const type = (event: Event) => {
    const text = (event.target as HTMLInputElement).value;
    setQuery(text);
    setAt(0);
    onQuery?.(text);
  };
  const press = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setAt((active + step + items.length) % Math.max(1, items.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const item = items[active];
      if (item) onChoose(item);
    } else if (event.key === 'Tab') {
      onClose();
    }
  };
  const option = (item: MenuItem) => {
    const selected = chosen.includes(item.key);
    const isActive = items[active] === item;
    return html`<div role="option" id=${`${id}-${items.indexOf(item)}`} key=${item.key} class="menu-option"
      aria-selected=${selected} data-active=${isActive} tabindex="-1" onMouseMove=${() => setAt(items.indexOf(item))}
      onClick=${() => onChoose(item)}>
      <span class="menu-tick">${selected ? html`<${Icon} name="check" size=${16} />` : null}</span>
      <span class="menu-label"><${Plain} text=${item.label} />${item.description === '' ? null : html`<small>${item.description}</small>`}</span>
    </div>`;
  };

  return html`<${Popover} anchor=${anchor} onClose=${onClose} fit class="menu">
    <div class="menu-search">
      <${Icon} name="search" size=${15} />
      <input ref=${input} type="text" role="searchbox" aria-label=${`Search: ${name}`} placeholder="Search" value=${query}
        aria-controls=${id} aria-activedescendant=${active < 0 ? undefined : `${id}-${active}`} autocomplete="off"
        spellcheck=${false} onInput=${type} onKeyDown=${press} />
      ${props.busy ? html`<${Spinner} />` : null}
    </div>
    <div role="listbox" id=${id} ref=${list} class="menu-list" aria-label=${name} aria-multiselectable=${props.many ?? false}>
      ${groups.map(group =>
        group.label === ''
          ? group.items.map(option)
          : html`<div role="group" aria-label=${group.label}><div class="menu-group">${group.label}</div>${group.items.map(option)}</div>`,
      )}
      ${items.length === 0 && !props.busy ? html`<div class="menu-empty">${props.empty ?? 'No matches'}</div>` : null}
    </div>
  </${Popover}>`;
}
