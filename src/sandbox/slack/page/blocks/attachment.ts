/** Legacy attachments: a colour bar beside text, fields, a picture, a footer, or blocks. */
import type { VNode } from 'preact';
import type { JsonObject } from '../../../../object.ts';
import { Mrkdwn } from '../components/inline.ts';
import { html } from '../html.ts';
import { asObjects, asText } from '../json.ts';
import { moment, timeOf } from '../text/dates.ts';
import { safeUrl } from '../text/inline.ts';
import { Blocks } from './blocks.ts';

const named: Record<string, string> = { good: '#2eb67d', warning: '#ecb22e', danger: '#e01e5a' };

function barColor(color: string): string | undefined {
  if (Object.hasOwn(named, color)) return named[color];
  const hex = color.startsWith('#') ? color : `#${color}`;
  return /^#[0-9a-f]{3,8}$/i.test(hex) ? hex : undefined;
}

export function Attachment({ attachment }: { attachment: JsonObject }): VNode {
  const text = (field: string) => asText(attachment[field]);
  const blocks = asObjects(attachment.blocks);
  const titleUrl = safeUrl(text('title_link'));
  const imageUrl = safeUrl(text('image_url'));
  const fields = asObjects(attachment.fields);
  const footer = [text('footer'), text('ts') ? moment(timeOf(text('ts')), new Date()) : ''].filter(Boolean).join(' | ');
  return html`<div class="attachment">
    ${text('pretext') ? html`<div class="attachment-pretext"><${Mrkdwn} text=${text('pretext')} /></div>` : null}
    <div class="attachment-row"><span class="attachment-bar" style=${{ background: barColor(text('color')) }}></span>
      <div class="attachment-main">
        ${text('author_name') ? html`<div class="attachment-author">${text('author_name')}</div>` : null}
        ${
          text('title')
            ? html`<div class="attachment-title">${titleUrl ? html`<a class="link" href=${titleUrl} target="_blank" rel="noopener noreferrer">${text('title')}</a>` : text('title')}</div>`
            : null
        }
        ${text('text') ? html`<${Mrkdwn} text=${text('text')} />` : null}
        ${
          fields.length > 0
            ? html`<div class="fields">${fields.map(
                field =>
                  html`<div class=${`field ${field.short === true ? '' : 'long'}`}><b>${asText(field.title)}</b><${Mrkdwn} text=${asText(field.value)} /></div>`,
              )}</div>`
            : null
        }
        ${blocks.length > 0 ? html`<${Blocks} blocks=${blocks} />` : null}
        ${imageUrl ? html`<img class="shown-image" src=${imageUrl} alt=${text('fallback') || 'Image'} loading="lazy" />` : null}
        ${footer ? html`<div class="attachment-footer">${footer}</div>` : null}
      </div>
    </div>
  </div>`;
}
