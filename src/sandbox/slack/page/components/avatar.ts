/** A person's square: initials in their colour; the app has its own sign. */
import type { VNode } from 'preact';
import type { PageUser } from '../../page-protocol.ts';
import { html } from '../html.ts';
import { nameOf } from '../selectors.ts';

export function Avatar({ user, size = 36 }: { user: PageUser; size?: number }): VNode {
  const name = nameOf(user);
  const color = /^(#[0-9a-f]{3,8}|[a-z]+|(rgb|hsl|oklch)a?\([\d\s.,%/deg]+\))$/i.test(user.color)
    ? user.color
    : '#616061';
  return html`<span class="avatar" style=${{ width: `${size}px`, height: `${size}px`, background: color, fontSize: `${size * 0.4}px`, borderRadius: `${Math.max(4, size / 4.5)}px` }} aria-hidden="true">
    ${user.isBot ? html`<${MeshSign} size=${size * 0.64} />` : initials(name)}
  </span>`;
}

export function initials(name: string): string {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters
    .map(word => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
}

/** Three nodes and the traffic between them. */
function MeshSign({ size }: { size: number }): VNode {
  return html`<svg width=${size} height=${size} viewBox="0 0 24 24" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round">
    <path d="M7.500 12h3.500c2 0 2-5 4.500-5M11 12c2 0 2 5 4.500 5" />
    <circle cx="5" cy="12" r="2.600" fill="#fff" stroke="none" /><circle cx="18.500" cy="7" r="2.600" fill="#fff" stroke="none" /><circle cx="18.500" cy="17" r="2.600" fill="#fff" stroke="none" />
  </svg>`;
}
