/** api.test, auth.test, apps.connections.open, bots.info, team.info, reactions.*. */
import { SlackRefusal } from '../errors.ts';
import type { Hub } from '../hub.ts';
import { messageForApp } from '../message-shapes.ts';
import { APP, TEAM } from '../people.ts';
import type { StoredMessage } from '../stored.ts';
import type { Arguments } from './arguments.ts';
import { channelNamed, isIn } from './channels.ts';
import { botMethod, type Methods } from './method.ts';

export const basics: Methods = {
  'auth.test': botMethod([], () => ({
    url: `https://${TEAM.domain}.slack.com/`,
    team: TEAM.name,
    user: APP.name,
    team_id: TEAM.id,
    user_id: APP.botUser,
    bot_id: APP.botId,
    is_enterprise_install: false,
  })),

  'apps.connections.open': {
    needs: { token: 'app', any: ['connections:write'] },
    call: hub => ({ url: `${hub.url.replace(/^http/, 'ws')}link/?ticket=${hub.sockets.ticket()}&app_id=${APP.id}` }),
  },

  'bots.info': botMethod(['users:read'], (_hub, args) => {
    if (args.required('bot') !== APP.botId) throw new SlackRefusal('bot_not_found');
    return {
      bot: {
        id: APP.botId,
        deleted: false,
        name: APP.name,
        updated: 0,
        app_id: APP.id,
        user_id: APP.botUser,
        icons: {},
      },
    };
  }),

  'team.info': botMethod(['team:read'], () => ({
    team: { id: TEAM.id, name: TEAM.name, domain: TEAM.domain, email_domain: '', icon: {} },
  })),

  'reactions.add': botMethod(['reactions:write'], (hub, args) => {
    const message = messageIn(hub, args);
    const name = args.required('name');
    if (!/^[a-z0-9_+'-]{1,100}$/.test(name)) throw new SlackRefusal('invalid_name');
    const users = message.reactions.get(name) ?? new Set();
    if (users.has(APP.botUser)) throw new SlackRefusal('already_reacted');
    message.reactions.set(name, users.add(APP.botUser));
    hub.messages.changed(message);
    return {};
  }),

  'reactions.get': botMethod(['reactions:read'], (hub, args) => {
    const message = messageIn(hub, args);
    return { type: 'message', channel: message.channel, message: messageForApp(hub.messages, hub.files, message) };
  }),
};

function messageIn(hub: Hub, args: Arguments): StoredMessage {
  const channel = channelNamed(hub, args.required('channel'));
  if (!isIn(channel)) throw new SlackRefusal('not_in_channel');
  const message = hub.messages.find(channel.id, args.required('timestamp'));
  if (!message) throw new SlackRefusal('message_not_found');
  return message;
}
