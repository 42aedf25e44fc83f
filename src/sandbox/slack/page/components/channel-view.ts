/** The middle of the window: a channel, or the direct messages with the app and its Home. */
import type { VNode } from 'preact';
import type { PageChannel } from '../../page-protocol.ts';
import { html } from '../html.ts';
import { Icon } from '../icons.ts';
import { usePage } from '../page-context.ts';
import { channelMessages, channelName, channelOf, nameOf, userOf } from '../selectors.ts';
import { moment, timeOf } from '../text/dates.ts';
import { parseInline } from '../text/mrkdwn.ts';
import { AppHome } from './app-home.ts';
import { Avatar } from './avatar.ts';
import { ChannelHeader } from './channel-header.ts';
import { Composer } from './composer.ts';
import { FileCard } from './file.ts';
import { Inlines } from './inline.ts';
import { MessageList } from './message-list.ts';

export function ChannelView(): VNode {
  const { state } = usePage();
  const channel = channelOf(state, state.channel);
  if (!channel) return html`<main class="channel"><p class="thread-gone">There is no channel here.</p></main>`;
  const key = `${state.me.id}/${channel.id}`;
  return html`<main class="channel" aria-label=${channelName(state, channel.id)}>
    <${ChannelHeader} channel=${channel} />
    ${state.app.connected ? null : html`<div class="app-off" role="status"><${Icon} name="warning" size=${15} /> ${state.app.name || 'The app'} is not connected. Commands and buttons will not be answered.</div>`}
    ${
      state.tab === 'home' && channel.kind === 'im'
        ? html`<${AppHome} key=${key} channel=${channel.id} />`
        : state.tab === 'files'
          ? html`<${Files} channel=${channel} />`
          : html`<${MessageList} key=${key} name=${`Messages in ${channel.kind === 'im' ? channelName(state, channel.id) : `#${channel.name}`}`}
              messages=${channelMessages(state, channel.id)} inThread=${false} newAfter=${state.newAfter[channel.id]} top=${html`<${Beginning} channel=${channel} />`} />
            <${Composer} key=${`composer/${key}`} channel=${channel.id} />`
    }
  </main>`;
}

function Beginning({ channel }: { channel: PageChannel }): VNode {
  const { state } = usePage();
  if (channel.kind === 'im') {
    const app = userOf(state, state.app.botUser);
    return html`<div class="beginning"><${Avatar} user=${app} size=${56} /><h3>${state.app.name}</h3>
      <p>This is the very beginning of your direct messages with <b>${state.app.name}</b>.</p></div>`;
  }
  return html`<div class="beginning"><span class="beginning-sign"><${Icon} name=${channel.kind === 'private' ? 'lock' : 'hash'} size=${30} /></span>
    <h3>${channel.name}</h3><p>This is the very beginning of the <b>${channel.name}</b> channel. <${Inlines} nodes=${parseInline(channel.topic)} /></p></div>`;
}

function Files({ channel }: { channel: PageChannel }): VNode {
  const { state } = usePage();
  const found = (state.messages[channel.id] ?? [])
    .filter(message => message.deleted !== true)
    .flatMap(message => (message.files ?? []).map(file => ({ file, message })))
    .reverse();
  return html`<section class="files-tab" role="tabpanel" aria-label="Files">
    ${found.length === 0 ? html`<p class="thread-gone">No files have been shared here yet.</p>` : null}
    ${found.map(
      ({ file, message }) =>
        html`<div class="files-row" key=${file.id}><small>${nameOf(userOf(state, message.user))} · ${moment(timeOf(message.ts), new Date())}</small><${FileCard} file=${file} /></div>`,
    )}
  </section>`;
}
