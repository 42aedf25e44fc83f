/** The log: pino's JSON lines, without anything that could be used against us. */
import pino from 'pino';
import type { Log } from '../ports.ts';

const SECRETS = [
  'token',
  'botToken',
  'appToken',
  'signingSecret',
  'response_url',
  'trigger_id',
  'authorization',
  'password',
];

/** Tokens that got into a message or a URL all the same. */
const TOKEN = /\b(xox[a-z]-|xapp-)[A-Za-z0-9-]+|hooks\.slack\.com\/[^\s"']+/g;

export function newLog(level: string, destination?: pino.DestinationStream): Log {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: label => ({ level: label }) },
    redact: { paths: SECRETS.flatMap(name => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
    hooks: { streamWrite: line => line.replace(TOKEN, '[redacted]') },
  };
  return destination ? pino(options, destination) : pino(options, pino.destination(2));
}
