/** A person runs a slash command: the app has three seconds, and its acknowledgement may be the answer. */
import type { JsonObject } from '../../../object.ts';
import { SlackRefusal } from '../errors.ts';
import type { Hub } from '../hub.ts';
import type { PageReply } from '../page-protocol.ts';
import { slashPayload } from '../payloads.ts';
import { APP, type Channel, type Member } from '../people.ts';
import type { ResponseUrl } from '../response-urls.ts';
import { postResponse } from '../responses.ts';
import { asStored } from '../typed-text.ts';

import { notAnswered, refuse } from './refuse.ts';

export async function command(
  hub: Hub,
  person: Member,
  channel: Channel,
  asked: { command: string; text: string },
  inThread: boolean,
): Promise<PageReply> {
  const known = hub.manifest.commands.find(({ command }) => command === asked.command);
  if (!known) {
    return refuse(
      `${asked.command} is not a valid command. Slack takes every message that begins with "/" for a command; ` +
        'put a space before it to send it as a message.',
    );
  }
  if (inThread) return refuse(`${asked.command} is not supported in threads. Sorry!`);
  if (!hub.tokens.scopes.has('commands')) return notAnswered(asked.command, { ok: false, why: 'dispatch_failed' });

  const given = known.escapes ? { ...asked, text: asStored(hub.world, asked.text) } : asked;
  const about: ResponseUrl = { user: person.id, channel: channel.id };
  const answer = await hub.delivery.ask({
    type: 'slash_commands',
    payload: slashPayload(hub, person, channel, given, about),
    acceptsAnswer: true,
  });
  if (!answer.ok) return notAnswered(asked.command, answer);
  if (!answer.payload) return { ok: true };
  return say(hub, about, asked.command, answer.payload);
}

/** Ephemeral unless the app says `in_channel`. */
function say(hub: Hub, about: ResponseUrl, name: string, payload: JsonObject): PageReply {
  try {
    postResponse(hub, about, payload);
    return { ok: true };
  } catch (error) {
    if (!(error instanceof SlackRefusal)) throw error;
    return refuse(`${name} failed: ${APP.name} answered with something Slack does not take (${error.code}).`);
  }
}
