/** Lets the faults that are switched on happen to a call, before or after it is done, and logs what it came to. */
import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../../../object.ts';
import { fitsCall } from '../faults.ts';
import type { Hub } from '../hub.ts';
import { isObject, stringIn } from '../json.ts';

export interface Outcome {
  status: number;
  body: JsonObject | string;
  headers?: Record<string, string>;
}

interface Call {
  method: string;
  channel: string | undefined;
  args: JsonObject;
}

/** `done` does the call; `send` writes its outcome, or that of a fault. */
export async function withFaults(
  hub: Hub,
  call: Call,
  response: ServerResponse,
  done: () => Outcome,
  send: (response: ServerResponse, outcome: Outcome) => void,
): Promise<void> {
  const { faults } = hub;
  const fits = fitsCall(call.method, call.channel);
  const log = (status: number, error?: string) =>
    hub.requests.add({
      at: hub.clock.now(),
      method: call.method,
      args: call.args,
      status,
      ...(error ? { error } : {}),
    });
  const troubled = (when: 'before' | 'after'): boolean => {
    if (faults.take('hang', fault => fault.when === when && fits(fault))) {
      log(0, 'hang');
      return true;
    }
    if (faults.take('reset', fault => fault.when === when && fits(fault))) {
      log(0, 'reset');
      response.socket?.resetAndDestroy();
      return true;
    }
    if (faults.take('unavailable', fault => fault.when === when && fits(fault))) {
      log(503, 'service_unavailable');
      send(response, { status: 503, body: 'upstream connect error or disconnect/reset before headers' });
      return true;
    }
    return false;
  };

  const slow = faults.take('slow', fits);
  if (slow) await hub.time.sleep(slow.ms);
  const tooMany = faults.take('rates', () => true) && hub.rates.take(call.method, call.channel);
  const wait = tooMany ?? faults.take('limited', fits)?.retryAfter;
  if (wait !== undefined) {
    log(429, 'ratelimited');
    const headers = { 'retry-after': String(wait) };
    send(response, { status: 429, body: { ok: false, error: 'ratelimited' }, headers });
    return;
  }
  if (troubled('before')) return;
  const failing = faults.take('error', fits);
  const outcome: Outcome = failing ? { status: 200, body: { ok: false, error: failing.error } } : done();
  if (troubled('after')) return;
  const error = isObject(outcome.body) ? stringIn(outcome.body, 'error') : undefined;
  log(outcome.status, error);
  send(response, outcome);
}
