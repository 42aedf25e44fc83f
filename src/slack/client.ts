/** A Web API client that sends each request once, waits ten seconds at most, and lets no 429 hold up other calls. */
import type { Logger } from '@slack/bolt';
import { WebClient, type WebClientOptions } from '@slack/web-api';

/** ms. */
export const TIMEOUT = 10_000;

export interface Sending {
  /** ms that a call may take. */
  timeout?: number | undefined;
  /** Node's own unless given. */
  fetch?: typeof fetch | undefined;
}

/** A fresh object each time: SocketModeClient writes into the one it gets. */
export function clientOptions(
  logger: Logger,
  apiUrl: string | undefined,
  { timeout = TIMEOUT, fetch }: Sending = {},
): WebClientOptions {
  return {
    logger,
    retryConfig: { retries: 0 },
    timeout,
    rejectRateLimitedCalls: true,
    ...(apiUrl !== undefined && { slackApiUrl: apiUrl }),
    ...(fetch && { fetch }),
  };
}

export function newClient(botToken: string, logger: Logger, apiUrl: string | undefined, sending?: Sending): WebClient {
  return new WebClient(botToken, clientOptions(logger, apiUrl, sending));
}
