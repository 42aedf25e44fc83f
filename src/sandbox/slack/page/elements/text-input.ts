/** Inputs that are typed into: text, numbers, mail and web addresses. */
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { html } from '../html.ts';
import { asNumber, asObject, asText, textOf } from '../json.ts';
import type { ElementProps } from './button.ts';
import { nameOfElement, useSurface } from './surface.ts';

const kinds: Record<string, string> = {
  number_input: 'text',
  email_text_input: 'email',
  url_text_input: 'url',
  plain_text_input: 'text',
};

/** After this pause in typing (ms) `on_character_entered` sends what is there. */
const typingPause = 400;

export function TextInput({ element, blockId, label, dispatches = false }: ElementProps): VNode {
  const surface = useSurface();
  const timer = useRef(0);
  const type = asText(element.type);
  const value = asText(surface.valueOf(element, blockId) ?? '');
  const config = asObject(element.dispatch_action_config)?.trigger_actions_on;
  const triggers = Array.isArray(config) ? config : ['on_enter_pressed'];
  const multiline = type === 'plain_text_input' && element.multiline === true;
  const most = asNumber(element.max_length);
  const invalid = surface.errors[blockId] !== undefined;
  const act = (text: string) => void surface.act(element, blockId, { value: text }, text === '' ? null : text);

  const type_ = (event: Event) => {
    const text = (event.target as HTMLInputElement).value;
    surface.enter(element, blockId, text === '' ? null : text);
    if (!dispatches || !triggers.includes('on_character_entered')) return;
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => act(text), typingPause);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.isComposing || !dispatches || !triggers.includes('on_enter_pressed')) return;
    if (multiline && event.shiftKey) return;
    event.preventDefault();
    act((event.target as HTMLInputElement).value);
  };
  const shared = {
    class: 'text-input',
    value,
    'aria-label': nameOfElement(element, label),
    'aria-invalid': invalid,
    'aria-describedby': invalid ? `error-${blockId}` : undefined,
    'data-action': asText(element.action_id),
    'data-autofocus': element.focus_on_load === true ? true : undefined,
    placeholder: textOf(element.placeholder) || undefined,
    onInput: type_,
    onKeyDown: press,
  };
  return html`<span class="text-input-place">
    ${
      multiline
        ? html`<textarea rows="4" ...${shared}></textarea>`
        : html`<input type=${kinds[type] ?? 'text'} inputmode=${type === 'number_input' ? 'decimal' : undefined} autocomplete="off" ...${shared} />`
    }
    ${most === undefined ? null : html`<span class="text-input-left" aria-hidden="true">${most - value.length}</span>`}
  </span>`;
}
