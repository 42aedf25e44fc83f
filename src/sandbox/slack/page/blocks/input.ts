/** Blocks to act with: rows of elements, and labelled inputs. */
import type { VNode } from 'preact';
import type { JsonObject } from '../../../../object.ts';
import { Plain } from '../components/inline.ts';
import { Element } from '../elements/element.ts';
import { useSurface } from '../elements/surface.ts';
import { html } from '../html.ts';
import { Icon } from '../icons.ts';
import { asObject, asObjects, asText, textOf } from '../json.ts';

export function ActionsBlock({ block }: { block: JsonObject }): VNode {
  return html`<div class="actions">${asObjects(block.elements).map(
    element =>
      html`<${Element} key=${asText(element.action_id)} element=${element} blockId=${asText(block.block_id)} />`,
  )}</div>`;
}

export function ContextActionsBlock({ block }: { block: JsonObject }): VNode {
  return html`<div class="actions context-actions">${asObjects(block.elements).map(
    element => html`<${Element} element=${element} blockId=${asText(block.block_id)} />`,
  )}</div>`;
}

export function InputBlock({ block }: { block: JsonObject }): VNode {
  const surface = useSurface();
  const element = asObject(block.element);
  const blockId = asText(block.block_id);
  const label = textOf(block.label);
  const error = surface.errors[blockId];
  return html`<div class=${`input ${error === undefined ? '' : 'input-wrong'}`}>
    <div class="input-label"><${Plain} text=${label} />${block.optional === true ? html` <span class="input-optional">(optional)</span>` : null}</div>
    ${
      element
        ? html`<${Element} element=${element} blockId=${blockId} label=${label} dispatches=${block.dispatch_action === true} />`
        : null
    }
    ${
      error === undefined
        ? null
        : html`<div class="input-error" id=${`error-${blockId}`} role="alert"><${Icon} name="warning" size=${15} /> ${error}</div>`
    }
    ${block.hint ? html`<div class="input-hint"><${Plain} text=${textOf(block.hint)} /></div>` : null}
  </div>`;
}
