/** One message: who, when, what, and what one can do with it. */
import type { VNode } from 'preact';
import type { PageMessage } from '../../page-protocol.ts';
import { Attachment } from '../blocks/attachment.ts';
import { Blocks } from '../blocks/blocks.ts';
import { SurfaceContext, useNewSurface } from '../elements/surface.ts';
import { html } from '../html.ts';
import { Icon } from '../icons.ts';
import { usePage } from '../page-context.ts';
import { nameOf, userOf } from '../selectors.ts';
import { messageKey } from '../state.ts';
import { clockTime, timeOf } from '../text/dates.ts';
import { Avatar } from './avatar.ts';
import { FileCard } from './file.ts';
import { Mrkdwn } from './inline.ts';
import { MessageToolbar } from './message-toolbar.ts';
import { Reactions } from './reactions.ts';
import { ThreadFooter } from './thread-footer.ts';

interface MessageProps {
  message: PageMessage;
  /** Drawn under the one before it, without avatar and name. */
  compact: boolean;
  inThread: boolean;
}

export function Message({ message, compact, inThread }: MessageProps): VNode {
  const page = usePage();
  const { state } = page;
  const user = userOf(state, message.user);
  const at = timeOf(message.ts);
  const time = html`<time class="message-time" datetime=${at.toISOString()} title=${at.toLocaleString('en-US', { dateStyle: 'full', timeStyle: 'medium' })}>${clockTime(at)}</time>`;
  const ephemeral = message.ephemeralTo !== undefined;
  const classes = ['message', compact ? 'compact' : '', ephemeral ? 'ephemeral' : ''].join(' ');
  const label = `${nameOf(user)}, ${clockTime(at)}${ephemeral ? ', only visible to you' : ''}`;

  if (message.deleted) {
    return html`<li class="message deleted" data-ts=${message.ts}>
      <span class="message-gutter"><span class="gravestone"><${Icon} name="trash" size=${16} /></span></span>
      <div class="message-main"><span class="message-gone">This message was deleted.</span>
        ${inThread ? null : html`<${ThreadFooter} message=${message} />`}</div>
    </li>`;
  }
  return html`<li class=${classes} data-ts=${message.ts} data-user=${message.user} data-ephemeral=${ephemeral ? true : undefined} aria-label=${label}>
    <span class="message-gutter">${compact ? time : html`<${Avatar} user=${user} />`}</span>
    <div class="message-main">
      ${ephemeral ? html`<div class="ephemeral-note"><${Icon} name="eye" size=${14} /> Only visible to you</div>` : null}
      ${
        compact
          ? null
          : html`<div class="message-head"><span class="message-author">${nameOf(user)}</span>
              ${user.isBot ? html`<span class="badge">APP</span>` : null}
              ${user.isGuest ? html`<span class="badge guest" title="From another company, or with few rights here">GUEST</span>` : null}
              ${time}</div>`
      }
      <${MessageBody} message=${message} />
      ${message.reactions && message.reactions.length > 0 ? html`<${Reactions} message=${message} />` : null}
      ${
        ephemeral
          ? html`<button type="button" class="dismiss link" onClick=${() => page.tell({ type: 'dismiss', key: messageKey(message) })}>Dismiss message</button>`
          : null
      }
      ${inThread || ephemeral ? null : html`<${ThreadFooter} message=${message} />`}
    </div>
    ${ephemeral ? null : html`<${MessageToolbar} message=${message} inThread=${inThread} />`}
  </li>`;
}

function MessageBody({ message }: { message: PageMessage }): VNode {
  const page = usePage();
  const blocks = message.blocks ?? [];
  const attachments = message.attachments ?? [];
  const surface = useNewSurface({
    container: {
      type: 'message',
      channel: message.channel,
      ts: message.ts,
      ...(message.threadTs === undefined ? {} : { threadTs: message.threadTs }),
      ...(message.ephemeralTo === undefined ? {} : { ephemeral: true }),
    },
    blocks,
    files: message.files ?? [],
    onError: error =>
      page.notify(error, message.channel, page.state.thread === undefined ? undefined : message.threadTs),
  });
  const edited = message.edited ? html`<span class="edited">(edited)</span>` : null;
  // A file that a block shows is not shown again below.
  const shown = JSON.stringify(blocks);
  const files = (message.files ?? []).filter(file => !shown.includes(`"${file.id}"`));
  return html`<${SurfaceContext.Provider} value=${surface}><div class="message-body">
    ${blocks.length > 0 ? html`<${Blocks} blocks=${blocks} />` : message.text ? html`<${Mrkdwn} text=${message.text} />` : null}
    ${edited}
    ${attachments.map(attachment => html`<${Attachment} attachment=${attachment} />`)}
    ${files.map(file => html`<${FileCard} file=${file} key=${file.id} />`)}
  </div></${SurfaceContext.Provider}>`;
}
