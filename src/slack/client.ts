/** A Web API client that sends each request once, for at most ten seconds, and lets no 429 hold up other calls. */
import type { Logger } from '@slack/bolt';
import { WebClient, type WebClientOptions } from '@slack/web-api';

export const TIMEOUT = 10_000;

/** A fresh object each time: SocketModeClient writes into the one it gets. */
export function clientOptions(logger: Logger, apiUrl: string | undefined): WebClientOptions {
  return {
    logger,
    retryConfig: { retries: 0 },
    timeout: TIMEOUT,
    rejectRateLimitedCalls: true,
    ...(apiUrl !== undefined && { slackApiUrl: apiUrl }),
  };
}

export function newClient(botToken: string, logger: Logger, apiUrl: string | undefined): WebClient {
  return new WebClient(botToken, clientOptions(logger, apiUrl));
}
