/** A local Slack with meshbot's adapter connected to it, and a desk that does what the test says. */
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Asked, Click, Clock, Desk, Log, Reply } from '../../src/ports.ts';
import { type SlackOptions as LocalOptions, type LocalSlack, startSlack } from '../../src/sandbox/slack/server.ts';
import { SCOPES } from '../../src/slack/scopes.ts';
import { createSlack, type SlackConnection, type SlackOptions } from '../../src/slack/slack.ts';
import type { View } from '../../src/view.ts';

export const clock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal ? { signal } : {}).catch(() => undefined),
};

export interface Line {
  level: 'info' | 'warn' | 'error';
  fields: Record<string, unknown>;
  message: string;
}

export function newLog(): Log & { lines: Line[] } {
  const lines: Line[] = [];
  const write = (level: Line['level']) => (fields: object, message: string) => {
    lines.push({ level, fields: { ...fields }, message });
  };
  return { lines, info: write('info'), warn: write('warn'), error: write('error') };
}

/** What was asked of the core, in order, and answers that a test sets. */
export interface FakeDesk extends Desk {
  asked: Asked[];
  clicks: Click[];
  reply(asked: Asked): Reply | Promise<Reply>;
  verdict(click: Click): string | undefined | Promise<string | undefined>;
}

export function newDesk(): FakeDesk {
  const desk: FakeDesk = {
    asked: [],
    clicks: [],
    reply: () => ({ kind: 'recorded', change: 'mc-1' }),
    verdict: () => undefined,
    async ask(asked) {
      desk.asked.push(asked);
      return desk.reply(asked);
    },
    async click(click) {
      desk.clicks.push(click);
      return desk.verdict(click);
    },
    form: () => ({ verbs: [{ verb: 'shift', summary: 'Move traffic' }] }),
    line: (verb, chosen) => [verb, ...Object.values(chosen)].join(' '),
    home: async person => saying(`Home of ${person}`),
    refusal: async () => undefined,
  };
  return desk;
}

export function saying(text: string): View {
  return { text, parts: [{ kind: 'text', text }] };
}

export interface Setup {
  slack: LocalSlack;
  desk: FakeDesk;
  connection: SlackConnection;
  log: ReturnType<typeof newLog>;
}

/** Everything is closed when the test ends. */
export async function connected(
  options: Partial<SlackOptions> = {},
  local: LocalOptions = {},
  before?: (slack: LocalSlack) => void,
): Promise<Setup> {
  const slack = await startSlack({ scopes: SCOPES, ...local });
  onTestFinished(() => slack.close());
  before?.(slack);
  const log = newLog();
  const desk = newDesk();
  const connection = await createSlack({
    credentials: { kind: 'socket', botToken: slack.botToken, appToken: slack.appToken },
    apiUrl: slack.apiUrl,
    teams: [],
    clock,
    log,
    editGap: 20,
    ...options,
  });
  connection.listen(desk);
  await connection.start();
  onTestFinished(() => connection.stop());
  return { slack, desk, connection, log };
}

/** All text that people read in something's blocks. */
export function words(value: unknown): string {
  if (typeof value === 'string') return '';
  if (Array.isArray(value)) return value.map(words).join(' ');
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([key, inside]) => (key === 'text' && typeof inside === 'string' ? inside : words(inside)))
    .join(' ');
}
