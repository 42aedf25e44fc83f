/** What the message box offers while one types: commands with their usage, people, channels, emoji. */
import type { RefObject, VNode } from 'preact';
import { html } from '../html.ts';
import { Icon } from '../icons.ts';
import { usePage } from '../page-context.ts';
import { userOf } from '../selectors.ts';
import type { Completion } from '../text/completions.ts';
import { Avatar } from './avatar.ts';
import { Emoji } from './emoji.ts';
import { Popover } from './popover.ts';

interface CompletionListProps {
  anchor: RefObject<HTMLElement>;
  items: Completion[];
  active: number;
  onPick(item: Completion): void;
  onActive(index: number): void;
  onClose(): void;
}

const names: Record<Completion['kind'], string> = {
  command: 'Commands',
  person: 'People',
  group: 'People',
  channel: 'Channels',
  broadcast: 'People',
  emoji: 'Emoji',
};

export function CompletionList({ anchor, items, active, onPick, onActive, onClose }: CompletionListProps): VNode {
  const { state } = usePage();
  const sign = (item: Completion) => {
    if (item.kind === 'person') return html`<${Avatar} user=${userOf(state, item.id)} size=${24} />`;
    if (item.kind === 'emoji') return html`<${Emoji} name=${item.id} />`;
    if (item.kind === 'command') return html`<${Avatar} user=${userOf(state, state.app.botUser)} size=${28} />`;
    return html`<${Icon} name=${item.kind === 'channel' ? 'hash' : 'people'} size=${18} />`;
  };
  const kind = items[0]?.kind ?? 'person';
  return html`<${Popover} anchor=${anchor} onClose=${onClose} prefer="above" fit class="completions">
    <div class="completions-head">${names[kind]}</div>
    <div role="listbox" id="completions" aria-label=${names[kind]}>${items.map(
      (
        item,
        index,
      ) => html`<div role="option" id=${`completion-${index}`} class="completion" key=${`${item.kind}/${item.id}`} aria-selected=${index === active}
        data-active=${index === active} onMouseMove=${() => onActive(index)} onMouseDown=${(event: Event) => event.preventDefault()} onClick=${() => onPick(item)}>
        <span class="completion-sign">${sign(item)}</span>
        <span class="completion-label">${item.label}</span>${item.detail === '' ? null : html`<span class="completion-detail">${item.detail}</span>`}
      </div>`,
    )}</div>
  </${Popover}>`;
}
