/** Who meshbot is in Slack: asked once at the start, so that a wrong token is a clear sentence and not a silent bot. */
import type { WebClient } from '@slack/web-api';
import type { Log } from '../ports.ts';
import { chatError, slackCode } from './errors.ts';

export interface Identity {
  team: string;
  botUser: string;
  botId: string;
  /** The app's id; undefined when Slack would not say. */
  app: string | undefined;
  /** The token's scopes; undefined when Slack did not list them. */
  scopes: string[] | undefined;
}

/** The message is for the person who starts meshbot. */
export class SlackStartError extends Error {
  override name = 'SlackStartError';
  /** Whether trying again later may help. */
  readonly temporary: boolean;
  constructor(message: string, options: { temporary: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.temporary = options.temporary;
  }
}

const BAD_TOKEN = new Set(['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired']);

/** Throws SlackStartError. */
export async function whoAmI(client: WebClient, log: Log): Promise<Identity> {
  const answer = await client.auth.test().catch((error: unknown) => {
    const code = slackCode(error);
    if (code !== undefined && BAD_TOKEN.has(code)) {
      throw new SlackStartError(
        `Slack does not accept the bot token (${code}). Copy the Bot User OAuth Token (xoxb-…) of the app's page OAuth & Permissions into SLACK_BOT_TOKEN.`,
        { temporary: false, cause: error },
      );
    }
    const { message, kind } = chatError(error, 'sign in');
    const next = kind === 'unknown' ? ' Check that this machine reaches slack.com, then start again.' : '';
    throw new SlackStartError(`${message}${next}`, { temporary: true, cause: error });
  });
  const { team_id: team, user_id: botUser, bot_id: botId } = answer;
  if (!team || !botUser || !botId) {
    throw new SlackStartError(
      'SLACK_BOT_TOKEN is not the token of a bot. It begins with xoxb-; the page OAuth & Permissions of the app shows it.',
      { temporary: false },
    );
  }
  return { team, botUser, botId, app: await appId(client, botId, log), scopes: answer.response_metadata?.scopes };
}

async function appId(client: WebClient, bot: string, log: Log): Promise<string | undefined> {
  try {
    const { bot: found } = await client.bots.info({ bot });
    return found?.app_id;
  } catch (error) {
    log.warn(
      { why: chatError(error, 'look up the app').message },
      'the app id is not known: payloads are checked by team alone',
    );
    return undefined;
  }
}
