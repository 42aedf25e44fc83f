/** What appears over a message under the pointer: reactions, reply, link. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { PageMessage } from '../../page-protocol.ts';
import { html } from '../html.ts';
import { Icon } from '../icons.ts';
import { usePage } from '../page-context.ts';
import { Emoji } from './emoji.ts';

const quick = ['white_check_mark', 'eyes', '+1'];

/** The address of a message on this page. */
function messageLink(message: PageMessage): string {
  const url = new URL(window.location.href);
  const user = url.searchParams.get('user');
  url.search = '';
  if (user) url.searchParams.set('user', user);
  url.searchParams.set('channel', message.channel);
  if (message.threadTs) url.searchParams.set('thread', message.threadTs);
  url.hash = `m${message.ts}`;
  return url.href;
}

export function MessageToolbar({ message, inThread }: { message: PageMessage; inThread: boolean }): VNode {
  const page = usePage();
  const [copied, setCopied] = useState(false);
  const react = async (name: string) => {
    const reply = await page.send({ type: 'react', channel: message.channel, ts: message.ts, name });
    if (!reply.ok) page.notify(reply.error, message.channel);
  };
  const copy = async () => {
    await navigator.clipboard.writeText(messageLink(message)).catch(() => undefined);
    setCopied(true);
    window.setTimeout(() => setCopied(false), 1500);
  };
  return html`<div class="message-toolbar" role="toolbar" aria-label="Message actions">
    ${quick.map(
      name =>
        html`<button type="button" class="icon-button" aria-label=${`React with ${name}`} title=${`:${name}:`} onClick=${() => react(name)}><${Emoji} name=${name} /></button>`,
    )}
    ${
      inThread
        ? null
        : html`<button type="button" class="icon-button" aria-label="Reply in thread" title="Reply in thread"
            onClick=${() => page.go({ channel: message.channel, thread: message.ts })}><${Icon} name="reply" /></button>`
    }
    <button type="button" class="icon-button" aria-label=${copied ? 'Link copied' : 'Copy link'} title=${copied ? 'Copied' : 'Copy link to message'} onClick=${copy}>
      <${Icon} name=${copied ? 'check' : 'link'} /></button>
  </div>`;
}
