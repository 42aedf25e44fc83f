/** Buttons: plain, primary, danger, links, icons and feedback pairs. A button whose click is under way turns. */
import type { VNode } from 'preact';
import type { JsonObject } from '../../../../object.ts';
import { useConfirm } from '../components/confirm.ts';
import { Plain } from '../components/inline.ts';
import { html } from '../html.ts';
import { Icon, Spinner } from '../icons.ts';
import { asObject, asText, textOf } from '../json.ts';
import { safeUrl } from '../text/inline.ts';
import { isPending, useSurface } from './surface.ts';

export interface ElementProps {
  element: JsonObject;
  blockId: string;
  /** The label of the input block around it. */
  label?: string | undefined;
  /** Sends its action on every change, not only with the form. */
  dispatches?: boolean;
}

export function ButtonElement({ element, blockId }: ElementProps): VNode {
  const surface = useSurface();
  const confirm = useConfirm(element.confirm);
  const pending = isPending(surface, element, blockId);
  const url = safeUrl(asText(element.url));
  const style = asText(element.style);
  const click = () => {
    if (pending) return;
    confirm.ask(() => {
      if (url !== undefined) window.open(url, '_blank', 'noopener');
      const value = element.value;
      void surface.act(element, blockId, {
        text: element.text ?? null,
        ...(typeof value === 'string' ? { value } : {}),
        ...(style === '' ? {} : { style }),
      });
    });
  };
  return html`<span class="button-place">
    <button type="button" class=${`button ${style}`} aria-label=${asText(element.accessibility_label) || undefined}
      aria-busy=${pending} aria-disabled=${pending} data-action=${asText(element.action_id)} onClick=${click}>
      <span class="button-text"><${Plain} text=${textOf(element.text)} />${url === undefined ? null : html` <${Icon} name="expand" size=${12} />`}</span>
      ${pending ? html`<${Spinner} />` : null}
    </button>${confirm.dialog}
  </span>`;
}

export function FeedbackButtons({ element, blockId }: ElementProps): VNode {
  const surface = useSurface();
  const one = (key: 'positive_button' | 'negative_button', icon: 'thumbUp' | 'thumbDown') => {
    const button = asObject(element[key]) ?? {};
    const name = asText(button.accessibility_label) || textOf(button.text);
    return html`<button type="button" class="icon-button" aria-label=${name} title=${textOf(button.text)}
      onClick=${() => surface.act(element, blockId, { value: button.value ?? null })}><${Icon} name=${icon} /></button>`;
  };
  return html`<span class="feedback">${one('positive_button', 'thumbUp')}${one('negative_button', 'thumbDown')}</span>`;
}

export function IconButton({ element, blockId }: ElementProps): VNode {
  const surface = useSurface();
  const confirm = useConfirm(element.confirm);
  const name = asText(element.accessibility_label) || textOf(element.text);
  return html`<span><button type="button" class="icon-button" aria-label=${name} title=${textOf(element.text)}
    onClick=${() => confirm.ask(() => void surface.act(element, blockId, { value: element.value ?? null }))}>
    <${Icon} name=${element.icon === 'trash' ? 'trash' : 'dot'} />
  </button>${confirm.dialog}</span>`;
}
