/** The ⋯ menu: a few further actions. */
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useConfirm } from '../components/confirm.ts';
import { Plain } from '../components/inline.ts';
import { Popover } from '../components/popover.ts';
import { html } from '../html.ts';
import { Icon, Spinner } from '../icons.ts';
import { asObjects, asText, textOf } from '../json.ts';
import { safeUrl } from '../text/inline.ts';
import type { ElementProps } from './button.ts';
import { isPending, useSurface } from './surface.ts';

export function OverflowElement({ element, blockId }: ElementProps): VNode {
  const surface = useSurface();
  const confirm = useConfirm(element.confirm);
  const anchor = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (open) list.current?.querySelector('button')?.focus();
  }, [open]);
  const pick = (option: ReturnType<typeof asObjects>[number]) => {
    setOpen(false);
    anchor.current?.focus();
    confirm.ask(() => {
      const url = safeUrl(asText(option.url));
      if (url !== undefined) window.open(url, '_blank', 'noopener');
      void surface.act(element, blockId, { selected_option: option });
    });
  };
  const press = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const all = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    all[(at + step + all.length) % all.length]?.focus();
  };
  return html`<span class="overflow">
    <button type="button" ref=${anchor} class="button overflow-button" aria-label="More actions" aria-haspopup="menu"
      aria-expanded=${open} data-action=${asText(element.action_id)} onClick=${() => setOpen(!open)}>
      ${isPending(surface, element, blockId) ? html`<${Spinner} />` : html`<${Icon} name="more" size=${16} />`}
    </button>
    ${
      open
        ? html`<${Popover} anchor=${anchor} onClose=${() => setOpen(false)} align="end" class="menu">
            <div role="menu" aria-label="More actions" class="menu-list" ref=${list} onKeyDown=${press}>
              ${asObjects(element.options).map(
                option => html`<button type="button" role="menuitem" class="menu-item" onClick=${() => pick(option)}>
                  <${Plain} text=${textOf(option.text)} />
                  ${option.description ? html`<small>${textOf(option.description)}</small>` : null}
                </button>`,
              )}
            </div>
          </${Popover}>`
        : null
    }${confirm.dialog}
  </span>`;
}
