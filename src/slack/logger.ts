/** Bolt's logger on top of ours, with tokens and one-time addresses taken out. */
import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../ports.ts';

/** Tokens, response_urls, trigger_ids and socket tickets: whoever reads the log must not be able to use them. */
const SECRETS: [RegExp, string][] = [
  [/\bx(?:ox[a-z]|app|oxe\.xox[a-z])-[A-Za-z0-9-]+/g, '[token]'],
  [
    /\b(?:https?|wss?):\/\/[^\s"')]*(?:\/(?:actions|commands|app|respond|services)\/|[?&]ticket=)[^\s"')]*/g,
    '[address]',
  ],
  [/\b\d{8,}\.\d{6,}\.[0-9a-f]{16,}\b/g, '[trigger]'],
];

export function redact(text: string): string {
  return SECRETS.reduce((shown, [secret, instead]) => shown.replace(secret, instead), text);
}

/** `debug` is dropped: web-api prints whole requests there. */
export function boltLogger(log: Log): Logger {
  const say =
    (write: Log['info']) =>
    (...parts: unknown[]) => {
      write(
        { said: redact(parts.map(part => (part instanceof Error ? part.message : String(part))).join(' ')) },
        'slack library',
      );
    };
  return {
    debug() {},
    info: say((fields, message) => log.info(fields, message)),
    warn: say((fields, message) => log.warn(fields, message)),
    error: say((fields, message) => log.error(fields, message)),
    setLevel() {},
    setName() {},
    getLevel: () => LogLevel.INFO,
  };
}
