/** Starts local Slacks and Bolt apps for tests, and stops them after each. */
import type { App } from '@slack/bolt';
import { type LogLevel, WebClient } from '@slack/web-api';
import { afterEach } from 'vitest';
import { WebSocket } from 'ws';
import { type LocalSlack, type SlackOptions, startSlack } from '../../../src/sandbox/slack/server.ts';
import { type Running, runBolt } from './bolt.ts';

const running: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
});

export async function local(options: SlackOptions = {}): Promise<LocalSlack> {
  const slack = await startSlack(options);
  running.push({ stop: () => slack.close() });
  return slack;
}

export async function bolt(slack: LocalSlack, listen: (app: App) => void, sockets = 2): Promise<Running> {
  const started = await runBolt(slack, listen, sockets);
  running.push(started);
  return started;
}

/** Stopped with the rest. */
export function stopAfterwards(stop: () => Promise<void>): void {
  running.push({ stop });
}

/** A WebClient that tries once. */
export function client(slack: LocalSlack, token = slack.botToken): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 3000,
    logLevel: 'off' as LogLevel,
  });
}

/** A socket opened by hand, with all that comes over it; it acknowledges nothing by itself. */
export async function bareSocket(slack: LocalSlack): Promise<{ socket: WebSocket; frames: Record<string, unknown>[] }> {
  const { url } = await client(slack, slack.appToken).apps.connections.open({});
  const frames: Record<string, unknown>[] = [];
  const socket = new WebSocket(url!);
  socket.on('message', data => frames.push(JSON.parse(data.toString())));
  await slack.until(() => frames.length > 0);
  return { socket, frames };
}

/** The error's code with all that Slack said beside it. */
export async function refusal(call: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && 'data' in error) return error.data as Record<string, unknown>;
    throw error;
  }
  throw new Error('It was not refused.');
}

/** A clock that stands still until it is moved. */
export function standingClock(at = 1_800_000_000_000): { now: () => number; move(ms: number): void } {
  let now = at;
  return {
    now: () => now,
    move(ms) {
      now += ms;
    },
  };
}

export const text = (words: string) => ({ type: 'plain_text' as const, text: words });

export function modal(fields: Record<string, unknown> = {}) {
  return {
    type: 'modal' as const,
    title: text('Form'),
    submit: text('Send'),
    blocks: [
      {
        type: 'input' as const,
        block_id: 'why',
        label: text('Why?'),
        element: { type: 'plain_text_input' as const, action_id: 'reason' },
      },
    ],
    ...fields,
  };
}
