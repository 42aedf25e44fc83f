/** The log: pino's JSON lines, without anything that could be used against us. */
import pino from 'pino';
import type { Log } from '../ports.ts';
import { redact } from '../slack/logger.ts';

/** A field of any object at any depth that holds something to be used, by its name. */
const FIELD =
  /("(?:[\w-]*(?:token|secret|password|authorization|cookie)|response_url|trigger_id)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi;

/** Credentials that got into a message all the same: Kubernetes tokens, and whatever a header carries. */
const CREDENTIALS: [RegExp, string][] = [
  [/(?<![\w-])eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, '[token]'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, '$1 [token]'],
  [/\bhooks\.slack\.com\/[^\s"']+/g, '[address]'],
];

function withoutSecrets(line: string): string {
  const named = line.replace(FIELD, '$1"[redacted]"');
  return redact(CREDENTIALS.reduce((shown, [secret, instead]) => shown.replace(secret, instead), named));
}

export function newLog(level: string, destination?: pino.DestinationStream): Log {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: label => ({ level: label }) },
    // The line as it is written, so that no nesting and no spelling escapes it.
    hooks: { streamWrite: withoutSecrets },
  };
  return destination ? pino(options, destination) : pino(options, pino.destination(2));
}
