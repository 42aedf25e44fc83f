/** How a message says which change it belongs to, so that a post of unknown outcome can be found again. */
import type { MessageMetadata } from '@slack/types';
import type { MessageKey } from '../ports.ts';
import type { Identity } from './identity.ts';

const EVENT = 'meshbot_change';

export function metadataOf(key: MessageKey): MessageMetadata {
  return { event_type: EVENT, event_payload: { change: key.change, slot: key.slot } };
}

interface Told {
  user?: string | undefined;
  bot_id?: string | undefined;
  metadata?: { event_type?: string | undefined; event_payload?: object | undefined } | undefined;
}

/** Whether meshbot itself posted it under that key: any app can write such metadata. */
export function isOurs(message: Told, key: MessageKey, identity: Identity): boolean {
  if (message.user !== identity.botUser && message.bot_id !== identity.botId) return false;
  if (message.metadata?.event_type !== EVENT) return false;
  const payload = (message.metadata.event_payload ?? {}) as { change?: unknown; slot?: unknown };
  return payload.change === key.change && payload.slot === key.slot;
}
