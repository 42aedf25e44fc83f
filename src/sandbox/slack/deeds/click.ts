/** A person uses a button, menu or input of a message, modal or Home; or types into a menu that asks the app. */
import type { JsonObject } from '../../../object.ts';
import { findElement } from '../blocks/walk.ts';
import type { Hub } from '../hub.ts';
import { objectsIn, stringIn } from '../json.ts';
import type { PageAction, PageReply } from '../page-protocol.ts';
import { messageActionPayload, suggestionPayload, viewActionPayload } from '../payloads.ts';
import type { Channel, Member } from '../people.ts';
import type { StoredMessage, StoredView } from '../stored.ts';
import { problemWithOptions } from './options.ts';
import { notAnswered, refuse } from './refuse.ts';

type Do<T extends PageAction['type']> = Extract<PageAction, { type: T }>;
type Where = { view: StoredView } | { channel: Channel; message: StoredMessage };

export async function click(hub: Hub, person: Member, asked: Do<'act'>): Promise<PageReply> {
  const where = find(hub, person, asked.container);
  if (!where) return refuse('That is gone: somebody changed or deleted it.');
  const actionId = stringIn(asked.action, 'action_id') ?? '';
  const found = findElement(blocksIn(where), actionId, stringIn(asked.action, 'block_id'));
  if (!found || found.element.type !== asked.action.type) {
    return refuse('That has changed since you saw it. Look at it again.');
  }
  const action: JsonObject = {
    ...asked.action,
    block_id: found.block.block_id ?? '',
    action_ts: hub.clock.next(),
  };
  if (found.element.text !== undefined) action.text = found.element.text;
  const answer = await hub.delivery.ask({
    type: 'interactive',
    payload:
      'view' in where
        ? viewActionPayload(hub, person, where.view, action, asked.state)
        : messageActionPayload(hub, person, where.channel, where.message, action, asked.state),
    // Slack looks at no payload here; the app answers through response_url or the Web API.
    acceptsAnswer: false,
  });
  return answer.ok ? { ok: true } : notAnswered('That', answer);
}

export async function options(hub: Hub, person: Member, asked: Do<'options'>): Promise<PageReply> {
  const where = find(hub, person, asked.container);
  const found = where && findElement(blocksIn(where), asked.actionId, asked.blockId);
  if (!where || !found) return refuse('That menu is gone.');
  const answer = await hub.delivery.ask({
    type: 'interactive',
    payload: suggestionPayload(hub, person, where, asked),
    acceptsAnswer: true,
  });
  if (!answer.ok) return notAnswered('The menu', answer);
  const given = answer.payload ?? {};
  const problem = problemWithOptions(given);
  if (problem) return refuse(`The menu failed: ${problem}.`);
  const groups = objectsIn(given.option_groups);
  const flat = groups.length > 0 ? groups.flatMap(group => objectsIn(group.options)) : objectsIn(given.options);
  return { ok: true, options: flat };
}

/** undefined: it is not there, or not this person's to see. */
function find(
  hub: Hub,
  person: Member,
  container: Do<'act'>['container'] | Do<'options'>['container'],
): Where | undefined {
  if (container.type === 'view') {
    const view = hub.views.find(container.viewId);
    return view?.user === person.id ? { view } : undefined;
  }
  const channel = hub.world.channel(container.channel);
  if (!channel || !hub.world.sees(person.id, channel.id)) return undefined;
  const private_ = hub.messages.findEphemeral(channel.id, container.ts);
  const message = private_?.ephemeralTo === person.id ? private_ : hub.messages.find(channel.id, container.ts);
  return message && { channel, message };
}

function blocksIn(where: Where): JsonObject[] {
  return 'view' in where ? objectsIn(where.view.view.blocks) : (where.message.blocks ?? []);
}
