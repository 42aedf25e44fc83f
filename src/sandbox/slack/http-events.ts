/** Events over HTTP: each signed and sent to the app's request URL, as Slack does without Socket Mode. */
import { createHmac } from 'node:crypto';
import type { JsonObject } from '../../object.ts';
import type { Answer, Carrier, Envelope, Retry } from './envelope.ts';
import { type Faults, fitsEnvelope } from './faults.ts';
import { secret } from './ids.ts';
import { isObject, parseJson } from './json.ts';
import type { Changes } from './listeners.ts';

export interface HttpEvents extends Carrier {
  /** Asks the URL to echo a challenge, as Slack does before it takes an address. */
  verify(): Promise<boolean>;
}

export function newHttpEvents(options: {
  url: string;
  signingSecret: string;
  faults: Faults;
  changes: Changes;
  ackTimeout: number;
}): HttpEvents {
  const { url, signingSecret, faults, changes, ackTimeout } = options;
  let verified = false;

  const post = (body: string, contentType: string, retry?: Retry) => {
    // The app checks the age of the timestamp by its own clock, so this is the machine's.
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
    const headers: Record<string, string> = {
      'content-type': contentType,
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    };
    if (retry) {
      headers['x-slack-retry-num'] = String(retry.attempt);
      headers['x-slack-retry-reason'] = retry.reason;
    }
    return fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: AbortSignal.timeout(ackTimeout) });
  };
  const send = async (envelope: Envelope, retry?: Retry): Promise<Answer> => {
    const [body, contentType] = written(envelope);
    try {
      const response = await post(body, contentType, retry);
      const text = await response.text();
      if (!response.ok) return { ok: false, why: 'http_error' };
      if (!envelope.acceptsAnswer || text.trim() === '') return { ok: true };
      const json = parseJson(text);
      return { ok: true, payload: isObject(json) ? json : { text } };
    } catch (error) {
      const late = error instanceof DOMException && error.name === 'TimeoutError';
      return { ok: false, why: late ? 'operation_timeout' : 'dispatch_failed' };
    }
  };

  const events: HttpEvents = {
    connected: () => verified,
    async verify() {
      const challenge = secret(20);
      try {
        const response = await post(
          JSON.stringify({ token: secret(12), challenge, type: 'url_verification' }),
          'application/json',
        );
        const text = await response.text();
        const json = parseJson(text);
        verified = response.ok && (text === challenge || (isObject(json) && json.challenge === challenge));
      } catch {
        verified = false;
      }
      changes.tell({ type: 'connected', connected: verified });
      return verified;
    },
    async carry(envelope, retry) {
      if (!verified && !(await events.verify())) return { ok: false, why: 'dispatch_failed' };
      const fits = fitsEnvelope(envelope.type);
      if (faults.take('disconnect', fault => fault.when === 'before' && fits(fault))) {
        return { ok: false, why: 'dispatch_failed' };
      }
      const twice = faults.take('duplicate', fits);
      const lost = faults.take('disconnect', fault => fault.when === 'after' && fits(fault));
      const answers = await Promise.all([send(envelope, retry), ...(twice ? [send(envelope, retry)] : [])]);
      return lost ? { ok: false, why: 'operation_timeout' } : answers[0]!;
    },
  };
  return events;
}

/** Body and content type: commands as form fields, interactions as JSON in a form field, events as JSON. */
function written({ type, payload }: Envelope): [string, string] {
  const form = (fields: Record<string, string>) =>
    [new URLSearchParams(fields).toString(), 'application/x-www-form-urlencoded'] as [string, string];
  if (type === 'slash_commands') return form(strings(payload));
  if (type === 'interactive') return form({ payload: JSON.stringify(payload) });
  return [JSON.stringify(payload), 'application/json'];
}

function strings(payload: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, String(value)]));
}
