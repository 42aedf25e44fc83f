/** Draws runs of formatted text. Everything that came from outside becomes text nodes. */
import { type ComponentChildren, Fragment, type VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { html } from '../html.ts';
import { type Page, usePage } from '../page-context.ts';
import { channelName, nameOf, userOf } from '../selectors.ts';
import { formatDate } from '../text/dates.ts';
import { cutAtEmoji } from '../text/emoji.ts';
import type { Inline } from '../text/inline.ts';
import { type MrkdwnBlock, parseMrkdwn } from '../text/mrkdwn.ts';
import { Emoji } from './emoji.ts';

export function Inlines({ nodes }: { nodes: Inline[] }): VNode {
  const page = usePage();
  return html`<${Fragment}>${nodes.map(node => drawInline(node, page))}</${Fragment}>`;
}

function drawInline(node: Inline, page: Page): ComponentChildren {
  const all = (nodes: Inline[]) => nodes.map(child => drawInline(child, page));
  switch (node.kind) {
    case 'text':
      return cutAtEmoji(node.text).map(piece =>
        typeof piece === 'string' ? piece : html`<${Emoji} name=${piece.name} character=${piece.character} />`,
      );
    case 'break':
      return html`<br />`;
    case 'bold':
      return html`<strong>${all(node.children)}</strong>`;
    case 'italic':
      return html`<em>${all(node.children)}</em>`;
    case 'strike':
      return html`<s>${all(node.children)}</s>`;
    case 'underline':
      return html`<u>${all(node.children)}</u>`;
    case 'code':
      return html`<code class="code">${node.text}</code>`;
    case 'link':
      return html`<a class="link" href=${node.url} target="_blank" rel="noopener noreferrer">${all(node.children)}</a>`;
    case 'emoji':
      return html`<${Emoji} name=${node.name} character=${node.character} />`;
    case 'color':
      return html`<span class="color-chip"><i style=${{ background: cssColor(node.value) }}></i>${node.value}</span>`;
    case 'broadcast':
      return html`<span class="mention mention-me">@${node.range}</span>`;
    case 'date':
      return html`<${Moment} node=${node} />`;
    default:
      return mention(node, page);
  }
}

function mention(node: Extract<Inline, { id: string }>, page: Page): ComponentChildren {
  const { state } = page;
  if (node.kind === 'user') {
    const mine = node.id === state.me.id ? ' mention-me' : '';
    return html`<span class=${`mention${mine}`} data-user=${node.id}>@${nameOf(userOf(state, node.id))}</span>`;
  }
  if (node.kind === 'channel') {
    const known = state.channels.some(channel => channel.id === node.id);
    const name = `#${known ? channelName(state, node.id) : (node.label ?? node.id)}`;
    if (!known) return html`<span class="mention">${name}</span>`;
    return html`<button type="button" class="mention" onClick=${() => page.go({ channel: node.id })}>${name}</button>`;
  }
  const group = state.groups.find(one => one.id === node.id);
  const handle = group?.handle ?? node.label?.replace(/^@/, '') ?? node.id;
  const mine = group?.users.includes(state.me.id) ? ' mention-me' : '';
  return html`<span class=${`mention${mine}`} title=${group?.name}>@${handle}</span>`;
}

/** Relative times ({ago}, {date_pretty}) are written anew every half minute. */
function Moment({ node }: { node: Extract<Inline, { kind: 'date' }> }): VNode {
  const [, redraw] = useState(0);
  useEffect(() => {
    if (!/ago|pretty/.test(node.format)) return;
    const timer = setInterval(() => redraw(count => count + 1), 30_000);
    return () => clearInterval(timer);
  }, [node.format]);
  if (!Number.isFinite(node.at)) return html`<span>${node.fallback}</span>`;
  const at = new Date(node.at * 1000);
  const text = formatDate(node.at, node.format, new Date());
  const time = html`<time datetime=${at.toISOString()} title=${at.toLocaleString('en-US')}>${text}</time>`;
  return node.url === undefined
    ? time
    : html`<a class="link" href=${node.url} target="_blank" rel="noopener noreferrer">${time}</a>`;
}

function cssColor(value: string): string {
  return /^#[0-9a-f]{3,8}$/i.test(value) ? value : 'transparent';
}

export function Mrkdwn({ text }: { text: string }): VNode {
  const page = usePage();
  return html`<div class="mrkdwn">${parseMrkdwn(text).map(block => drawBlock(block, page))}</div>`;
}

function drawBlock(block: MrkdwnBlock, page: Page): VNode {
  if (block.kind === 'pre') return html`<pre class="pre">${block.text}</pre>`;
  const children = block.children.map(node => drawInline(node, page));
  return block.kind === 'quote'
    ? html`<blockquote>${children}</blockquote>`
    : html`<div class="line">${children}</div>`;
}

/** A `plain_text` object: only emoji short names mean something in it. */
export function Plain({ text, emoji = true }: { text: string; emoji?: boolean }): VNode {
  if (!emoji || !text.includes(':')) return html`<span class="plain">${text}</span>`;
  const parts = text.split(/(:[a-z0-9_+'-]+:)/);
  return html`<span class="plain">${parts.map(part =>
    /^:[a-z0-9_+'-]+:$/.test(part) ? html`<${Emoji} name=${part.slice(1, -1)} />` : part,
  )}</span>`;
}
