/** What went wrong with a call to Slack, as the core branches on it: limited, unknown, gone or refused. */
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { ChatError } from '../ports.ts';

/** Slack's codes for a message that is no longer there to be edited (docs.slack.dev: chat.update). */
const GONE = new Set(['message_not_found', 'edit_window_closed', 'cant_update_message']);
/** Slack failed after it may have done it. */
const UNKNOWN = new Set(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout']);
/**
 * Of the bot's own token: it says nothing of the message, and an admin gives another. To go on without the message would
 * lose it (docs.slack.dev: the errors of any method).
 */
const OURS = new Set([
  'invalid_auth',
  'not_authed',
  'token_revoked',
  'token_expired',
  'account_inactive',
  'access_denied',
  'ekm_access_denied',
  'org_login_required',
  'team_access_not_granted',
]);
const LIMITED = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded']);

/** What to do about a refusal, where people can do something. */
const REMEDIES: Record<string, string> = {
  not_in_channel: 'invite the bot to the channel',
  channel_not_found: 'invite the bot to the channel',
  is_archived: 'the channel is archived',
  missing_scope: 'install the app again with the scopes of manifest.json',
  invalid_auth: 'check the bot token',
  token_revoked: 'install the app again and set the new bot token',
  account_inactive: 'install the app again and set the new bot token',
  token_expired: 'set a new bot token',
  restricted_action: 'an admin restricts posting here; choose another channel',
};

/** Slack's own code, such as `channel_not_found`; undefined when Slack did not say. */
export function slackCode(error: unknown): string | undefined {
  return error instanceof WebAPIPlatformError ? String(error.data.error) : undefined;
}

/** `doing` is what was tried: 'post a message to C1'. */
export function chatError(error: unknown, doing: string): ChatError {
  if (error instanceof ChatError) return error;
  const told = (kind: ChatError['kind'], why: string, retryAfter?: number): ChatError =>
    new ChatError(kind, `Slack: could not ${doing}: ${why}.`, {
      cause: error,
      ...(retryAfter !== undefined && { retryAfter }),
    });
  if (error instanceof WebAPIRateLimitedError) return told('limited', 'too many requests', error.retryAfter * 1000);
  if (error instanceof WebAPIHTTPError) {
    return told(error.statusCode >= 500 ? 'unknown' : 'refused', `HTTP ${error.statusCode}`);
  }
  if (error instanceof WebAPIRequestError) return told('unknown', `no answer (${error.original.message})`);
  const code = slackCode(error);
  if (code !== undefined) {
    const why = REMEDIES[code] ? `${code}: ${REMEDIES[code]}` : code;
    if (GONE.has(code)) return told('gone', why);
    if (LIMITED.has(code)) return told('limited', why);
    /** A body that is no JSON comes as its own error text: nobody knows what Slack did. */
    const isOpen = UNKNOWN.has(code) || OURS.has(code) || !/^[a-z_]+$/.test(code);
    return told(isOpen ? 'unknown' : 'refused', why.slice(0, 200));
  }
  const message = error instanceof Error ? error.message : String(error);
  /** web-api's words for a 429 without Retry-After. */
  if (message.startsWith('Retry header did not')) return told('limited', 'too many requests');
  return told('unknown', message);
}
