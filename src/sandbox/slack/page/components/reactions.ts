/** Reactions under a message; a click adds one's own. */
import type { VNode } from 'preact';
import type { PageMessage } from '../../page-protocol.ts';
import { html } from '../html.ts';
import { usePage } from '../page-context.ts';
import { nameOf, userOf } from '../selectors.ts';
import { Emoji } from './emoji.ts';

export function Reactions({ message }: { message: PageMessage }): VNode {
  const { state, send, notify } = usePage();
  const react = async (name: string) => {
    const reply = await send({ type: 'react', channel: message.channel, ts: message.ts, name });
    if (!reply.ok) notify(reply.error, message.channel);
  };
  return html`<div class="reactions">${(message.reactions ?? []).map(reaction => {
    const names = reaction.users.map(id => nameOf(userOf(state, id))).join(', ');
    const mine = reaction.users.includes(state.me.id);
    return html`<button type="button" class=${`reaction ${mine ? 'mine' : ''}`} aria-pressed=${mine} title=${`${names} reacted with :${reaction.name}:`}
      aria-label=${`${reaction.users.length} reacted with ${reaction.name}`} onClick=${() => react(reaction.name)}>
      <${Emoji} name=${reaction.name} /><span>${reaction.users.length}</span></button>`;
  })}</div>`;
}
