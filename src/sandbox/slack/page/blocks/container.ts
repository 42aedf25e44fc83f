/** container: child blocks under a title, which may be folded. */
import type { ComponentType, VNode } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { JsonObject } from '../../../../object.ts';
import { Plain } from '../components/inline.ts';
import { TextObject } from '../components/text-object.ts';
import { html } from '../html.ts';
import { Icon } from '../icons.ts';
import { asObject, asObjects, asText, textOf } from '../json.ts';
import { Picture } from './media.ts';
import { RichTextBlock } from './rich-text.ts';

interface ContainerProps {
  block: JsonObject;
  /** Draws what is inside. */
  nested: ComponentType<{ blocks: JsonObject[] }>;
}

export function ContainerBlock({ block, nested: Blocks }: ContainerProps): VNode {
  const foldable = block.is_collapsible === true;
  const [open, setOpen] = useState(!(foldable && block.default_collapsed === true));
  const id = useId();
  const rich = asObject(block.rich_text_title);
  const icon = asObject(block.icon);
  const head = html`<span class="container-head">
    ${icon ? html`<${Picture} image=${icon} class="container-icon" />` : null}
    <span class="container-titles">
      <span class="container-title">${rich ? html`<${RichTextBlock} block=${rich} />` : html`<${Plain} text=${textOf(block.title)} />`}</span>
      ${block.subtitle ? html`<span class="container-subtitle"><${TextObject} of=${block.subtitle} /></span>` : null}
    </span>
  </span>`;
  const divided = !foldable && block.has_header_divider === true ? 'divided' : '';
  return html`<section class=${`container width-${asText(block.width) || 'standard'} ${divided}`}>
    ${
      foldable
        ? html`<button type="button" class="container-fold" aria-expanded=${open} aria-controls=${id} onClick=${() => setOpen(!open)}>
            <${Icon} name=${open ? 'down' : 'right'} size=${16} />${head}
          </button>`
        : head
    }
    ${open ? html`<div class="container-body" id=${id}><${Blocks} blocks=${asObjects(block.child_blocks)} /></div>` : null}
  </section>`;
}
