/** Gives the app what happened, over sockets or HTTP; events are tried again when nobody acknowledges them. */
import type { Clock } from '../../ports.ts';
import type { Answer, Carrier, Envelope } from './envelope.ts';

export interface Delivery {
  connected(): boolean;
  /** A command or interaction: one try, answered or not. */
  ask(envelope: Envelope): Promise<Answer>;
  /** An event: told in the background, again after each of `retries`. */
  tell(envelope: Envelope): void;
  /** Switches the way: sockets, or a request URL. */
  use(carrier: Carrier): void;
  close(): void;
}

/** ms before the second, third and fourth try, as Slack has it. */
export const EVENT_RETRIES: readonly number[] = [0, 60_000, 300_000];

const REASONS = {
  operation_timeout: 'http_timeout',
  dispatch_failed: 'connection_failed',
  http_error: 'http_error',
} as const;

export function newDelivery(first: Carrier, retries: readonly number[], clock: Clock): Delivery {
  let carrier = first;
  const closing = new AbortController();
  const attempt = async (envelope: Envelope, number: number, reason: string) => {
    if (closing.signal.aborted) return;
    const answer = await carrier.carry(envelope, number > 0 ? { attempt: number, reason } : undefined);
    const wait = retries[number];
    if (answer.ok || wait === undefined) return;
    await clock.sleep(wait, closing.signal);
    await attempt(envelope, number + 1, REASONS[answer.why]);
  };
  return {
    connected: () => carrier.connected(),
    ask: envelope => carrier.carry(envelope),
    tell(envelope) {
      void attempt(envelope, 0, '');
    },
    use(other) {
      carrier = other;
    },
    close: () => closing.abort(),
  };
}
