/** Pictures, videos and remote files. A picture that does not load leaves its description. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { JsonObject } from '../../../../object.ts';
import { FileCard } from '../components/file.ts';
import { Plain } from '../components/inline.ts';
import { useSurface } from '../elements/surface.ts';
import { html } from '../html.ts';
import { Icon } from '../icons.ts';
import { asObject, asText, textOf } from '../json.ts';
import { safeUrl } from '../text/inline.ts';

/** Addresses on this server begin with one slash; two would name another. */
const onThisServer = /^\/(?!\/)/;

/** Where an image element or block takes its picture from. Data addresses of pictures are harmless in `<img>`. */
function imageUrl(image: JsonObject): string | undefined {
  const slackFile = asObject(image.slack_file);
  if (slackFile) {
    const id = asText(slackFile.id);
    return id === '' ? pictureUrl(asText(slackFile.url)) : `/page/files/${encodeURIComponent(id)}`;
  }
  return pictureUrl(asText(image.image_url));
}

function pictureUrl(url: string): string | undefined {
  const harmless = onThisServer.test(url) || /^data:image\/(png|jpeg|gif|svg\+xml|webp)[;,]/.test(url);
  return harmless ? url : safeUrl(url);
}

export function Picture({ image, class: className }: { image: JsonObject; class: string }): VNode {
  const [failed, setFailed] = useState(false);
  const alt = asText(image.alt_text);
  const url = imageUrl(image);
  if (failed || url === undefined) {
    return html`<span class=${`picture-missing ${className}`} role="img" aria-label=${alt} title=${alt}>${alt || 'Image'}</span>`;
  }
  return html`<img class=${className} src=${url} alt=${alt} title=${alt} loading="lazy" onError=${() => setFailed(true)} />`;
}

export function ImageBlock({ block }: { block: JsonObject }): VNode {
  const [open, setOpen] = useState(true);
  const title = textOf(block.title) || asText(block.alt_text) || 'Image';
  return html`<figure class="image-block">
    <figcaption><button type="button" class="fold" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      <${Plain} text=${title} /><${Icon} name=${open ? 'down' : 'right'} size=${14} />
    </button></figcaption>
    ${open ? html`<${Picture} image=${block} class="shown-image" />` : null}
  </figure>`;
}

export function VideoBlock({ block }: { block: JsonObject }): VNode {
  const title = textOf(block.title);
  const url = safeUrl(asText(block.title_url)) ?? safeUrl(asText(block.video_url));
  const by = [asText(block.author_name), asText(block.provider_name)].filter(Boolean).join(' · ');
  return html`<div class="video">
    <div class="video-title">${
      url === undefined
        ? title
        : html`<a class="link" href=${url} target="_blank" rel="noopener noreferrer">${title}</a>`
    }</div>
    ${by === '' ? null : html`<div class="video-by">${by}</div>`}
    ${block.description ? html`<div class="video-about"><${Plain} text=${textOf(block.description)} /></div>` : null}
    <div class="video-frame" role="img" aria-label=${asText(block.alt_text) || title}>
      <span class="video-play"><${Icon} name="play" size=${26} /></span>
    </div>
  </div>`;
}

export function FileBlock({ block }: { block: JsonObject }): VNode {
  const { files } = useSurface();
  const file = files.find(one => one.id === asText(block.external_id) || one.id === asText(block.file_id));
  if (file) return html`<${FileCard} file=${file} />`;
  return html`<div class="file-row"><${Icon} name="file" size=${28} /><span><b>${asText(block.external_id) || 'File'}</b><small>Remote file</small></span></div>`;
}
