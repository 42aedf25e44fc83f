/** A file in a message: a picture, the first lines of a text, or a card to download. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { PageFile } from '../../page-protocol.ts';
import { html } from '../html.ts';
import { Icon } from '../icons.ts';
import { NumberedCode } from './code.ts';
import { Dialog } from './dialog.ts';

/** Lines shown before one asks for more. */
const foldedLines = 10;

/** `12 B`, `3.4 kB`, `1.2 MB` */
function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

const kinds: [RegExp, string][] = [
  [/\.(diff|patch)$/, 'Diff'],
  [/\.ya?ml$/, 'YAML'],
  [/\.json$/, 'JSON'],
  [/\.pdf$/, 'PDF'],
  [/\.(zip|gz|tgz)$/, 'Archive'],
  [/\.svg$/, 'SVG image'],
  [/\.png$/, 'PNG image'],
  [/\.txt$/, 'Plain text'],
];

function kindOf(file: PageFile): string {
  return (
    kinds.find(([pattern]) => pattern.test(file.name))?.[1] ??
    (file.mimetype.startsWith('text/') ? 'Plain text' : 'File')
  );
}

export function FileCard({ file }: { file: PageFile }): VNode {
  if (file.mimetype.startsWith('image/')) return html`<${ImageFile} file=${file} />`;
  if (file.preview !== undefined) return html`<${TextFile} file=${file} preview=${file.preview} />`;
  return html`<div class="file-row" data-file=${file.id}>
    <span class="file-sign"><${Icon} name="file" size=${22} /></span>
    <span class="file-names"><b>${file.title || file.name}</b><small>${kindOf(file)} · ${fileSize(file.size)}</small></span>
    <${Download} file=${file} />
  </div>`;
}

function Download({ file }: { file: PageFile }): VNode {
  return html`<a class="icon-button" href=${file.url} download=${file.name} aria-label=${`Download ${file.name}`}
    title="Download"><${Icon} name="download" size=${17} /></a>`;
}

function ImageFile({ file }: { file: PageFile }): VNode {
  const [open, setOpen] = useState(true);
  const [large, setLarge] = useState(false);
  const alt = file.altText || file.title || file.name;
  return html`<figure class="image-block" data-file=${file.id}>
    <figcaption><button type="button" class="fold" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      ${file.title || file.name}<${Icon} name=${open ? 'down' : 'right'} size=${14} /></button>
      <${Download} file=${file} /></figcaption>
    ${
      open
        ? html`<button type="button" class="image-open" aria-label=${`Open ${file.title || file.name}`} onClick=${() => setLarge(true)}>
            <img class="shown-image" src=${file.url} alt=${alt} loading="lazy" /></button>`
        : null
    }
    ${
      large
        ? html`<${Dialog} class="dialog-wide" title=${file.title || file.name} onClose=${() => setLarge(false)}>
            <img class="image-large" src=${file.url} alt=${alt} /></${Dialog}>`
        : null
    }
  </figure>`;
}

function TextFile({ file, preview }: { file: PageFile; preview: string }): VNode {
  const [open, setOpen] = useState(false);
  const [whole, setWhole] = useState<string | undefined>(undefined);
  const [failed, setFailed] = useState(false);
  const lines = preview.split('\n');
  const isCut = lines.length > foldedLines || new Blob([preview]).size < file.size;
  const text = open ? (whole ?? preview) : lines.slice(0, foldedLines).join('\n');
  const toggle = async () => {
    setOpen(!open);
    if (open || whole !== undefined) return;
    try {
      const response = await fetch(file.url);
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      setWhole(await response.text());
    } catch {
      setFailed(true);
    }
  };
  return html`<figure class="snippet" data-file=${file.id} aria-label=${file.title || file.name}>
    <figcaption>
      <span class="file-sign small"><${Icon} name="file" size=${16} /></span>
      <span class="file-names"><b>${file.title || file.name}</b><small>${kindOf(file)} · ${fileSize(file.size)}</small></span>
      <${Download} file=${file} />
    </figcaption>
    <div class=${`snippet-code ${open ? 'open' : ''}`} tabindex="0"><${NumberedCode} text=${text} language=${`${file.name} ${file.mimetype}`} /></div>
    ${failed ? html`<div class="snippet-note" role="status">The whole file could not be loaded; these are its first lines.</div>` : null}
    ${
      isCut
        ? html`<button type="button" class="snippet-more" aria-expanded=${open} onClick=${toggle}>
            <${Icon} name=${open ? 'up' : 'down'} size=${14} />${open ? 'Collapse' : 'See the whole file'}</button>`
        : null
    }
  </figure>`;
}
