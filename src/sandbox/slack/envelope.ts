/** What goes to the app and what comes back, whichever way it is carried. */
import type { JsonObject } from '../../object.ts';
import type { EnvelopeType } from './faults.ts';

export interface Envelope {
  type: EnvelopeType;
  payload: JsonObject;
  /** Is the answer's payload looked at? */
  acceptsAnswer: boolean;
}

/** How the app answered within three seconds. */
export type Answer =
  /** An empty acknowledgement has no payload. */
  { ok: true; payload?: JsonObject } | { ok: false; why: 'dispatch_failed' | 'operation_timeout' | 'http_error' };

/** Of the second and later tries of an event. */
export interface Retry {
  attempt: number;
  reason: string;
}

export interface Carrier {
  /** Is anybody there? */
  connected(): boolean;
  carry(envelope: Envelope, retry?: Retry): Promise<Answer>;
}
