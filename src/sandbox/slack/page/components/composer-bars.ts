/** The two rows of buttons around the message box. */
import type { RefObject, VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { html } from '../html.ts';
import { Icon, type IconName } from '../icons.ts';
import { findEmoji } from '../text/emoji.ts';
import type { Format } from '../text/typing.ts';
import { Emoji } from './emoji.ts';
import { Popover } from './popover.ts';

const formats: (readonly [Format, string] | undefined)[] = [
  ['bold', 'Bold'],
  ['italic', 'Italic'],
  ['strike', 'Strikethrough'],
  undefined,
  ['numbers', 'Ordered list'],
  ['bullets', 'Bulleted list'],
  undefined,
  ['quote', 'Quote'],
  ['code', 'Code'],
  ['pre', 'Code block'],
];

export function FormatBar({ onFormat }: { onFormat(as: Format): void }): VNode {
  return html`<div class="composer-bar" role="toolbar" aria-label="Formatting">${formats.map(one =>
    one === undefined
      ? html`<span class="bar-gap"></span>`
      : html`<button type="button" class="icon-button" tabindex="-1" aria-label=${one[1]} title=${one[1]} onMouseDown=${keepFocus}
          onClick=${() => onFormat(one[0])}><${Icon} name=${one[0]} size=${17} /></button>`,
  )}</div>`;
}

/** The selection of the message box must outlive the click. */
function keepFocus(event: Event): void {
  event.preventDefault();
}

interface FootProps {
  canSend: boolean;
  barShown: boolean;
  onAdd(piece: string): void;
  onSend(): void;
  onBar(): void;
}

export function ComposerFoot({ canSend, barShown, onAdd, onSend, onBar }: FootProps): VNode {
  const anchor = useRef<HTMLButtonElement>(null);
  const [picking, setPicking] = useState(false);
  const button = (icon: IconName, name: string, act: () => void, pressed?: boolean) =>
    html`<button type="button" class="icon-button" aria-label=${name} title=${name} aria-pressed=${pressed} onMouseDown=${keepFocus} onClick=${act}><${Icon} name=${icon} /></button>`;
  return html`<div class="composer-foot">
    ${button('type', barShown ? 'Hide formatting' : 'Show formatting', onBar, barShown)}
    <button type="button" ref=${anchor} class="icon-button" aria-label="Emoji" title="Emoji" aria-expanded=${picking} onClick=${() => setPicking(!picking)}><${Icon} name="smile" /></button>
    ${button('at', 'Mention someone', () => onAdd('@'))}
    <span class="bar-gap"></span>
    ${button('slash', 'Run a command', () => onAdd('/'))}
    ${
      picking
        ? html`<${EmojiPicker} anchor=${anchor} onClose=${() => setPicking(false)} onPick=${(name: string) => {
            setPicking(false);
            onAdd(`:${name}: `);
          }} />`
        : null
    }
    <button type="button" class=${`send ${canSend ? 'ready' : ''}`} aria-label="Send now" title="Send now" disabled=${!canSend} onClick=${onSend}><${Icon} name="send" /></button>
  </div>`;
}

function EmojiPicker(props: { anchor: RefObject<HTMLElement>; onClose(): void; onPick(name: string): void }): VNode {
  const [query, setQuery] = useState('');
  return html`<${Popover} anchor=${props.anchor} onClose=${props.onClose} prefer="above" class="emoji-picker">
    <div class="menu-search"><${Icon} name="search" size=${15} />
      <input type="text" role="searchbox" aria-label="Search emoji" placeholder="Search all emoji" value=${query}
        onInput=${(event: Event) => setQuery((event.target as HTMLInputElement).value.toLowerCase())} /></div>
    <div class="emoji-grid">${findEmoji(query, 200).map(
      emoji =>
        html`<button type="button" aria-label=${emoji.name} title=${`:${emoji.name}:`} onClick=${() => props.onPick(emoji.name)}><${Emoji} name=${emoji.name} /></button>`,
    )}</div>
  </${Popover}>`;
}
