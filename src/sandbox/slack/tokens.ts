/** Whose token a call brought, and whether its scopes are enough. Tokens are random at each start. */
import { SlackRefusal } from './errors.ts';
import { secret } from './ids.ts';

/** What meshbot's manifest asks for (chat:write.public is left to those who want it). */
export const DEFAULT_SCOPES: readonly string[] = [
  'commands',
  'chat:write',
  'app_mentions:read',
  'users:read',
  'usergroups:read',
  'files:write',
  'channels:read',
  'groups:read',
  'channels:history',
  'groups:history',
];

const APP_SCOPES = ['connections:write'];

export interface Tokens {
  bot: string;
  app: string;
  signingSecret: string;
  /** Of the bot token; may be changed while running. */
  scopes: Set<string>;
}

export function newTokens(scopes: readonly string[]): Tokens {
  return {
    bot: `xoxb-${Number.parseInt(secret(5), 16)}-${secret(12)}`,
    app: `xapp-1-${secret(6).toUpperCase()}-${secret(24)}`,
    signingSecret: secret(16),
    scopes: new Set(scopes),
  };
}

/** `any`: one of these is enough. Empty: every token of that kind will do. */
export interface Needs {
  token: 'bot' | 'app';
  any: readonly string[];
}

/** Throws not_authed, invalid_auth, not_allowed_token_type, missing_scope. Returns the scopes the token has. */
export function authorize(tokens: Tokens, token: string | undefined, needs: Needs): readonly string[] {
  if (!token) throw new SlackRefusal('not_authed');
  const kind = token === tokens.bot ? 'bot' : token === tokens.app ? 'app' : undefined;
  if (!kind) throw new SlackRefusal('invalid_auth');
  if (kind !== needs.token) throw new SlackRefusal('not_allowed_token_type');
  const provided = kind === 'bot' ? [...tokens.scopes] : APP_SCOPES;
  if (needs.any.length > 0 && !needs.any.some(scope => provided.includes(scope))) {
    throw new SlackRefusal('missing_scope', { needed: needs.any.join(','), provided: provided.join(',') });
  }
  return provided;
}
