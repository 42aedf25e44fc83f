/** Events over HTTP: each signed and sent to the app's request URL, as Slack does without Socket Mode. */
import { createHmac } from 'node:crypto';
import type { JsonObject } from '../../object.ts';
import type { Clock } from '../../ports.ts';
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
  clock: Clock;
  fetch: typeof fetch;
}): HttpEvents {
  const { url, signingSecret, faults, changes, ackTimeout, clock } = options;
  let verified = false;

  /** Resolves to the app's answer, read to its end. Rejects with a TimeoutError when it comes too late. */
  const post = async (body: string, contentType: string, retry?: Retry): Promise<{ ok: boolean; text: string }> => {
    // The app checks the age of the timestamp by its own clock, so this is the one that waits, not the one of timestamps.
    const timestamp = String(Math.floor(clock.now() / 1000));
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
    const late = new AbortController();
    const answered = new AbortController();
    void clock.sleep(ackTimeout, answered.signal).then(() => {
      if (!answered.signal.aborted) late.abort(new DOMException('The app did not answer in time', 'TimeoutError'));
    });
    try {
      const { signal } = late;
      const response = await options.fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
      return { ok: response.ok, text: await response.text() };
    } finally {
      // With a reason, or each would make an error, with its stack, that nobody reads.
      answered.abort('answered');
    }
  };
  const send = async (envelope: Envelope, retry?: Retry): Promise<Answer> => {
    const [body, contentType] = written(envelope);
    try {
      const { ok, text } = await post(body, contentType, retry);
      if (!ok) return { ok: false, why: 'http_error' };
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
        const asked = { token: secret(12), challenge, type: 'url_verification' };
        const { ok, text } = await post(JSON.stringify(asked), 'application/json');
        const json = parseJson(text);
        verified = ok && (text === challenge || (isObject(json) && json.challenge === challenge));
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
