/** The payloads the app gets: of commands, interactions and events, field by field as Slack sends them. */
import type { Json, JsonObject } from '../../object.ts';
import type { Hub } from './hub.ts';
import { newId, secret } from './ids.ts';
import { defined } from './json.ts';
import { messageForApp } from './message-shapes.ts';
import { APP, type Channel, type Member, TEAM } from './people.ts';
import type { ResponseUrl } from './response-urls.ts';
import type { StoredMessage, StoredView } from './stored.ts';
import { viewForApp } from './views.ts';

function userOf(person: Member): JsonObject {
  return { id: person.id, username: person.name, name: person.name, team_id: person.team };
}

const team: JsonObject = { id: TEAM.id, domain: TEAM.domain };
const installation: JsonObject = { is_enterprise_install: false, enterprise: null };

function channelOf(channel: Channel): JsonObject {
  const name = channel.kind === 'private' ? 'privategroup' : channel.kind === 'im' ? 'directmessage' : channel.name;
  return { id: channel.id, name };
}

/** `team_id` is that of who typed it; for the Slack Connect guest it is the other company's. */
export function slashPayload(
  hub: Hub,
  person: Member,
  channel: Channel,
  asked: { command: string; text: string },
  about: ResponseUrl,
): JsonObject {
  return {
    token: 'legacy-token-not-to-be-used',
    team_id: person.team,
    team_domain: TEAM.domain,
    channel_id: channel.id,
    channel_name: channelOf(channel).name as Json,
    user_id: person.id,
    user_name: person.name,
    command: asked.command,
    text: asked.text,
    api_app_id: APP.id,
    is_enterprise_install: 'false',
    response_url: hub.responseUrls.issue(hub.url, about),
    trigger_id: hub.triggers.issue(person.id),
  };
}

/** Of an element in a message. An ephemeral message is not sent along. */
export function messageActionPayload(
  hub: Hub,
  person: Member,
  channel: Channel,
  message: StoredMessage,
  action: JsonObject,
  state: JsonObject,
): JsonObject {
  const ephemeral = message.ephemeralTo !== undefined;
  const about = {
    user: person.id,
    channel: channel.id,
    clicked: { ts: message.ts, ephemeral },
  };
  return defined({
    type: 'block_actions',
    user: userOf(person),
    api_app_id: APP.id,
    token: 'legacy-token-not-to-be-used',
    container: defined({
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: ephemeral,
      thread_ts: message.threadTs,
    }),
    trigger_id: hub.triggers.issue(person.id),
    team,
    ...installation,
    channel: channelOf(channel),
    message: ephemeral ? undefined : messageForApp(hub.messages, hub.files, message),
    state: { values: state },
    response_url: hub.responseUrls.issue(hub.url, about),
    actions: [action],
  });
}

export function viewActionPayload(
  hub: Hub,
  person: Member,
  view: StoredView,
  action: JsonObject,
  state: JsonObject,
): JsonObject {
  return {
    type: 'block_actions',
    user: userOf(person),
    api_app_id: APP.id,
    token: 'legacy-token-not-to-be-used',
    container: { type: 'view', view_id: view.id },
    trigger_id: hub.triggers.issue(person.id, view.id),
    team,
    ...installation,
    view: viewForApp(view, state),
    actions: [action],
  };
}

export function submissionPayload(hub: Hub, person: Member, view: StoredView, state: JsonObject): JsonObject {
  return {
    type: 'view_submission',
    team,
    user: userOf(person),
    api_app_id: APP.id,
    token: 'legacy-token-not-to-be-used',
    trigger_id: hub.triggers.issue(person.id, view.id),
    view: viewForApp(view, state),
    response_urls: [],
    ...installation,
  };
}

export function closedPayload(person: Member, view: StoredView, isCleared: boolean): JsonObject {
  return {
    type: 'view_closed',
    team,
    user: userOf(person),
    api_app_id: APP.id,
    token: 'legacy-token-not-to-be-used',
    view: viewForApp(view),
    is_cleared: isCleared,
    ...installation,
  };
}

export function suggestionPayload(
  hub: Hub,
  person: Member,
  where: { channel: Channel; message: StoredMessage } | { view: StoredView },
  asked: { actionId: string; blockId: string; value: string },
): JsonObject {
  const place: JsonObject =
    'view' in where
      ? { container: { type: 'view', view_id: where.view.id }, view: viewForApp(where.view) }
      : {
          container: {
            type: 'message',
            message_ts: where.message.ts,
            channel_id: where.channel.id,
            is_ephemeral: where.message.ephemeralTo !== undefined,
          },
          channel: channelOf(where.channel),
          message: messageForApp(hub.messages, hub.files, where.message),
        };
  return {
    type: 'block_suggestion',
    user: userOf(person),
    api_app_id: APP.id,
    token: 'legacy-token-not-to-be-used',
    action_id: asked.actionId,
    block_id: asked.blockId,
    value: asked.value,
    team,
    ...installation,
    ...place,
  };
}

/** The frame around every event. */
export function eventPayload(hub: Hub, event: JsonObject, channel?: Channel): JsonObject {
  return {
    token: 'legacy-token-not-to-be-used',
    team_id: TEAM.id,
    context_team_id: TEAM.id,
    context_enterprise_id: null,
    api_app_id: APP.id,
    event,
    type: 'event_callback',
    event_id: newId('Ev'),
    event_time: Math.floor(hub.clock.now() / 1000),
    authorizations: [
      { enterprise_id: null, team_id: TEAM.id, user_id: APP.botUser, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: channel?.shared ?? false,
    event_context: `4-${secret(24)}`,
  };
}

/** `app_mention` and `message` events have the same fields. */
export function messageEvent(
  type: 'app_mention' | 'message',
  person: Member,
  channel: Channel,
  message: StoredMessage,
): JsonObject {
  const kinds = { channel: 'channel', private: 'group', im: 'im' } as const;
  return defined({
    type,
    user: person.id,
    ts: message.ts,
    client_msg_id: `${secret(4)}-${secret(2)}-4${secret(2).slice(1)}-8${secret(2).slice(1)}-${secret(6)}`,
    text: message.text,
    team: person.team,
    user_team: person.isStranger ? person.team : undefined,
    source_team: person.isStranger ? person.team : undefined,
    user_profile: undefined,
    thread_ts: message.threadTs,
    channel: channel.id,
    event_ts: message.ts,
    channel_type: type === 'message' ? kinds[channel.kind] : undefined,
  });
}
