/** What is made to go wrong. Each fault can be switched on and off while the local Slack runs. */

/** Which calls of the Web API. Without either: all. */
interface Calls {
  /** Like 'chat.postMessage'; 'response_url' for those, 'upload' for file contents. */
  method?: string;
  channel?: string;
}

/** Which envelopes. Without it: all. */
interface Envelopes {
  envelope?: EnvelopeType;
}

export type EnvelopeType = 'slash_commands' | 'interactive' | 'events_api';

/** `times`: how often before it is over. Without it: until it is removed. */
export type Fault = { times?: number } & (
  | ({
      kind: 'limited';
      /** Seconds, sent as Retry-After with a 429. */
      retryAfter: number;
    } & Calls)
  /** 503. 'after': the call was done all the same. */
  | ({ kind: 'unavailable'; when: 'before' | 'after' } & Calls)
  /** The connection is cut. 'after': the call was done all the same. */
  | ({ kind: 'reset'; when: 'before' | 'after' } & Calls)
  /** ms before the call is looked at. */
  | ({ kind: 'slow'; ms: number } & Calls)
  /** No answer, ever. */
  | ({ kind: 'hang'; when: 'before' | 'after' } & Calls)
  /** Slack's own code: 'edit_window_closed', 'ratelimited', 'internal_error', … */
  | ({ kind: 'error'; error: string } & Calls)
  | { kind: 'token-revoked'; token?: 'bot' | 'app' }
  /** The same envelope comes twice, over two sockets where there are two. */
  | ({ kind: 'duplicate' } & Envelopes)
  /** The socket is taken away in mid-command: 'before' or 'after' the envelope went out over it. */
  | ({ kind: 'disconnect'; when: 'before' | 'after' } & Envelopes)
  | { kind: 'too-many-websockets' }
  /** Slack's own rate limits hold: 429 for what is too many. */
  | { kind: 'rates' }
);

type Kind = Fault['kind'];
type FaultOf<K extends Kind> = Extract<Fault, { kind: K }>;

export interface Faults {
  /** Returns what removes it. */
  add(fault: Fault): () => void;
  clear(): void;
  list(): Fault[];
  /** The first fault of this kind that fits, counted as used once. */
  take<K extends Kind>(kind: K, fits: (fault: FaultOf<K>) => boolean): FaultOf<K> | undefined;
}

export function newFaults(): Faults {
  let active: { fault: Fault; left: number }[] = [];
  return {
    add(fault) {
      const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
      active.push(entry);
      return () => {
        active = active.filter(other => other !== entry);
      };
    },
    clear() {
      active = [];
    },
    list: () => active.map(({ fault, left }) => (Number.isFinite(left) ? { ...fault, times: left } : fault)),
    take<K extends Kind>(kind: K, fits: (fault: FaultOf<K>) => boolean) {
      for (const entry of active) {
        if (entry.fault.kind !== kind) continue;
        const fault = entry.fault as FaultOf<K>;
        if (!fits(fault)) continue;
        entry.left -= 1;
        if (entry.left <= 0) active = active.filter(other => other !== entry);
        return fault;
      }
      return undefined;
    },
  };
}

/** Does a fault that names calls mean this one? */
export function fitsCall(method: string, channel: string | undefined): (fault: Calls) => boolean {
  return fault =>
    (fault.method === undefined || fault.method === method) &&
    (fault.channel === undefined || fault.channel === channel);
}

export function fitsEnvelope(type: EnvelopeType): (fault: Envelopes) => boolean {
  return fault => fault.envelope === undefined || fault.envelope === type;
}
