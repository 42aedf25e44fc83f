/** Faults that tests switch on: what the next requests that match meet instead of an answer. */
import { ApiError } from './status-errors.ts';

export type Fault =
  /** The connection breaks before anything is done. */
  | { kind: 'reset' }
  /** The connection breaks after the request was carried out. */
  | { kind: 'reset-after-commit' }
  /** 409, as if somebody else had written first. Nothing is done. */
  | { kind: 'conflict' }
  /** 429. `retryAfter` in s. */
  | { kind: 'throttle'; retryAfter?: number }
  /** 403, as by an admission webhook; one that knows no dry runs where the match says so. Nothing is done. */
  | { kind: 'denied' }
  /** 500. Nothing is done. */
  | { kind: 'error' }
  /** 504 after the request was carried out. */
  | { kind: 'timeout-after-commit' }
  /** No answer, ever; the request is not carried out. */
  | { kind: 'silence' }
  /** Carried out and never answered. */
  | { kind: 'silence-after-commit' }
  /** Answered as usual, `ms` later. */
  | { kind: 'delay'; ms: number };

export interface FaultMatch {
  /** How many requests; Infinity until cleared. 1 when left out. */
  times?: number;
  method?: string;
  /** Tested against the path without its query. */
  path?: RegExp;
  /** Only (true) or never (false) watches. */
  watch?: boolean;
  /** Only (true) or never (false) dry runs. */
  dryRun?: boolean;
}

export interface Faults {
  /** The returned function takes it back. The first fault that matches a request is used. */
  inject(fault: Fault, match?: FaultMatch): () => void;
  /** How many of the injected have not been met yet. */
  pending(): number;
  clear(): void;
  /**
   * Ends every watch: 'end' as after a timeout, 'reset' as by a broken connection, 'stall' as by a half-open one: it stays
   * and nothing comes any more. Says how many there were.
   */
  dropWatches(how?: 'end' | 'reset' | 'stall'): number;
  /** Forgets all past versions: a watch or a continued list from an older one gets 410. */
  compact(): void;
}

export interface FaultRequest {
  method: string;
  path: string;
  watch: boolean;
  dryRun: boolean;
}

export class FaultBook {
  #injected: { fault: Fault; match: FaultMatch; left: number }[] = [];

  inject(fault: Fault, match: FaultMatch = {}): () => void {
    const entry = { fault, match, left: match.times ?? 1 };
    this.#injected.push(entry);
    return () => {
      this.#injected = this.#injected.filter(each => each !== entry);
    };
  }

  pending(): number {
    return this.#injected.reduce((sum, { left }) => sum + left, 0);
  }

  clear(): void {
    this.#injected = [];
  }

  /** The fault that this request meets, if any; it is used up by that. */
  take(request: FaultRequest): Fault | undefined {
    const found = this.#injected.find(({ match }) => matches(match, request));
    if (!found) return undefined;
    found.left -= 1;
    if (found.left <= 0) this.#injected = this.#injected.filter(each => each !== found);
    return found.fault;
  }
}

function matches({ method, path, watch, dryRun }: FaultMatch, request: FaultRequest): boolean {
  if (method !== undefined && method.toUpperCase() !== request.method) return false;
  if (watch !== undefined && watch !== request.watch) return false;
  if (dryRun !== undefined && dryRun !== request.dryRun) return false;
  // A global regular expression would remember where it stopped.
  return path === undefined || new RegExp(path.source, path.flags.replace(/[gy]/g, '')).test(request.path);
}

/** The refusal that stands for a fault, where it is one. */
export function refusal(fault: Fault): ApiError | undefined {
  switch (fault.kind) {
    case 'conflict':
      return new ApiError(
        409,
        'Conflict',
        'Operation cannot be fulfilled: the object has been modified; please apply your changes to the latest version and try again',
      );
    case 'throttle':
      return new ApiError(
        429,
        'TooManyRequests',
        'the server has received too many requests and has asked us to try again later',
        { retryAfterSeconds: fault.retryAfter ?? 1 },
        fault.retryAfter ?? 1,
      );
    case 'denied':
      return new ApiError(403, 'Forbidden', 'admission webhook "policy.example.com" denied the request', {});
    case 'error':
      return new ApiError(500, 'InternalError', 'Internal error occurred: injected fault', {
        causes: [{ message: 'injected fault' }],
      });
    case 'timeout-after-commit':
      return new ApiError(504, 'Timeout', 'Timeout: request did not complete within the allotted timeout', {});
    default:
      return undefined;
  }
}
