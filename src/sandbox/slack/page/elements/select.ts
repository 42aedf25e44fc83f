/** Select menus, single and multiple: static, external, people, conversations, channels. */
import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Json } from '../../../../object.ts';
import { useConfirm } from '../components/confirm.ts';
import { Plain } from '../components/inline.ts';
import { ListMenu } from '../components/list-menu.ts';
import { html } from '../html.ts';
import { Icon, Spinner } from '../icons.ts';
import { asNumber, asObject, asText, textOf } from '../json.ts';
import { usePage } from '../page-context.ts';
import type { ElementProps } from './button.ts';
import { itemOf, livingItems, type MenuGroup, type MenuItem, optionGroups, sourceOf } from './menu-source.ts';
import { isPending, nameOfElement, useSurface } from './surface.ts';
import { valueField } from './values.ts';

export function SelectElement({ element, blockId, label, dispatches = true }: ElementProps): VNode {
  const page = usePage();
  const surface = useSurface();
  const confirm = useConfirm(element.confirm);
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [offered, setOffered] = useState<MenuGroup[]>([]);
  const [busy, setBusy] = useState(false);
  const asked = useRef(0);

  const type = asText(element.type);
  const many = type.startsWith('multi_');
  const source = sourceOf(type);
  const field = valueField(type) ?? '';
  const held = surface.valueOf(element, blockId);
  const values: Json[] = many ? (Array.isArray(held) ? held : []) : held === null || held === undefined ? [] : [held];
  const chosen = values.map(value => itemOf(value, source, page.state)).filter(item => item !== undefined);
  const name = nameOfElement(element, label);
  const most = asNumber(element.max_selected_items);

  const query = async (text: string) => {
    if (text.length < (asNumber(element.min_query_length) ?? 3)) return setOffered([]);
    const turn = ++asked.current;
    setBusy(true);
    const options = await surface.options(element, blockId, text);
    if (turn !== asked.current) return;
    setBusy(false);
    // The app may answer with options, or with groups of them.
    const grouped = options.some(option => option.options !== undefined);
    setOffered(optionGroups(grouped ? { option_groups: options } : { options }));
  };
  const show = () => {
    setOpen(!open);
    if (!open && source === 'external') void query('');
  };
  const settle = (value: Json) => {
    if (dispatches) confirm.ask(() => void surface.act(element, blockId, { [field]: value }, value));
    else surface.enter(element, blockId, value);
  };
  const choose = (item: MenuItem) => {
    const had = chosen.some(one => one.key === item.key);
    if (!many) {
      setOpen(false);
      anchor.current?.focus();
      if (!had) settle(item.value);
    } else if (had) {
      settle(chosen.filter(one => one.key !== item.key).map(one => one.value));
    } else if (most === undefined || chosen.length < most) {
      settle([...chosen.map(one => one.value), item.value]);
    }
  };
  const groups =
    source === 'options'
      ? optionGroups(element)
      : source === 'external'
        ? offered
        : [{ label: '', items: livingItems(source, page.state, asObject(element.filter)) }];
  const least = asNumber(element.min_query_length) ?? 3;

  return html`<span class=${`select ${many ? 'many' : ''}`}>
    ${
      many && chosen.length > 0
        ? html`<span class="chips">${chosen.map(
            item => html`<span class="chip" key=${item.key}>${item.label}<button type="button"
              aria-label=${`Remove ${item.label}`} onClick=${() => choose(item)}><${Icon} name="close" size=${12} /></button></span>`,
          )}</span>`
        : null
    }
    <button type="button" ref=${anchor} role="combobox" class="select-button" aria-haspopup="listbox" aria-expanded=${open}
      aria-label=${name} data-action=${asText(element.action_id)} data-autofocus=${element.focus_on_load === true ? true : undefined}
      aria-busy=${isPending(surface, element, blockId)} onClick=${show}>
      <span class=${chosen.length > 0 && !many ? 'select-value' : 'select-placeholder'}>
        ${chosen[0] && !many ? html`<${Plain} text=${chosen[0].label} />` : textOf(element.placeholder) || 'Select an item'}
      </span>
      ${isPending(surface, element, blockId) ? html`<${Spinner} />` : html`<${Icon} name="down" size=${16} />`}
    </button>
    ${
      open
        ? html`<${ListMenu} anchor=${anchor} name=${name} groups=${groups} many=${many} busy=${busy}
            chosen=${chosen.map(item => item.key)} onQuery=${source === 'external' ? query : undefined}
            empty=${source === 'external' && least > 0 ? `Type ${least === 1 ? 'a letter' : `${least} letters`} or more to search` : undefined}
            onChoose=${choose} onClose=${() => setOpen(false)} />`
        : null
    }${confirm.dialog}
  </span>`;
}
