/** Radio buttons and checkboxes. */
import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import type { Json } from '../../../../object.ts';
import { useConfirm } from '../components/confirm.ts';
import { TextObject } from '../components/text-object.ts';
import { html } from '../html.ts';
import { asObject, asObjects, asText } from '../json.ts';
import type { ElementProps } from './button.ts';
import { nameOfElement, useSurface } from './surface.ts';

export function ChoicesElement({ element, blockId, label, dispatches = true }: ElementProps): VNode {
  const surface = useSurface();
  const confirm = useConfirm(element.confirm);
  const id = useId();
  const many = element.type === 'checkboxes';
  const field = many ? 'selected_options' : 'selected_option';
  const held = surface.valueOf(element, blockId);
  const chosen = new Set((many ? asObjects(held) : asObjects([held ?? null])).map(option => asText(option.value)));
  const settle = (value: Json) => {
    if (dispatches) confirm.ask(() => void surface.act(element, blockId, { [field]: value }, value));
    else surface.enter(element, blockId, value);
  };
  const options = asObjects(element.options);
  const change = (value: string) => {
    if (!many) return settle(options.find(option => asText(option.value) === value) ?? null);
    settle(options.filter(option => (asText(option.value) === value) !== chosen.has(asText(option.value))));
  };
  return html`<div class="choices" role=${many ? 'group' : 'radiogroup'} aria-label=${nameOfElement(element, label)}>
    ${options.map((option, index) => {
      const value = asText(option.value);
      return html`<label class="choice" key=${value}>
        <input type=${many ? 'checkbox' : 'radio'} name=${id} value=${value} checked=${chosen.has(value)}
          aria-describedby=${asObject(option.description) ? `${id}-${index}` : undefined} onChange=${() => change(value)} />
        <span class="choice-text"><${TextObject} of=${option.text} />
          ${option.description ? html`<small id=${`${id}-${index}`}><${TextObject} of=${option.description} /></small>` : null}
        </span>
      </label>`;
    })}${confirm.dialog}
  </div>`;
}
