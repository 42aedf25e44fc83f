/** What is sent back: made first, sent once. */
import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../../object.ts';
import { ApiError } from './status-errors.ts';

/** An answer that is not yet sent. */
export interface Answer {
  code: number;
  type?: string;
  body: string;
  warnings?: string[];
  retryAfter?: number | undefined;
}

export function json(code: number, body: JsonObject, type?: string): Answer {
  return { code, body: JSON.stringify(body), ...(type ? { type } : {}) };
}

export function maybe(body: JsonObject | undefined): Answer {
  return body ? json(200, body) : notServed();
}

/** For a path that no API is at, kube-apiserver answers in plain text. */
export function notServed(): Answer {
  return { code: 404, type: 'text/plain; charset=utf-8', body: '404 page not found\n' };
}

export function errorAnswer(error: unknown): Answer {
  const known =
    error instanceof ApiError
      ? error
      : new ApiError(
          500,
          'InternalError',
          `Internal error occurred: ${error instanceof Error ? error.message : error}`,
        );
  return { ...json(known.code, known.status()), retryAfter: known.retryAfter };
}

export function send(response: ServerResponse, { code, type, body, warnings, retryAfter }: Answer): void {
  if (response.destroyed) return;
  response.statusCode = code;
  response.setHeader('content-type', type ?? 'application/json');
  response.setHeader('cache-control', 'no-cache, private');
  if (warnings?.length) {
    response.setHeader(
      'warning',
      warnings.map(warning => `299 - ${JSON.stringify(warning.replace(/[^\x20-\x7e]/g, '?'))}`),
    );
  }
  if (retryAfter !== undefined) response.setHeader('retry-after', String(retryAfter));
  response.end(body);
}
