/** What was asked of the server, so that tests and benchmarks can count reads, dry runs and writes. */
import type { Addressed } from './path.ts';

export interface LoggedRequest {
  method: string;
  /** Without the query. */
  path: string;
  query: Record<string, string>;
  /** get, list, watch, create, update, patch, delete, deletecollection. */
  verb: string;
  /** '' for what is no object: discovery and the like. */
  group: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
  dryRun: boolean;
  /** HTTP status; undefined while it is not answered, and when it never was. */
  status?: number;
}

/** Kept at most, the oldest dropped first. */
const LONGEST = 100_000;

export class RequestLog {
  #requests: LoggedRequest[] = [];
  #on = true;

  add(request: {
    method: string;
    path: string;
    query: URLSearchParams;
    verb: string;
    address: Addressed | undefined;
    dryRun: boolean;
  }): LoggedRequest {
    const { method, path, query, verb, address, dryRun } = request;
    const entry: LoggedRequest = {
      method,
      path,
      query: Object.fromEntries(query),
      verb,
      group: address?.resource.group ?? '',
      resource: address?.resource.plural ?? '',
      subresource: address?.subresource ?? '',
      namespace: address?.namespace ?? '',
      name: address?.name ?? '',
      dryRun,
    };
    if (!this.#on) return entry;
    this.#requests.push(entry);
    if (this.#requests.length > 2 * LONGEST) this.#requests = this.#requests.slice(LONGEST);
    return entry;
  }

  all(): LoggedRequest[] {
    return [...this.#requests];
  }

  clear(): void {
    this.#requests = [];
  }

  record(on: boolean): void {
    this.#on = on;
  }
}
