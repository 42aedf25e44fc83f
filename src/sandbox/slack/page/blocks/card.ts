/** card and carousel. */
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import type { JsonObject } from '../../../../object.ts';
import { TextObject } from '../components/text-object.ts';
import { Element } from '../elements/element.ts';
import { html } from '../html.ts';
import { Icon } from '../icons.ts';
import { asObject, asObjects, asText, textOf } from '../json.ts';
import { Picture } from './media.ts';

export function CardBlock({ block }: { block: JsonObject }): VNode {
  const hero = asObject(block.hero_image);
  const icon = asObject(block.icon);
  const actions = asObjects(block.actions);
  return html`<article class="card" aria-label=${textOf(block.title) || undefined}>
    ${hero ? html`<${Picture} image=${hero} class="card-hero" />` : null}
    <div class="card-main">
      <div class="card-head">
        ${icon ? html`<${Picture} image=${icon} class="card-icon" />` : null}
        <div>
          ${block.title ? html`<div class="card-title"><${TextObject} of=${block.title} /></div>` : null}
          ${block.subtitle ? html`<div class="card-subtitle"><${TextObject} of=${block.subtitle} /></div>` : null}
        </div>
      </div>
      ${block.body ? html`<div class="card-body"><${TextObject} of=${block.body} /></div>` : null}
      ${
        actions.length > 0
          ? html`<div class="actions">${actions.map(
              element => html`<${Element} element=${element} blockId=${asText(block.block_id)} />`,
            )}</div>`
          : null
      }
    </div>
  </article>`;
}

export function CarouselBlock({ block }: { block: JsonObject }): VNode {
  const strip = useRef<HTMLDivElement>(null);
  const cards = asObjects(block.elements);
  const scroll = (way: number) => strip.current?.scrollBy({ left: way * 280, behavior: 'smooth' });
  return html`<div class="carousel" role="group" aria-roledescription="carousel" aria-label=${`${cards.length} cards`}>
    <div class="carousel-strip" ref=${strip} tabindex="0">${cards.map(card => html`<${CardBlock} block=${card} />`)}</div>
    <button type="button" class="carousel-button previous" aria-label="Previous card" onClick=${() => scroll(-1)}><${Icon} name="left" /></button>
    <button type="button" class="carousel-button next" aria-label="Next card" onClick=${() => scroll(1)}><${Icon} name="right" /></button>
  </div>`;
}
