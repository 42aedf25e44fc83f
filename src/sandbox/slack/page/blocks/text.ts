/** Blocks of text: section, header, context, and the line between them. */
import type { VNode } from 'preact';
import type { JsonObject } from '../../../../object.ts';
import { Plain } from '../components/inline.ts';
import { TextObject } from '../components/text-object.ts';
import { Element } from '../elements/element.ts';
import { html } from '../html.ts';
import { asObject, asObjects, asText, textOf } from '../json.ts';
import { Picture } from './media.ts';

export function SectionBlock({ block }: { block: JsonObject }): VNode {
  const fields = asObjects(block.fields);
  const accessory = asObject(block.accessory);
  return html`<div class="section">
    <div class="section-main">
      ${block.text ? html`<div class="section-text"><${TextObject} of=${block.text} /></div>` : null}
      ${
        fields.length > 0
          ? html`<div class="fields">${fields.map(field => html`<div class="field"><${TextObject} of=${field} /></div>`)}</div>`
          : null
      }
    </div>
    ${accessory ? html`<div class="section-accessory">${drawAccessory(accessory, block)}</div>` : null}
  </div>`;
}

function drawAccessory(accessory: JsonObject, block: JsonObject): VNode {
  if (accessory.type === 'image') return html`<${Picture} image=${accessory} class="accessory-image" />`;
  return html`<${Element} element=${accessory} blockId=${asText(block.block_id)} />`;
}

export function HeaderBlock({ block }: { block: JsonObject }): VNode {
  return html`<h2 class="header"><${Plain} text=${textOf(block.text)} /></h2>`;
}

export function DividerBlock(): VNode {
  return html`<hr class="divider" />`;
}

export function ContextBlock({ block }: { block: JsonObject }): VNode {
  return html`<div class="context">${asObjects(block.elements).map(element =>
    element.type === 'image'
      ? html`<${Picture} image=${element} class="context-image" />`
      : html`<span class="context-text"><${TextObject} of=${element} /></span>`,
  )}</div>`;
}
