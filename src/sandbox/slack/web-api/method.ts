/** What one method of the Web API is. */
import type { JsonObject } from '../../../object.ts';
import type { Hub } from '../hub.ts';
import type { Needs } from '../tokens.ts';
import type { Arguments } from './arguments.ts';

export interface Method {
  needs: Needs;
  /** The answer without `ok`. Throws Slack's refusal. */
  call(hub: Hub, args: Arguments): JsonObject;
}

export type Methods = Record<string, Method>;

/** For the bot's token, with one of these scopes. */
export function botMethod(any: readonly string[], call: Method['call']): Method {
  return { needs: { token: 'bot', any }, call };
}
