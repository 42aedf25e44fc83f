/** Which calls the app made: a log to count, that can be switched off. */
import type { JsonObject } from '../../object.ts';

interface LoggedRequest {
  /** Epoch ms. */
  at: number;
  /** Like 'chat.postMessage'; 'response_url', 'upload'. */
  method: string;
  /** Without the token. */
  args: JsonObject;
  status: number;
  /** Slack's code where it was refused. */
  error?: string;
}

const KEPT = 20_000;

export interface Requests {
  /** Switch off where a long run would only fill memory. */
  recording: boolean;
  readonly list: readonly LoggedRequest[];
  /** How many since the start or the last `clear`, of one method or of all; counted while recording is off, too. */
  count(method?: string): number;
  clear(): void;
  add(request: LoggedRequest): void;
}

export function newRequests(): Requests {
  let list: LoggedRequest[] = [];
  const counts = new Map<string, number>();
  return {
    recording: true,
    get list() {
      return list;
    },
    count: method =>
      method === undefined ? [...counts.values()].reduce((sum, n) => sum + n, 0) : (counts.get(method) ?? 0),
    clear() {
      list = [];
      counts.clear();
    },
    add(request) {
      counts.set(request.method, (counts.get(request.method) ?? 0) + 1);
      if (!this.recording) return;
      if (list.length >= KEPT) list = list.slice(KEPT / 2);
      list.push(request);
    },
  };
}
